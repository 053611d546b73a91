"""Bytes into lines, wherever the chunks are cut, in memory bounded by the longest line kept."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from fivetabs.core.logs.sources import Line

LONGEST_LINE = 4096
"""Bytes of a line that are kept; the rest is counted."""

_LONGEST_STAMP = 64
_MOST_HELD = LONGEST_LINE + _LONGEST_STAMP


def plain(text: bytes) -> Line:
    """A line of a backend that tells no times."""
    return None, text


def stamped(text: bytes) -> Line:
    """A line with an RFC 3339 time and a space in front; the whole line where there is none."""
    head, space, rest = text.partition(b" ")
    try:
        when = datetime.fromisoformat(head.decode("ascii"))
    except ValueError:
        return None, text
    if not space and len(head) <= len(b"2026-01-01"):
        return None, text
    return when if when.tzinfo else when.replace(tzinfo=UTC), rest


@dataclass(slots=True)
class Splitter:
    """Lines end in LF or CR LF; the last one need not end.

    Of a line that is longer than any that is kept only its head is held; `cut` counts the rest.
    `held` is how many bytes of an unfinished line wait for their end.
    """

    read_line: Callable[[bytes], Line] = plain
    cut: int = 0
    _rest: list[bytes] = field(default_factory=list[bytes])
    held: int = 0

    def feed(self, chunk: bytes) -> list[Line]:
        """The lines that end in this chunk."""
        first, *whole = chunk.split(b"\n")
        self._hold(first)
        if not whole:
            return []
        last = whole.pop()
        read_line = self.read_line
        lines = [self._begun()]
        lines += [
            read_line(line[:-1] if line[-1:] == b"\r" else line)
            if len(line) <= _MOST_HELD
            else self._headed(line)
            for line in whole
        ]
        self._hold(last)
        return lines

    def close(self) -> list[Line]:
        """The line that was not ended, if there is one."""
        return [self._begun()] if self._rest else []

    def _hold(self, piece: bytes) -> None:
        room = _MOST_HELD - self.held
        if len(piece) > room:
            self.cut += len(piece) - room
            piece = piece[:room]
        if piece:
            self._rest.append(piece)
            self.held += len(piece)

    def _begun(self) -> Line:
        line = b"".join(self._rest)
        self._rest.clear()
        self.held = 0
        return self.read_line(line.removesuffix(b"\r"))

    def _headed(self, line: bytes) -> Line:
        self.cut += len(line) - _MOST_HELD
        return self.read_line(line[:_MOST_HELD])
