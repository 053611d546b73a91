"""Where lines come from: one stream of one writer, as bytes with a parser or as lines."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

Line = tuple[datetime | None, bytes]
"""When the backend got a line (aware, or None where it does not say), and the line without its
line end."""

Pieces = AsyncIterator[bytes | Sequence[Line]]
"""A stream as it comes: chunks of bytes, cut anywhere, or some lines at a time."""


class Parser(Protocol):
    """Makes lines of a stream's bytes, wherever these are cut. It never raises on what it gets."""

    @property
    def cut(self) -> int:
        """How many bytes of overlong lines were left out so far."""
        ...

    def feed(self, chunk: bytes) -> list[Line]:
        """The lines that end in this chunk."""
        ...

    def close(self) -> list[Line]:
        """The line that was not ended, if there is one."""
        ...


@dataclass(frozen=True, slots=True)
class Source:
    """One stream of a log.

    `open(most)` begins to read its newest `most` lines (0: whatever there is), oldest of them
    first; it may be called again. It may give more or fewer lines, and raises a `Fault` when the
    backend cannot be asked. `label` stands before the lines where there are several sources.
    `parser` makes the parser of one reading. `new_since` is when its present run or rollout began.
    Sources of one `lane` (if it is named) are read one after the other, in the order given.
    """

    label: str
    open: Callable[[int], Pieces]
    parser: Callable[[], Parser] | None = None
    new_since: datetime | None = None
    lane: str = ""
