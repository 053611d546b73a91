"""Bytes into lines, wherever the chunks are cut, in memory bounded by the longest line kept."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from fivetabs.core.logs.sources import Line

LONGEST_LINE = 4096
"""Bytes of a line that are kept; the rest is counted."""

_Split = Callable[[bytes], Line]


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
    if not space and not head:
        return None, text
    return when if when.tzinfo else when.replace(tzinfo=UTC), rest


@dataclass(slots=True)
class Splitter:
    """Lines end in LF or CR LF; the last one need not end."""

    read_line: _Split = plain
    cut: int = 0
    _rest: list[bytes] = field(default_factory=list[bytes])
    _kept: int = 0

    def feed(self, chunk: bytes) -> list[Line]:
        """The lines that end in this chunk."""
        first, *others = chunk.split(b"\n")
        if not others:
            self._hold(first)
            return []
        lines = [self._made(self._joined(first))]
        *whole, last = others
        lines += [self._made(each) for each in whole]
        self._hold(last)
        return lines

    def close(self) -> list[Line]:
        """The line that was not ended, if there is one."""
        return [self._made(self._joined(b""))] if self._rest else []

    def _hold(self, piece: bytes) -> None:
        if not piece:
            return
        room = max(0, 2 * LONGEST_LINE - self._kept)
        self.cut += max(0, len(piece) - room)
        if room:
            self._rest.append(piece[:room])
            self._kept += len(self._rest[-1])

    def _joined(self, piece: bytes) -> bytes:
        self._hold(piece)
        whole = b"".join(self._rest)
        self._rest.clear()
        self._kept = 0
        return whole

    def _made(self, line: bytes) -> Line:
        if len(line) > LONGEST_LINE:
            self.cut += len(line) - LONGEST_LINE
            line = line[:LONGEST_LINE]
        return self.read_line(line.removesuffix(b"\r"))
