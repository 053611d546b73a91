"""A few last lines, unclustered: what other tools quote."""

from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass

from fivetabs.core.logs.splitting import Splitter


@dataclass(frozen=True, slots=True)
class Tail:
    """The last lines, newest last, and how many were read to find them."""

    lines: tuple[str, ...]
    read: int


async def tail(chunks: AsyncIterator[bytes], *, most: int) -> Tail:
    """The last `most` lines of a log, in constant memory."""
    parser = Splitter()
    kept: deque[bytes] = deque(maxlen=most)
    read = 0
    async for chunk in chunks:
        for _, text in parser.feed(chunk):
            read += 1
            kept.append(text)
    for _, text in parser.close():
        read += 1
        kept.append(text)
    return Tail(tuple(line.decode("utf-8", "replace") for line in kept), read)
