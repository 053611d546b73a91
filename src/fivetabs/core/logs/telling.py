"""From what was kept of a log to its digest: the page's text, the tables, what is to be said."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from fivetabs.core.logs.analysis import Analysis
from fivetabs.core.logs.clusters import Kind
from fivetabs.core.logs.digests import Digest, Failure, Template
from fivetabs.core.logs.lanes import Broken
from fivetabs.core.logs.pages import LONG, Window
from fivetabs.core.logs.ranking import ranked, united
from fivetabs.core.logs.splitting import LONGEST_LINE
from fivetabs.core.logs.streams import Record, Stream
from fivetabs.core.logs.tables import in_words, neighbour, tables_of
from fivetabs.core.logs.veils import shown
from fivetabs.core.logs.wishes import Wish
from fivetabs.core.times import stamp


@dataclass(frozen=True, slots=True)
class Told:
    """What a reading leaves beside its analysis."""

    wish: Wish
    window: Window
    lines: Sequence[Record]
    streams: Sequence[Stream]
    broken: Sequence[Broken]
    gaps: Sequence[str]
    several: bool


def tell(found: Analysis, told: Told) -> Digest:
    """The digest. Computes only; may run in a thread."""
    fresh = 0 < found.fresh < found.entries
    long = found.matched > LONG
    templates = _templates(found, fresh=fresh) if long else ()
    older = max(0, found.matched - told.window.offset - len(told.lines))
    return Digest(
        read=found.read,
        matched=found.matched,
        shown=len(told.lines),
        older=older,
        cut=_cut(told.streams),
        text="\n".join(_texts(told)),
        first=found.first,
        last=found.last,
        spoken=tuple(dict.fromkeys(s.source.label for s in told.streams if s.spoke)),
        by_source=tuple((s.source.label, s.read) for s in told.streams),
        templates=templates,
        tables=tables_of(templates, found.entries, told.wish.page, fresh=fresh),
        said=tuple(_said(found, told, older, templates, fresh=fresh)),
        gaps=(*told.gaps, *_bounded(told)),
        faults=tuple(Failure(b.source.label, b.fault, b.begun) for b in told.broken),
    )


def _templates(found: Analysis, *, fresh: bool) -> tuple[Template, ...]:
    kinds = united(found.clusters.kinds.values()) if found.clusters else []
    order = ranked(kinds, found.entries, fresh=fresh)
    return tuple(_template(kind, new=fresh and not kind.old) for kind in order)


def _template(kind: Kind, *, new: bool) -> Template:
    return Template(
        words=kind.words.partition(" ")[2],
        example=in_words(kind.example),
        level=kind.level,
        odd=kind.odd,
        count=kind.count,
        first=kind.first,
        last=kind.last,
        new=new,
        before=neighbour(kind.before),
        after=neighbour(kind.after),
    )


def _texts(told: Told) -> Iterator[str]:
    for _, when, line, _, hidden, stream in told.lines:
        label = f"{stream.source.label}| " if told.several else ""
        clock = f"{stamp(when)} " if told.wish.timestamps and when else ""
        yield f"{label}{clock}{shown(line, hidden)}"


def _said(
    found: Analysis, told: Told, older: int, templates: Sequence[Template], *, fresh: bool
) -> Iterator[str]:
    if older:
        until = told.wish.until or found.last
        steady = f" with until={_exact(until)!r}, so that pages stay as they are," if until else ""
        yield f"{_older(older, told.wish)}: page={told.wish.page + 1}{steady} or use grep"
    if fresh and templates:
        new = sum(each.new for each in templates)
        since = next(s.source.new_since for s in told.streams if s.source.new_since)
        yield f"new since {stamp(since)}: {new} of {len(templates)} shapes" if since else ""
    yield from _oddities(found, told)


def _bounded(told: Told) -> Iterator[str]:
    most = told.wish.bounds.lines
    for stream in told.streams:
        if stream.read >= most:
            name = f"{stream.source.label}: " if stream.source.label else ""
            yield f"{name}only the newest {most} lines were read"


def _oddities(found: Analysis, told: Told) -> Iterator[str]:
    if cut := _cut(told.streams):
        yield f"{cut} bytes of overlong lines are left out: of each {LONGEST_LINE} bytes are shown"
    if garbled := sum(s.garbled for s in told.streams):
        yield f"{_lines(garbled)} with NULs or bytes that are no UTF-8; shown as far as they are"
    if jumps := sum(s.jumps for s in told.streams):
        yield f"{_lines(jumps)} with an earlier time than a line before; a source's order is kept"
    untimed = [s for s in told.streams if 0 < s.untimed < s.read]
    if untimed:
        yield f"{_lines(sum(s.untimed for s in untimed))} without a time, as the backend sent them"
    if found.clusters and found.clusters.rest and found.matched > LONG:
        yield f"{found.clusters.rest} entries of no common shape are counted, not listed"


def _older(number: int, wish: Wish) -> str:
    matching = "matching " if wish.grep or wish.exclude else ""
    return f"1 older {matching}line" if number == 1 else f"{number} older {matching}lines"


def _exact(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"


def _cut(streams: Sequence[Stream]) -> int:
    return sum(stream.cut + stream.parser.cut for stream in streams)


def _lines(number: int) -> str:
    return "1 line came" if number == 1 else f"{number} lines came"
