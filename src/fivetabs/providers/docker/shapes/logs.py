"""A container's log as the engine sends it, into lines.

Source: Docker Engine API, "Stream format": without a TTY each frame has a header of 8 bytes, the
stream (0 stdin, 1 stdout, 2 stderr), three zero bytes and the payload's length, big-endian. With a
TTY the bytes come raw. A line longer than 16 kB arrives in several frames, each with its own time.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from fivetabs.core.logs import LONGEST_LINE, Line, Parser, Splitter, stamped

_HEADER = 8
_ZEROS = b"\0\0\0"
_STDERR = 2
_LONGEST_PAYLOAD = 1 << 24
_MOST_HELD = LONGEST_LINE + 64


@dataclass(slots=True)
class Frames:
    """Makes lines of a log in frames that was asked for with `timestamps=1`, in constant memory.

    `stderr` counts the lines of that stream. `strange` says, once there is reason to, why the
    bytes are not in the stream format; what comes after that is not read.
    """

    cut: int = 0
    stderr: int = 0
    strange: str = ""
    _held: list[bytes] = field(default_factory=list[bytes])
    _size: int = 0
    _needed: int = _HEADER
    _unfinished: dict[int, Line] = field(default_factory=dict[int, Line])

    def feed(self, chunk: bytes) -> list[Line]:
        """The lines that end in this chunk."""
        if self.strange:
            return []
        self._held.append(chunk)
        self._size += len(chunk)
        if self._size < self._needed:
            return []
        lines: list[Line] = []
        self._take(b"".join(self._held), lines)
        return lines

    def close(self) -> list[Line]:
        """The lines that were not ended."""
        if self._size and not self.strange:
            self.strange = "the log ends in the middle of a frame"
        lines = list(self._unfinished.values())
        self.stderr += _STDERR in self._unfinished
        self._unfinished.clear()
        return lines

    def _take(self, body: bytes, lines: list[Line]) -> None:
        start, end = 0, len(body)
        self._needed = _HEADER
        while end - start >= _HEADER:
            stream, length = body[start], int.from_bytes(body[start + 4 : start + _HEADER])
            zeros = body[start + 1 : start + 4]
            if stream > _STDERR or zeros != _ZEROS or length > _LONGEST_PAYLOAD:
                self.strange = "the log does not have the engine's stream format"
                start = end
                break
            behind = start + _HEADER + length
            if behind > end:
                self._needed = _HEADER + length
                break
            payload = body[start + _HEADER : behind]
            if payload[-1:] == b"\n" and not self._unfinished and payload.count(b"\n") == 1:
                self.stderr += stream == _STDERR
                lines.append(self._joined(None, payload[:-1].rstrip(b"\r")))
            else:
                lines += self._payload(stream, payload)
            start = behind
        rest = body[start:]
        self._held, self._size = [rest] if rest else [], len(rest)

    def _payload(self, stream: int, payload: bytes) -> Iterator[Line]:
        """The lines that end in a frame which is not just one line."""
        *whole, rest = payload.split(b"\n")
        for part in whole:
            self.stderr += stream == _STDERR
            when, text = self._joined(self._unfinished.pop(stream, None), part)
            yield when, text.rstrip(b"\r")
        if rest:
            self._unfinished[stream] = self._joined(self._unfinished.get(stream), rest)

    def _joined(self, before: Line | None, part: bytes) -> Line:
        """A part of a line put to what came of it before; only the first part's time counts."""
        when, text = stamped(part)
        if before is not None:
            when, text = before[0], before[1] + text
        if len(text) > _MOST_HELD:
            self.cut += len(text) - _MOST_HELD
            text = text[:_MOST_HELD]
        return when, text


def terminal() -> Parser:
    """Makes lines of a log of a container with a TTY."""
    return Splitter(stamped)
