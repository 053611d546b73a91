"""Values and attribute paths as Terraform writes them, short enough for a table."""

import json
from collections.abc import Iterable
from typing import Any

UNKNOWN = "(known after apply)"
_LONGEST = 60
_LEAD = 12


def show(value: Any, longest: int = _LONGEST) -> str:
    """A value on one line, cut when long."""
    text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
    if isinstance(value, str) and (not text.isprintable() or not text or text != text.strip()):
        text = json.dumps(text, ensure_ascii=False)
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def show_both(before: Any, after: Any) -> tuple[str, str]:
    """Two values; of two long ones the part in which they differ."""
    one, two = show(before, 10**6), show(after, 10**6)
    if max(len(one), len(two)) <= _LONGEST:
        return one, two
    same = next(
        (i for i, (a, b) in enumerate(zip(one, two, strict=False)) if a != b),
        min(len(one), len(two)),
    )
    start = max(0, same - _LEAD)
    return _window(one, start), _window(two, start)


def show_path(path: Iterable[str | int]) -> str:
    """`tags.Name`, `ebs_block_device[0].size`, `labels["app.kubernetes.io/name"]`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif step.replace("-", "_").isidentifier():
            text += f".{step}" if text else step
        else:
            text += f"[{json.dumps(step)}]"
    return text


def _window(text: str, start: int) -> str:
    cut = text[start : start + _LONGEST]
    return ("…" if start else "") + cut + ("…" if start + _LONGEST < len(text) else "")


def many(count: int, noun: str) -> str:
    """`1 output`, `2 outputs`."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
