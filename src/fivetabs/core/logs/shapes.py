"""The shape of a line: what is left of it when numbers, ids and the like are taken out."""

import re
from dataclasses import dataclass, field

from fivetabs.core.logs.levels import ERROR, Judge
from fivetabs.core.logs.messages import message_in

ANY = "<*>"
_HOLE = ANY.encode()
_DIGITS = b"0123456789"
_VALUES = re.compile(
    rb"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}"
    rb"|0x[0-9A-Fa-f]+|[0-9A-Fa-f]{8,}|[0-9]+(?:[.:,\-/][0-9]+)*"
)
_LONGEST = 512
# The tree takes a word with a digit in it for a parameter, and these numbers are none.
_SPELLED = str.maketrans("0123456789", "abcdefghij")
_MOST_WORDS = 48


@dataclass(frozen=True, slots=True)
class Shape:
    """`words` begin with the level and the numbers that matter; equal words, equal shape."""

    words: str
    level: str
    odd: bool


def digitless(line: bytes) -> bytes:
    """The quickest key there is: the line without its digits."""
    return line.translate(None, _DIGITS)


def masked(line: bytes) -> bytes:
    """The line with a hole for each number, id, address and time."""
    return _VALUES.sub(_HOLE, line)


@dataclass(slots=True)
class Shaper:
    """Finds the shapes of lines."""

    judge: Judge = field(default_factory=Judge)

    def numbers(self, line: bytes) -> str | None:
        """The numbers of a line that tell it from others of its shape; None where none may."""
        return self.judge.numbers(line)

    def shape(self, line: bytes, holed: bytes, numbers: str | None) -> Shape:
        """The shape of an entry: of its message and level where it is JSON or logfmt.

        `holed` is the whole line with its values masked.
        """
        said = message_in(line)
        text = said.text if said else line
        level, odd = self.judge.level(text)
        if said is not None:
            holed = masked(text[:_LONGEST])
            if said.level:
                level, odd = said.level, odd or (level == ERROR and said.level != ERROR)
        words = holed[:_LONGEST].decode("utf-8", "replace").split(None, _MOST_WORDS)
        mark = f"{level or '-'}:{(numbers or '').translate(_SPELLED)}"
        return Shape(" ".join([mark, *words[:_MOST_WORDS]]), level, odd)
