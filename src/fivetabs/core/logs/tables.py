"""Templates as tables: what happened how often and when, and odd lines among their neighbours."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from fivetabs.core.answers import Cell, Table
from fivetabs.core.logs.digests import Template
from fivetabs.core.logs.levels import ERROR
from fivetabs.core.logs.ranking import FEW
from fivetabs.core.logs.veils import shown
from fivetabs.core.quoting import quoted

MOST_ROWS = 25
"""Templates of one page; older pages of lines bring the next ones."""

_ODD_LINES = 4
_EXAMPLE, _TELLING, _NEIGHBOUR = 180, 130, 100
_BLOB = re.compile(r"[A-Za-z0-9+/=_\-]{64,}")


def in_words(entry: bytes) -> str:
    """An entry as one line for a cell: verbatim, but cut, and long unbroken words left out."""
    first, _, telling = (_unbroken(shown(part)) for part in entry.partition(b"\n"))
    if not telling:
        return _cut(first, _EXAMPLE)
    return f"{_cut(first, _NEIGHBOUR)} | {_cut(telling, _TELLING)}"


def neighbour(line: bytes) -> str:
    """A line beside an odd one, shorter still."""
    return _cut(_unbroken(shown(line)), _NEIGHBOUR)


def tables_of(
    templates: Sequence[Template], entries: int, page: int, *, fresh: bool
) -> tuple[Table, ...]:
    """The templates of a page, and on the first page the oddest lines with their neighbours."""
    if not templates:
        return ()
    mine = templates[(page - 1) * MOST_ROWS : page * MOST_ROWS]
    day = _one_day(templates)
    dated = f", times of {day} UTC" if day else ", times in UTC"
    columns = ("count", "level", "first", "last", *(("new",) if fresh else ()), "example")
    kinds = Table(
        title=f"{entries} entries have {len(templates)} shapes{dated}",
        columns=columns,
        rows=tuple(_row(each, day, fresh=fresh) for each in mine),
        total=len(templates),
    )
    odd = _odd_lines(templates, day) if page == 1 else None
    return (kinds, odd) if odd else (kinds,)


def _row(template: Template, day: str, *, fresh: bool) -> tuple[Cell, ...]:
    new: tuple[Cell, ...] = (("new" if template.new else ""),) if fresh else ()
    first, last = _clock(template.first, day), _clock(template.last, day)
    last = "" if template.count == 1 else last
    level = f"{template.level}, looks bad" if template.odd else template.level
    return (template.count, level, first, last, *new, quoted(template.example))


def _odd_lines(templates: Sequence[Template], day: str) -> Table | None:
    odd = [
        each
        for each in templates
        if each.count <= FEW and (each.before or each.after) and (each.odd or each.level == ERROR)
    ]
    rare = [each for each in templates if each.count == 1 and each not in odd and each.before]
    chosen = (odd + rare)[:_ODD_LINES]
    rows = tuple(
        (
            _clock(e.first, day),
            quoted(e.before),
            quoted(_cut(e.example, _NEIGHBOUR)),
            quoted(e.after),
        )
        for e in chosen
    )
    if not rows:
        return None
    columns = ("time", "line before", "odd line", "line after")
    return Table(
        title="odd lines and their neighbours", columns=columns, rows=rows, total=len(rows)
    )


def _one_day(templates: Sequence[Template]) -> str:
    times = [t for each in templates for t in (each.first, each.last) if t is not None]
    days = {f"{t.astimezone(UTC):%Y-%m-%d}" for t in times}
    return days.pop() if len(days) == 1 else ""


def _clock(when: datetime | None, day: str) -> str:
    if when is None:
        return ""
    return f"{when.astimezone(UTC):{'%H:%M:%S' if day else '%Y-%m-%d %H:%M:%S'}}"


def _unbroken(text: str) -> str:
    return _BLOB.sub(lambda found: f"[{len(found[0])} characters]", text)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 3]}..."
