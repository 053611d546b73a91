"""Rows within a budget: what is sick stands alone, what is alike is folded, the rest is counted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from fivetabs.core import Finding, excerpt

T = TypeVar("T")
Row = tuple[str | int | float, ...]
MOST_ROWS = 20
_MOST_NOTES = 3
_LONGEST = 140


@dataclass(frozen=True, slots=True)
class Folding(Generic[T]):
    """How a noun is shown: one row each, and one row for many that have an equal `key`."""

    row: Callable[[T], Row]
    alike: Callable[[Sequence[T]], Row]
    key: Callable[[T], object]
    sick: Callable[[T], bool]


def fold_rows(
    items: Sequence[T], how: Folding[T], *, narrow: str, most: int = MOST_ROWS
) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """The rows, worst first as `items` are, and a note of what they leave out."""
    if len(items) <= most:
        return tuple(map(how.row, items)), ()
    single = [item for item in items if how.sick(item)][: most // 2]
    alone = {id(item) for item in single}
    groups: dict[object, list[T]] = {}
    for item in items:
        if id(item) not in alone:
            groups.setdefault(how.key(item), []).append(item)
    folded = [*groups.values()]
    room = most - len(single)
    rows = [how.row(item) for item in single]
    rows += [how.row(g[0]) if len(g) == 1 else how.alike(g) for g in folded[:room]]
    left = sum(map(len, folded[room:]))
    notes = (f"{left} more are counted and not shown; {narrow}",) if left else ()
    return tuple(rows), notes


def finding_notes(findings: Sequence[Finding]) -> tuple[str, ...]:
    """The worst findings as notes of a listing, with what to do next."""
    told = [
        f"{f.severity.value} {f.code}: {clip(f.cause)}"
        + (f" (and {f.affects - 1} more like this)" if f.affects > 1 else "")
        + f". Next: {f.next_step.words}"
        for f in findings[:_MOST_NOTES]
    ]
    left = len(findings) - _MOST_NOTES
    return (*told, f"{left} more findings of lower rank") if left > 0 else tuple(told)


def clip(text: str, longest: int = _LONGEST) -> str:
    """A cell's worth of a long text; what is cut is marked."""
    return text if len(text) <= longest else f"{excerpt(text, 0, longest - 1).rstrip()}…"
