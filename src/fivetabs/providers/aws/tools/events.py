"""Reading the events of a log group: newest pages first, within bounds, told oldest line first.

FilterLogEvents gives at most 1 MB or 10,000 events a page, pages may be empty, and it may be asked
some 5 times a second (CloudWatch Logs quotas). So a large window is not read to its far end, and
what was not read is said.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from fivetabs.core import Fault, Invalid, stamp
from fivetabs.core.logs import Line, Source, Splitter
from fivetabs.providers.aws.port import Account, Json
from fivetabs.providers.aws.shapes.log_events import Event, packed, timed
from fivetabs.providers.aws.shapes.log_groups import milliseconds, moment, size
from fivetabs.providers.aws.tools.group_names import Named
from fivetabs.providers.aws.tools.windows import Window

_PIECE = 64 * 1024  # What the reader computes on at once.
# The service reads backwards only in windows that begin no earlier (API reference).
_BACKWARDS_SINCE = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most that one answer reads of a log group."""

    seconds: float = 25.0
    pages: int = 150
    bytes: int = 24 * 1024 * 1024


@dataclass(slots=True)
class Seen:
    """What one reading came across. Times are in milliseconds since 1970."""

    backwards: bool
    pages: int = 0
    lines: int = 0
    size: int = 0
    oldest: int = 0
    newest: int = 0
    streams: Counter[str] = field(default_factory=Counter[str])
    last: dict[str, int] = field(default_factory=dict[str, int])
    gap: str = ""

    def take(self, events: Sequence[Event]) -> tuple[int, bytes]:
        """Count a page's events; gives the time of the oldest, and their lines oldest first."""
        self.pages += 1
        if not events:
            return 0, b""
        times = [event["timestamp"] for event in events]
        self._learn(times)
        for event, when in zip(events, times, strict=True):
            name: str = event.get("logStreamName", "")
            self.streams[name] += 1
            self.last[name] = max(self.last.get(name, 0), when)
        lines = packed(events)
        self.size += len(lines)
        self.lines += lines.count(b"\n")
        return min(times), lines

    def left(self, why: str) -> None:
        """Remember what was not read."""
        if not self.streams:
            self.gap = f"the window was not read to its end, and no event was found so far: {why}"
            return
        edge = moment(self.oldest if self.backwards else self.newest)
        where = f"{'before' if self.backwards else 'after'} {stamp(edge)}" if edge else ""
        self.gap = f"events {where} were not read: {why}"

    def _learn(self, times: Sequence[int]) -> None:
        """Which way the pages go: not all that speak this API know how to read backwards."""
        oldest, newest = min(times), max(times)
        if self.streams:
            older, newer = newest <= self.oldest, oldest >= self.newest
            self.backwards = older if older != newer else self.backwards
            oldest, newest = min(oldest, self.oldest), max(newest, self.newest)
        elif times[0] != times[-1]:
            self.backwards = times[0] > times[-1]
        self.oldest, self.newest = oldest, newest


def _told(fault: Fault) -> Fault:
    """A group of a cheaper class is refused as if the question were wrong."""
    hint = "a log group whose class is not STANDARD may be readable by run_logs_query alone"
    return Invalid(str(fault), hint=hint) if isinstance(fault, Invalid) else fault


@dataclass(slots=True)
class Events:
    """The events of one group within a window; `seen` is what the last reading came across."""

    account: Account
    group: Named
    window: Window
    streams: tuple[str, ...] = ()
    bounds: Bounds = field(default_factory=Bounds)
    seen: Seen = field(default_factory=lambda: Seen(backwards=True))

    def source(self) -> Source:
        """The events as the log reader wants them."""
        return Source(self.group.name, self._pieces, partial(Splitter, timed))

    async def _pieces(self, most: int) -> AsyncIterator[bytes | Sequence[Line]]:
        """The newest pages come first, so all are there before the first line is told."""
        spool = await self._spool(most)
        if self.seen.backwards:
            spool.reverse()
        spool.sort(key=lambda page: page[0])
        for _, lines in spool:
            for start in range(0, len(lines), _PIECE):
                yield lines[start : start + _PIECE]

    async def _spool(self, most: int) -> list[tuple[int, bytes]]:
        self.seen = seen = Seen(backwards=self.window.start >= _BACKWARDS_SINCE)
        end = asyncio.get_running_loop().time() + self.bounds.seconds
        spool: list[tuple[int, bytes]] = []
        try:
            async with asyncio.timeout_at(end):
                async for page in self._asked(backwards=seen.backwards):
                    spool.append(await asyncio.to_thread(seen.take, page.get("events", ())))
                    if self._enough(page, most):
                        break
        except TimeoutError:
            seen.left(f"{self.bounds.seconds:g} s are the most of one answer")
        except Fault as fault:
            if not seen.pages:
                raise _told(fault) from fault
            seen.left(f"{fault.status}: {fault}")
        return spool

    def _enough(self, page: Json, most: int) -> bool:
        """Whether to stop before the last page; what is left out then is remembered."""
        seen, bounds = self.seen, self.bounds
        if not page.get("nextToken"):
            return True
        if most and seen.lines >= most and seen.backwards:
            seen.left(f"{seen.lines} lines are the most of one answer")
        elif seen.size >= bounds.bytes:
            seen.left(f"{size(bounds.bytes)} are the most of one answer")
        elif seen.pages >= bounds.pages:
            seen.left(f"{bounds.pages} pages are the most of one answer")
        return bool(seen.gap)

    def _asked(self, *, backwards: bool) -> AsyncIterator[Json]:
        asked: Json = {
            "logGroupName": self.group.name,
            "startTime": milliseconds(self.window.start),
            "endTime": milliseconds(self.window.end),
            "interleaved": True,
        }
        if backwards:
            asked["startFromHead"] = False
        if self.streams:
            asked["logStreamNames"] = list(self.streams)
        return self.account.pages("logs", "FilterLogEvents", self.group.region, **asked)
