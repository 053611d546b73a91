"""Logs for the reader: bytes cut into chunks, lines with times, streams that misbehave."""

from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from fivetabs.core.logs import Digest, Line, Source, Splitter, Wish, digest, stamped

START = datetime(2026, 3, 12, 10, tzinfo=UTC)


def at(seconds: float) -> datetime:
    """So many seconds after the start."""
    return START + timedelta(seconds=seconds)


def dated(lines: Iterable[str | bytes], *, begin: float = 0.0, step: float = 1.0) -> bytes:
    """Lines as a kubelet sends them, each with its time."""
    return b"".join(
        f"{at(begin + n * step):%Y-%m-%dT%H:%M:%S.%f}000Z ".encode()
        + (line if isinstance(line, bytes) else line.encode())
        + b"\n"
        for n, line in enumerate(lines)
    )


def cut(body: bytes, size: int) -> Iterator[bytes]:
    """The same bytes in chunks."""
    return (body[start : start + size] for start in range(0, len(body), size))


def of_bytes(body: bytes, label: str = "", *, size: int = 65536, **more: Any) -> Source:
    """A source of dated lines."""

    async def begin(most: int) -> AsyncGenerator[bytes]:
        lines = body.splitlines(keepends=True)
        for chunk in cut(b"".join(lines[-most:]), size):
            yield chunk

    return Source(label, begin, lambda: Splitter(stamped), **more)


def of_lines(*several: Sequence[Line], label: str = "", **more: Any) -> Source:
    """A source that gives lines, some at a time."""

    async def begin(most: int) -> AsyncGenerator[Sequence[Line]]:
        for lines in several:
            yield lines

    return Source(label, begin, **more)


async def told(*sources: Source, lenient: bool = False, **wish: Any) -> Digest:
    """What the reader says of these sources."""
    return await digest(sources, Wish(**wish), lenient=lenient)


def column(found: Digest, name: str, table: int = 0) -> list[Any]:
    """One column of the digest's table."""
    chosen = found.tables[table]
    place = chosen.columns.index(name)
    return [row[place] for row in chosen.rows]
