"""Reading a log from its sources to its digest: the loop only reads, a thread computes."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from fivetabs.core.logs.analysis import Analysis
from fivetabs.core.logs.digests import Digest
from fivetabs.core.logs.entries import Entries
from fivetabs.core.logs.lanes import Broken, Lane, lanes_of, merged
from fivetabs.core.logs.levels import Judge
from fivetabs.core.logs.pages import MOST_KEPT, Page, Window
from fivetabs.core.logs.sources import Source
from fivetabs.core.logs.splitting import LONGEST_LINE
from fivetabs.core.logs.streams import Stream
from fivetabs.core.logs.telling import Told, tell
from fivetabs.core.logs.wishes import Wish
from fivetabs.core.times import stamp

_AT_ONCE = 6
"""Sources that are read side by side: backends bound their connections."""

_SLICE, _LEAST_SLICE = 96 * 1024, 24 * 1024
"""Bytes computed in one piece, some 10 ms of work: a cancelled call ends after one."""

_NEWEST = 5000
_GRACE_SECONDS = 4.0


async def digest(sources: Sequence[Source], wish: Wish, *, lenient: bool = False) -> Digest:
    """Read the sources, merged in time order, and tell what they say.

    It holds one page of lines and a bounded number of templates, computes in a thread, and stops
    when it is cancelled. A source that cannot be read is named in the digest's `faults`.

    Raises:
        Invalid: If a pattern is not RE2.
        Fault: If no source can be read at all, the first one's; not if `lenient`.
    """
    deepest = Window.of(wish.page, wish.lines, 0)
    page = Page(min(deepest.offset + deepest.count, MOST_KEPT))
    analysis = Analysis.of(wish, page)
    reading = _Reading(sources, wish)
    await reading.run(analysis)
    silent = [each.fault for each in reading.broken if not each.begun]
    if silent and len(silent) == len(sources) and not lenient:
        raise silent[0]
    window = Window.of(wish.page, wish.lines, analysis.matched)
    if page.most < window.offset + window.count and page.most < analysis.matched:
        page = await _deep_page(reading, wish, analysis, window)
    several = len({each.label for each in sources}) > 1
    lines = page.lines(window)
    told = Told(wish, window, lines, reading.streams, reading.broken, reading.gaps, several)
    return await asyncio.to_thread(tell, analysis, told)


async def _deep_page(before: "_Reading", wish: Wish, found: Analysis, window: Window) -> Page:
    """A page so old that its lines could not be kept on the way: they are read once more."""
    high = max(0, found.matched - window.offset)
    page = Page(window.count, max(0, high - window.count), high)
    wish = wish if wish.until or not found.last else replace(wish, until=found.last)
    again = Analysis(wish, page, found.wanted, found.unwanted)
    reading = _Reading(before.sources, wish)
    await reading.run(again)
    before.gaps += [f"this page: {gap}" for gap in reading.gaps if gap not in before.gaps]
    return page


@dataclass(slots=True)
class _Reading:
    """One reading of all sources, within its bounds."""

    sources: Sequence[Source]
    wish: Wish
    judge: Judge = field(default_factory=Judge)
    streams: list[Stream] = field(default_factory=list[Stream])
    broken: list[Broken] = field(default_factory=list[Broken])
    gaps: list[str] = field(default_factory=list[str])
    size: int = 0
    deadline: float = 0.0

    async def run(self, analysis: Analysis) -> None:
        """Read all there is; where the bounds end it, the newest lines all the same."""
        self.deadline = asyncio.get_running_loop().time() + self.wish.bounds.seconds
        waiting = [Lane(each, self._begin, 0) for each in lanes_of(self.sources)]
        while waiting:
            now, waiting = waiting[:_AT_ONCE], waiting[_AT_ONCE:]
            why = await self._together(now, analysis, self.wish.bounds.bytes)
            if why:
                await self._newest([*now, *waiting], analysis, why)
                return
            if waiting:
                analysis.page.next_round()

    async def _together(self, lanes: Sequence[Lane], analysis: Analysis, most: int) -> str:
        """Read these lanes side by side; why it stopped before their end, or nothing."""
        slice_ = max(_LEAST_SLICE, _SLICE // len(lanes))
        before, why = self.size, ""
        try:
            while not why and (hungry := [e for e in lanes if not e.queue and not e.over]):
                why = await self._filled(hungry, slice_)
                await asyncio.to_thread(_compute, hungry, lanes, analysis)
                self.size = before + sum(lane.size for lane in lanes)
                if self.size - before >= most and not all(lane.over for lane in lanes):
                    why = f"{most / 2**20:.3g} MB"
        finally:
            await asyncio.gather(*(lane.aclose() for lane in lanes))
        streams = [stream for lane in lanes for stream in lane.streams]
        await asyncio.to_thread(_compute, (), lanes, analysis)
        await asyncio.to_thread(analysis.end, streams)
        self.streams += streams
        self.broken += [each for lane in lanes for each in lane.broken]
        return why

    async def _filled(self, hungry: Sequence[Lane], slice_: int) -> str:
        try:
            async with asyncio.timeout_at(self.deadline):
                await asyncio.gather(*(lane.fill(slice_) for lane in hungry))
        except TimeoutError:
            return f"{self.wish.bounds.seconds:g} s"
        return ""

    async def _newest(self, lanes: Sequence[Lane], analysis: Analysis, why: str) -> None:
        """The last lines of what was not read to its end, and a word about the gap."""
        upto = f" up to {stamp(analysis.last)}" if analysis.last else ""
        before = analysis.read
        unread = [(lane.unread[-1], lane.streams) for lane in lanes if lane.unread]
        analysis.page.next_round()
        self.deadline = asyncio.get_running_loop().time() + _GRACE_SECONDS
        for source, streams in unread[:_AT_ONCE]:
            seen = {each.source.label: each for each in streams if each.source is source}
            lane = Lane(deque([source]), self._begin, _NEWEST, seen)
            await self._together([lane], analysis, _NEWEST * LONGEST_LINE)
            analysis.page.next_round()
        self.gaps.append(
            f"reading stopped after {why}: {before} lines{upto} and the newest "
            f"{analysis.read - before} were read; what lies between them was not"
        )
        self.gaps += [
            f"of {source.label or 'the log'} nothing newer was read"
            for source, _ in unread[_AT_ONCE:]
        ]

    def _begin(self, source: Source) -> Stream:
        return Stream.of(source, Entries(self.judge))


def _compute(hungry: Sequence[Lane], lanes: Sequence[Lane], analysis: Analysis) -> None:
    for lane in hungry:
        lane.parse()
    for run in merged(lanes):
        analysis.take(run)
