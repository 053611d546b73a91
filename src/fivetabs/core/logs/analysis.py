"""All that is kept of a log while its lines go by: counts, one page of lines, the templates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from fivetabs.core.logs.clusters import Clusters
from fivetabs.core.logs.entries import START, TELLING
from fivetabs.core.logs.pages import Page
from fivetabs.core.logs.patterns import Test, compile_pattern
from fivetabs.core.logs.streams import EARLIEST, Record, Stream
from fivetabs.core.logs.wishes import Wish

_TRACEBACK = b"Traceback (most recent call last)"
_KEPT = 200
_LATEST = datetime.max.replace(tzinfo=UTC)


Pending = tuple[bytes, datetime | None, bytes, bytes]
"""An entry that may go on: its first line, its time, the line before it, and the line that names
its error (empty so far). A tuple, since one is made for each line."""


def _told(text: bytes, telling: bytes) -> bytes:
    """The lines of an entry that say what happened."""
    bare = text.startswith(_TRACEBACK)
    return telling if bare else text + b"\n" + telling


@dataclass(slots=True)
class Analysis:
    """Fed with records in merged order. Nothing in it grows with the length of the log."""

    wish: Wish
    page: Page
    wanted: Test | None
    unwanted: Test | None
    clusters: Clusters | None = None
    read: int = 0
    matched: int = 0
    entries: int = 0
    fresh: int = 0
    first: datetime | None = None
    last: datetime | None = None
    _line: bytes = b""

    @classmethod
    def of(cls, wish: Wish, page: Page) -> "Analysis":
        """The first reading of a log.

        Raises:
            Invalid: If a pattern is not RE2.
        """
        tests = compile_pattern(wish.grep), compile_pattern(wish.exclude)
        return cls(wish, page, *tests, clusters=Clusters())

    def take(self, records: Sequence[Record]) -> None:
        """The next lines, in order. A million of them pass here, so names are local."""
        wanted, unwanted = self.wanted, self.unwanted
        since, until = self.wish.since or EARLIEST, self.wish.until or _LATEST
        bounded = since is not EARLIEST or until is not _LATEST
        passed: list[Record] = []
        line, close = self._line, self._close
        for record in records:
            key, when, text, kind, hidden, stream = record
            known = when or key
            if bounded and known is not EARLIEST and not since <= known <= until:
                continue
            self.read += 1
            if when is not None:
                self.first, self.last = self.first or when, when
            pending: Pending | None = stream.pending
            if kind == START and pending is not None:
                pending = stream.pending = close(stream, pending, text)
            if (wanted is None or wanted(text)) and not (unwanted is not None and unwanted(text)):
                passed.append(record)
                if pending is None:
                    stream.pending = text, when, line, b""
                elif kind == TELLING:
                    stream.pending = *pending[:3], text
            if not hidden:
                line = text
        self._line = line
        self._passed(passed)

    def _passed(self, records: Sequence[Record]) -> None:
        self.matched += len(records)
        self.page.extend(records)
        for stream in {record[5] for record in records}:
            stream.spoke = True

    def end(self, streams: Iterable[Stream]) -> None:
        """Nothing follows in these streams."""
        for stream in streams:
            if stream.pending is not None:
                stream.pending = self._close(stream, stream.pending, b"")

    def _close(self, stream: Stream, entry: Pending, after: bytes) -> None:
        """An entry is whole: count it under its template."""
        text, when, before, telling = entry
        if self.clusters is None or not text or text.isspace():
            return
        self.entries += 1
        kind = self.clusters.find(_told(text, telling) if telling else text, when)
        if kind is None:
            self.clusters.rest += 1
            return
        if not kind.count:
            kind.before, kind.after = before[:_KEPT], after[:_KEPT]
        kind.count += 1
        if when is None:
            kind.old = True
            return
        if kind.last is None or when >= kind.last:
            kind.last = when
        elif kind.first is not None and when < kind.first:
            kind.first = when
        new = stream.source.new_since
        if new is not None and when >= new:
            self.fresh += 1
        else:
            kind.old = True
