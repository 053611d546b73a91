"""Pages of kept rows: each within a budget, the same rows on the same page every time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from fivetabs.app.fitting.rows import Row, clipped, cost
from fivetabs.app.handles import Part
from fivetabs.core import Invalid, did_you_mean

_OVERHEAD = 190
_LONGEST = (4000, 1200, 400, 150, 50)
_LEAST = 40


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page: some rows of one part, from the row `first` (1 is the part's first) on."""

    part: Part
    first: int
    rows: tuple[Row, ...]


def leaves(
    parts: Sequence[Part], room: int, wanted: Callable[[str], bool] | None, fields: Sequence[str]
) -> list[Leaf]:
    """All pages of the parts: the rows that match, in the columns that were asked for.

    Raises:
        Invalid: If no part has one of the fields.
    """
    chosen = [_projected(part, fields) for part in _matching(parts, wanted)]
    if fields and parts:
        _must_know(parts, fields)
    return [leaf for part in chosen if part.columns for leaf in _cut(part, room - _OVERHEAD)]


def _matching(parts: Sequence[Part], wanted: Callable[[str], bool] | None) -> Iterator[Part]:
    for part in parts:
        rows = part.rows
        if wanted is not None:
            rows = tuple(row for row in rows if any(wanted(str(cell)) for cell in row))
        if rows:
            yield Part(part.title, part.columns, rows)


def _projected(part: Part, fields: Sequence[str]) -> Part:
    if not fields:
        return part
    places = [part.columns.index(name) for name in fields if name in part.columns]
    rows = tuple(tuple(row[i] for i in places) for row in part.rows)
    return Part(part.title, tuple(part.columns[i] for i in places), rows)


def _must_know(parts: Sequence[Part], fields: Sequence[str]) -> None:
    known = list(dict.fromkeys(name for part in parts for name in part.columns))
    for name in fields:
        if name not in known:
            raise Invalid(
                f"there is no field {name!r} in this answer",
                hint=did_you_mean(name, known, otherwise=f"its fields: {', '.join(known)}"),
            )


def _cut(part: Part, room: int) -> Iterator[Leaf]:
    room = max(_LEAST, room)
    first, taken, used = 1, list[Row](), 0
    for row in part.rows:
        fitting, price = _fitting(row, room)
        if taken and used + price > room:
            yield Leaf(part, first, tuple(taken))
            first, taken, used = first + len(taken), [], 0
        taken.append(fitting)
        used += price
    yield Leaf(part, first, tuple(taken))


def _fitting(row: Row, room: int) -> tuple[Row, int]:
    """A row that is larger than a page has its longest cells cut."""
    shown, price = row, cost(row)
    for longest in _LONGEST:
        if price <= room:
            break
        shown = clipped(row, longest)
        price = cost(shown)
    return shown, price
