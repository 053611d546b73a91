"""Reading a log from its sources to its digest."""

from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime

from fivetabs.core.logs.digests import Digest
from fivetabs.core.logs.patterns import compile_pattern
from fivetabs.core.logs.sources import Line, Source
from fivetabs.core.logs.splitting import Splitter
from fivetabs.core.logs.wishes import Wish

_EARLIEST = datetime.min.replace(tzinfo=UTC)


async def digest(sources: Sequence[Source], wish: Wish) -> Digest:
    """Read the sources, merged in time order, and tell what they say.

    It holds no more than a page of lines and a bounded number of templates, computes in a thread,
    and stops when it is cancelled.

    Raises:
        Invalid: If a pattern is not RE2.
        Fault: Whatever the sources raise.
    """
    wanted, unwanted = compile_pattern(wish.grep), compile_pattern(wish.exclude)
    kept: deque[tuple[datetime, str, bytes]] = deque(maxlen=wish.lines * wish.page)
    read = matched = 0
    spoken: dict[str, None] = {}
    for source in sources:
        for when, text in await _all(source):
            read += 1
            if (wanted is None or wanted(text)) and not (unwanted and unwanted(text)):
                matched += 1
                spoken[source.label] = None
                kept.append((when or _EARLIEST, source.label, text))
    lines = sorted(kept, key=lambda each: each[0])[: wish.lines]
    several = len(sources) > 1
    text = "\n".join(
        (f"[{label}] " if several else "") + line.decode("utf-8", "replace")
        for _, label, line in lines
    )
    return Digest(read, matched, len(lines), 0, text, None, None, tuple(spoken), (), (), ())


async def _all(source: Source) -> list[Line]:
    parser = source.parser() if source.parser else Splitter()
    lines: list[Line] = []
    async for piece in source.open(0):
        lines += parser.feed(piece) if isinstance(piece, bytes) else piece
    return lines + parser.close()
