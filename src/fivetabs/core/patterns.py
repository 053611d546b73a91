"""Regular expressions that are compiled when they are first used: the start pays for none."""

import re
from collections.abc import Callable, Iterator
from functools import cached_property

_Match = re.Match[str]


class Pattern:
    """A regular expression with the methods of `re.Pattern` that this project uses.

    For our own fixed patterns; what a caller writes goes through RE2 (`core.logs.patterns`).
    """

    def __init__(self, source: str, flags: int | re.RegexFlag = 0) -> None:
        self.pattern = source
        self.flags = flags

    @cached_property
    def ready(self) -> re.Pattern[str]:
        """The compiled pattern."""
        return re.compile(self.pattern, self.flags)

    def search(self, text: str) -> _Match | None:
        """The first match anywhere."""
        return self.ready.search(text)

    def match(self, text: str) -> _Match | None:
        """A match at the start."""
        return self.ready.match(text)

    def fullmatch(self, text: str) -> _Match | None:
        """A match of all of it."""
        return self.ready.fullmatch(text)

    def finditer(self, text: str) -> Iterator[_Match]:
        """Every match."""
        return self.ready.finditer(text)

    def findall(self, text: str) -> list[str]:
        """The text, or the one group, of every match."""
        return self.ready.findall(text)

    def split(self, text: str, maxsplit: int = 0) -> list[str]:
        """The pieces between the matches."""
        return [piece or "" for piece in self.ready.split(text, maxsplit)]

    def sub(self, replacement: str | Callable[[_Match], str], text: str, count: int = 0) -> str:
        """The text with every match replaced."""
        return self.ready.sub(replacement, text, count)
