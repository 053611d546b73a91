"""Values and attribute paths as Terraform writes them, short enough for a table."""

import json
from collections.abc import Iterable
from typing import Any

from fivetabs.core import quoted, term
from fivetabs.core.patterns import Pattern

SENSITIVE = "<sensitive>"
UNKNOWN = "(known after apply)"
WHOLE = 2000
"""Characters of a value where it is told for its own sake."""
LINE = 240
"""Characters of a value where every difference has a line of its own."""
BRIEF = 60
"""Characters of a value in a row among others."""
_LEAD = 12
_OURS = frozenset({SENSITIVE, UNKNOWN, "", "?", '""', "[]", "{}"})
_ENDLESS = 6000
_KEYS = Pattern(r"\[(?:\d+|\"(?:[^\"\\]|\\.){0,500}\")\]")


def show(value: Any, longest: int = BRIEF) -> str:
    """A value on one line, cut when long; a very long one says how long it is."""
    text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
    if isinstance(value, str) and (not text.isprintable() or not text or text != text.strip()):
        text = json.dumps(text, ensure_ascii=False)
    if len(text) <= longest:
        return text
    size = f" ({len(text)} characters)" if len(text) > WHOLE else ""
    return f"{text[: longest - 1]}…{size}"


def show_both(before: Any, after: Any, longest: int = BRIEF) -> tuple[str, str]:
    """Two values; of two long ones the part in which they differ."""
    one, two = show(before, 10**8), show(after, 10**8)
    if max(len(one), len(two)) <= longest:
        return one, two
    same = next(
        (i for i, (a, b) in enumerate(zip(one, two, strict=False)) if a != b),
        min(len(one), len(two)),
    )
    start = max(0, same - _LEAD)
    return _window(one, start, longest), _window(two, start, longest)


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


def _window(text: str, start: int, longest: int) -> str:
    end = start + longest
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")


def worded(value: str) -> str:
    """A shown value as it is told: names, numbers and our own words bare, anything else quoted."""
    return value if _calm(value) else quoted(value)


def worded_both(before: str, after: str) -> str:
    """`t3.small → m5.large`, in one quote if either needs it."""
    told = f"{before} → {after}"
    return told if _calm(before) and _calm(after) else quoted(told)


def _calm(value: str) -> bool:
    bare = value.strip("…")
    return bare in _OURS or term(bare) == bare


def place(address: str) -> str:
    """An address or a path as it is told: its keys may be anybody's prose, and are quoted then."""
    calm = address.isascii() and address.isprintable() and not set(address) & set(" <>")
    return address if calm and len(address) <= _ENDLESS else quoted(address)


def without_keys(address: str) -> str:
    """`module.web[*].aws_instance.node[*]` of an address, whatever its keys."""
    return _KEYS.sub("[*]", address)


def many(count: int, noun: str) -> str:
    """`1 output`, `2 outputs`."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
