"""What Terraform complains about, from its JSON (`plan -json`) and from its boxed text."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fivetabs.core import quoted, term
from fivetabs.core.patterns import Pattern
from fivetabs.providers.terraform.shapes.raw import mapping

_BOX = Pattern(r"^[╷│╵ \t]+", re.MULTILINE)
_COLOUR = Pattern(r"\x1b\[[0-9;]*m")
_PLACE = Pattern(r"^on (?P<file>.+?) line (?P<line>\d+)(?:, in (?P<context>.+))?:$")
_SNIPPET = Pattern(r"^\d+: |^├|^[~^]+$")
_DETAIL = 400


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One error or warning. `place` is `main.tf:12`, empty when it concerns no line."""

    severity: str
    summary: str
    detail: str = ""
    place: str = ""
    address: str = ""

    def __str__(self) -> str:
        where = f"{term(self.place)}: " if self.place else ""
        return where + quoted(self.summary + (f": {self.detail}" if self.detail else ""))


def parse_diagnostic(raw: Mapping[str, Any]) -> Diagnostic:
    """A `diagnostic` of a message, or an entry of `terraform validate -json`."""
    place, line = mapping(raw, "range"), mapping(raw, "range", "start").get("line")
    return Diagnostic(
        severity=str(raw.get("severity", "error")),
        summary=str(raw.get("summary", "")).strip(),
        detail=_short(str(raw.get("detail", ""))),
        place=f"{place['filename']}:{line}" if place.get("filename") and line else "",
        address=str(raw.get("address", "")),
    )


def parse_text(text: str) -> tuple[Diagnostic, ...]:
    """The errors of a command that has no JSON output; any other text is one error."""
    plain = _BOX.sub("", _COLOUR.sub("", text)).strip()
    boxes = tuple(_boxes(plain))
    if boxes or not plain or plain.startswith("Warning: "):
        return boxes
    summary, _, detail = plain.partition(": ")
    return (Diagnostic("error", summary if detail else _short(plain), _short(detail)),)


def _boxes(plain: str) -> Iterator[Diagnostic]:
    for part in re.split(r"^(?=(?:Error|Warning): )", plain, flags=re.MULTILINE):
        head, _, rest = part.partition("\n")
        severity, colon, summary = head.partition(": ")
        if colon and severity == "Error":
            place, lines = "", list[str]()
            for line in rest.splitlines():
                if found := _PLACE.match(line.strip()):
                    place = f"{found['file']}:{found['line']}"
                elif not _SNIPPET.match(line.strip()):
                    lines.append(line)
            yield Diagnostic("error", summary.strip(), _short("\n".join(lines)), place)


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _DETAIL else f"{flat[: _DETAIL - 1]}…"
