"""All that is kept of a log while its lines go by: counts, one page of lines, the templates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from fivetabs.core.logs.clusters import Clusters, Kind
from fivetabs.core.logs.entries import START, TELLING
from fivetabs.core.logs.pages import Page
from fivetabs.core.logs.patterns import Test, compile_pattern
from fivetabs.core.logs.streams import EARLIEST, Record, Stream
from fivetabs.core.logs.wishes import Wish

_TRACEBACK = b"Traceback (most recent call last)"
_KEPT = 200
_LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True)
class Pending:
    """An entry that may go on: its first line, the line before it, and what names its error."""

    text: bytes
    when: datetime | None
    before: bytes
    telling: bytes = b""

    @property
    def told(self) -> bytes:
        """The lines of the entry that say what happened."""
        if not self.telling:
            return self.text
        bare = self.text.startswith(_TRACEBACK)
        return self.telling if bare else self.text + b"\n" + self.telling


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
        """The next lines, in order."""
        wanted, unwanted = self.wanted, self.unwanted
        since, until = self.wish.since or EARLIEST, self.wish.until or _LATEST
        bounded = since is not EARLIEST or until is not _LATEST
        add, line = self.page.add, self._line
        for record in records:
            key, when, text, kind, hidden, stream = record
            known = when or key
            if bounded and known is not EARLIEST and not since <= known <= until:
                continue
            self.read += 1
            if when is not None:
                self.first, self.last = self.first or when, when
            if kind == START and stream.pending is not None:
                self._close(stream, text)
            if (wanted is None or wanted(text)) and not (unwanted is not None and unwanted(text)):
                self.matched += 1
                stream.spoke = True
                add(record)
                if stream.pending is None:
                    stream.pending = Pending(text, when, line)
                elif kind == TELLING:
                    stream.pending.telling = text
            if not hidden:
                line = text
        self._line = line

    def end(self, streams: Iterable[Stream]) -> None:
        """Nothing follows in these streams."""
        for stream in streams:
            if stream.pending is not None:
                self._close(stream, b"")

    def _close(self, stream: Stream, after: bytes) -> None:
        """An entry is whole: count it under its template."""
        entry, stream.pending = stream.pending, None
        if self.clusters is None or not entry.text.strip():
            return
        self.entries += 1
        kind = self.clusters.find(entry.told, entry.when)
        if kind is None:
            self.clusters.rest += 1
            return
        if not kind.count:
            kind.before, kind.after = entry.before[:_KEPT], after[:_KEPT]
        kind.count += 1
        self._date(kind, entry.when, stream)

    def _date(self, kind: Kind, when: datetime | None, stream: Stream) -> None:
        if when is None:
            kind.old = True
            return
        if kind.last is None or when >= kind.last:
            kind.last = when
        elif kind.first is not None and when < kind.first:
            kind.first = when
        if stream.fresh(when):
            self.fresh += 1
        else:
            kind.old = True
