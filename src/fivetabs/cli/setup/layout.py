"""How a JSON file is laid out, so that what is added to it looks as if it had always been there."""

import json
from dataclasses import dataclass
from typing import Any

from fivetabs.cli.setup.reading import Value

_UNIT = "  "
_SPACE = " \t"


@dataclass(frozen=True, slots=True)
class Layout:
    """Its line ends, its step of indentation, whether it is one line, the gap after a colon."""

    end: str
    unit: str
    single: bool
    gap: str

    @classmethod
    def of(cls, text: str, root: Value | None) -> "Layout":
        """As the file shows it; two spaces and a line feed where it shows nothing."""
        end = next((each for each in ("\r\n", "\n", "\r") if each in text), "\n")
        if root is None or not root.members:
            return cls(end, _UNIT, False, " ")
        first = root.members[0]
        own = indent(text, first.start)
        gap = " " if text[first.value.start - 1] in _SPACE else ""
        single = own is None and not has_end(text[root.start : root.end])
        return cls(end, own or _UNIT, single, gap)

    def written(self, value: Any, margin: str) -> str:
        """A value as this file would have it, on a line that is indented so far."""
        if self.single:
            marks = (f",{self.gap}", f":{self.gap}")
            return json.dumps(value, ensure_ascii=False, separators=marks)
        lines = json.dumps(value, ensure_ascii=False, indent=self.unit).split("\n")
        return f"{self.end}{margin}".join(lines)


def has_end(text: str) -> bool:
    """Whether a line ends in it."""
    return "\n" in text or "\r" in text


def indent(text: str, at: int) -> str | None:
    """The space before something that is first on its line; None if it is not, or on the first."""
    start = _line(text, at)
    line = text[start:at]
    return line if start and not line.strip(_SPACE) else None


def margin(text: str, at: int) -> str:
    """How far the line that holds this place is indented."""
    line = text[_line(text, at) : at].removeprefix("\ufeff")
    return line[: len(line) - len(line.lstrip(_SPACE))]


def _line(text: str, at: int) -> int:
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
