"""Pages of kept rows: each within a budget, the same rows on the same page every time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from fivetabs.app.fitting.rows import Row, clipped, cost
from fivetabs.app.handles import Part
from fivetabs.core import Invalid, did_you_mean

_OVERHEAD = 190
_LONGEST = (4000, 1200, 400, 150, 50)
_LEAST = 40


@dataclass(frozen=True, slots=True)
class Cut:
    """Which rows of which part make a page: from `first` (1 is the part's first) to `last`."""

    part: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page: some rows of one part, from the row `first` on."""

    part: Part
    first: int
    rows: tuple[Row, ...]


def chosen(
    parts: Sequence[Part], wanted: Callable[[str], bool] | None, fields: Sequence[str]
) -> tuple[Part, ...]:
    """The rows that match, in the columns that were asked for; parts without either are left out.

    Raises:
        Invalid: If no part has one of the fields.
    """
    if fields and parts:
        _must_know(parts, fields)
    matching = (_projected(part, fields) for part in _matching(parts, wanted))
    return tuple(part for part in matching if part.columns)


def cuts(parts: Sequence[Part], room: int) -> tuple[Cut, ...]:
    """Where the pages begin and end, each within `room` tokens."""
    room = _for_rows(room)
    return tuple(cut for index, part in enumerate(parts) for cut in _cut(index, part, room))


def leaf(parts: Sequence[Part], cut: Cut, room: int) -> Leaf:
    """One of the pages."""
    part, room = parts[cut.part], _for_rows(room)
    rows = part.rows[cut.first - 1 : cut.last]
    return Leaf(part, cut.first, tuple(_fitting(row, room)[0] for row in rows))


def _for_rows(room: int) -> int:
    return max(_LEAST, room - _OVERHEAD)


def _matching(parts: Sequence[Part], wanted: Callable[[str], bool] | None) -> Iterator[Part]:
    for part in parts:
        rows = part.rows
        if wanted is not None:
            rows = tuple(row for row in rows if any(wanted(str(cell)) for cell in row))
        if rows:
            yield replace(part, rows=rows)


def _projected(part: Part, fields: Sequence[str]) -> Part:
    if not fields:
        return part
    places = [part.columns.index(name) for name in fields if name in part.columns]
    rows = tuple(tuple(row[i] for i in places) for row in part.rows)
    return replace(part, columns=tuple(part.columns[i] for i in places), rows=rows)


def _must_know(parts: Sequence[Part], fields: Sequence[str]) -> None:
    known = list(dict.fromkeys(name for part in parts for name in part.columns))
    for name in fields:
        if name not in known:
            raise Invalid(
                f"there is no field {name!r} in this answer",
                hint=did_you_mean(name, known, otherwise=f"its fields: {', '.join(known)}"),
            )


def _cut(index: int, part: Part, room: int) -> Iterator[Cut]:
    first, used = 1, 0
    for number, row in enumerate(part.rows, 1):
        price = _fitting(row, room)[1]
        if number > first and used + price > room:
            yield Cut(index, first, number - 1)
            first, used = number, 0
        used += price
    yield Cut(index, first, len(part.rows))


def _fitting(row: Row, room: int) -> tuple[Row, int]:
    """A row that is larger than a page has its longest cells cut."""
    shown, price = row, cost(row)
    for longest in _LONGEST:
        if price <= room:
            break
        shown = clipped(row, longest)
        price = cost(shown)
    return shown, price
