"""A container's log as the engine sends it, into lines.

Source: Docker Engine API, "Stream format": without a TTY each frame has a header of 8 bytes, the
stream (0 stdin, 1 stdout, 2 stderr), three zero bytes and the payload's length, big-endian. With a
TTY the bytes come raw. A line longer than 16 kB arrives in several frames, each with its own time.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from fivetabs.core import parse_time, stamp

_HEADER = 8
_STDOUT = 1
_STDERR = 2
_LONGEST_PAYLOAD = 1 << 24
_LONGEST_LINE = 1 << 16


@dataclass(slots=True)
class Seen:
    """What went by while a log was read: the times of the lines, and how many were stderr."""

    first: datetime | None = None
    last: datetime | None = None
    stderr: int = 0

    def note(self, when: datetime | None, stream: int) -> None:
        """Count one line."""
        if when is not None:
            self.first = self.first or when
            self.last = when
        self.stderr += stream == _STDERR


_Line = tuple[int, datetime | None, bytes]


async def lines(
    chunks: AsyncIterator[bytes], *, tty: bool, timestamps: bool, seen: Seen
) -> AsyncIterator[bytes]:
    """Whole lines of a log that was asked for with `timestamps=1`, each ending in a newline.

    The engine's times are left out, or kept to the second.

    Raises:
        ValueError: If the bytes are not in the stream format.
    """
    async for stream, when, text in _raw(chunks) if tty else _multiplexed(chunks):
        seen.note(when, stream)
        start = f"{stamp(when)} ".encode() if timestamps and when else b""
        yield start + text.rstrip(b"\r") + b"\n"


async def _raw(chunks: AsyncIterator[bytes]) -> AsyncIterator[_Line]:
    rest = b""
    async for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield _STDOUT, *_split(line)
        rest = rest[:_LONGEST_LINE]
    if rest:
        yield _STDOUT, *_split(rest)


async def _multiplexed(chunks: AsyncIterator[bytes]) -> AsyncIterator[_Line]:
    unfinished: dict[int, tuple[datetime | None, bytes]] = {}
    async for stream, payload in _payloads(chunks):
        *whole, rest = payload.split(b"\n")
        for part in whole:
            yield stream, *_joined(unfinished.pop(stream, None), part)
        if rest:
            unfinished[stream] = _joined(unfinished.get(stream), rest)
    for stream, (when, text) in unfinished.items():
        yield stream, when, text


def _joined(
    before: tuple[datetime | None, bytes] | None, part: bytes
) -> tuple[datetime | None, bytes]:
    when, text = _split(part)
    return (when, text) if before is None else (before[0], (before[1] + text)[:_LONGEST_LINE])


async def _payloads(chunks: AsyncIterator[bytes]) -> AsyncIterator[tuple[int, bytes]]:
    """Each frame's stream and payload."""
    rest = b""
    async for chunk in chunks:
        rest += chunk
        start = 0
        while len(rest) - start >= _HEADER:
            stream, length = _header(rest[start : start + _HEADER])
            end = start + _HEADER + length
            if len(rest) < end:
                break
            yield stream, rest[start + _HEADER : end]
            start = end
        rest = rest[start:]
    if rest:
        raise ValueError("the log ends in the middle of a frame")


def _header(raw: bytes) -> tuple[int, int]:
    length = int.from_bytes(raw[4:])
    if raw[0] > _STDERR or raw[1:4] != b"\0\0\0" or length > _LONGEST_PAYLOAD:
        raise ValueError("the log does not have the engine's stream format")
    return raw[0], length


def _split(piece: bytes) -> tuple[datetime | None, bytes]:
    """The engine's time and the rest; no time where there is none."""
    head, _, rest = piece.partition(b" ")
    try:
        return parse_time(head.decode("ascii")), rest
    except ValueError:
        return None, piece
