"""One cell for the cells of many rows: their common value, their span, or the first of them."""

from collections.abc import Callable, Sequence

from fivetabs.core import Cell, parse_span, parse_time

_FEW = 3


def spread(values: Sequence[Cell]) -> Cell:
    """What many cells of one column have in common.

    One value where all are equal; `least..most` of numbers, ages and times; else the first three
    different ones and how many more there are.
    """
    different = list(dict.fromkeys(values))
    if len(different) == 1:
        return different[0]
    told = [value for value in different if value != ""]
    for read in (_number, _age, _time):
        if (ends := _ends(told, read)) is not None:
            return f"{ends[0]}..{ends[1]}"
    more = f" +{len(told) - _FEW}" if len(told) > _FEW else ""
    return ", ".join(map(str, told[:_FEW])) + more


def _ends(values: Sequence[Cell], read: Callable[[Cell], float | None]) -> tuple[Cell, Cell] | None:
    sizes = [(size, value) for value in values if (size := read(value)) is not None]
    if len(sizes) != len(values) or not sizes:
        return None
    return min(sizes, key=lambda s: s[0])[1], max(sizes, key=lambda s: s[0])[1]


def _number(value: Cell) -> float | None:
    return None if isinstance(value, str) else float(value)


def _age(value: Cell) -> float | None:
    try:
        return parse_span(str(value)).total_seconds()
    except ValueError:
        return None


def _time(value: Cell) -> float | None:
    try:
        return parse_time(str(value)).timestamp()
    except ValueError:
        return None
