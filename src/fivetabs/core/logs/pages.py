"""The lines of one page, kept while a log goes by: page 1 holds the newest."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import merge
from operator import itemgetter

from fivetabs.core.logs.streams import Record
from fivetabs.core.logs.wishes import LINES

LONG = 200
"""More matching lines than this are clustered, unless a number of lines was asked for."""

OF_LONG = 15
MOST_KEPT = 5000


@dataclass(frozen=True, slots=True)
class Window:
    """Which lines a page holds, counted from the newest: `count` after leaving out `offset`."""

    offset: int
    count: int

    @classmethod
    def of(cls, page: int, lines: int, matched: int) -> "Window":
        """Of a page; with `lines` 0 the first page of a long log is short, the others usual."""
        size = lines or LINES
        first = OF_LONG if not lines and matched > LONG else size
        return cls(0, first) if page == 1 else cls(first + (page - 2) * size, size)


@dataclass(slots=True)
class Page:
    """Keeps the newest `most` records; or, of a second reading, those from `low` up to `high`."""

    most: int
    low: int = 0
    high: int = -1
    seen: int = 0
    kept: deque[Record] = field(default_factory=deque[Record])
    before: list[list[Record]] = field(default_factory=list[list[Record]])

    def extend(self, records: Sequence[Record]) -> None:
        """More matching lines, in order."""
        if self.high < 0:
            self.kept.extend(records[-self.most :] if self.most else ())
        else:
            low, high = (max(0, at - self.seen) for at in (self.low, self.high))
            self.kept.extend(records[low:high])
        self.seen += len(records)
        while len(self.kept) > self.most:
            self.kept.popleft()

    def next_round(self) -> None:
        """Other sources follow, whose lines may be older than those kept."""
        self.before.append(list(self.kept))
        self.kept.clear()

    def lines(self, window: Window) -> list[Record]:
        """The records of the page, oldest first."""
        every = list(merge(*self.before, self.kept, key=itemgetter(0)))
        if self.high >= 0:
            return every
        end = len(every) - window.offset
        return every[max(0, end - window.count) : max(0, end)]
