"""The last lines that pass two patterns, of one stream."""

from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass

from fivetabs.core.logs.patterns import compile_pattern
from fivetabs.core.logs.splitting import Splitter


@dataclass(frozen=True, slots=True)
class Selection:
    """The chosen lines, newest last, and how many were read and matched to choose them."""

    lines: tuple[str, ...]
    read: int
    matched: int


async def select(
    chunks: AsyncIterator[bytes], *, most: int, grep: str = "", exclude: str = ""
) -> Selection:
    """The last `most` lines that match `grep` and do not match `exclude`, in constant memory.

    Raises:
        Invalid: If a pattern is not RE2.
    """
    wanted, unwanted = compile_pattern(grep), compile_pattern(exclude)
    parser, kept = Splitter(), deque[str](maxlen=most)
    read = matched = 0
    lines = [line async for chunk in chunks for line in parser.feed(chunk)] + parser.close()
    for _, line in lines:
        read += 1
        if (wanted is None or wanted(line)) and not (unwanted is not None and unwanted(line)):
            matched += 1
            kept.append(line.decode("utf-8", "replace"))
    return Selection(tuple(kept), read, matched)
