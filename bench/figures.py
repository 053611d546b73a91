"""A figure beside its floor and its bar, and how it is printed."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import le
from statistics import median


@dataclass(frozen=True)
class Figure:
    """One measured number. `floor` is of the same run; `limit` bounds the value or its ratio."""

    what: str
    value: float
    unit: str
    floor: float | None = None
    bar: str = ""
    met: bool | None = None


@dataclass(frozen=True)
class Note:
    """What there is to say beside the numbers."""

    words: str


Line = Figure | Note


def at_most(
    what: str, value: float, unit: str, limit: float, *, floor: float | None = None
) -> Figure:
    """A figure whose value may not be above its bar."""
    return Figure(what, value, unit, floor, f"<= {limit:g} {unit}".strip(), le(value, limit))


def at_least(what: str, value: float, unit: str, limit: float) -> Figure:
    """A figure whose value may not be below its bar."""
    return Figure(what, value, unit, None, f">= {limit:g} {unit}".strip(), value >= limit)


def times(what: str, value: float, unit: str, limit: float, *, floor: float) -> Figure:
    """A figure that may not be above so many times its floor."""
    return Figure(what, value, unit, floor, f"<= {limit:g} x floor", value <= limit * floor)


def middle(values: Sequence[float]) -> float:
    """The median."""
    return median(values)


def printed(line: Line) -> str:
    """One line of the report."""
    if isinstance(line, Note):
        return f"    {line.words}"
    floor = "" if line.floor is None else f"floor {_number(line.floor)} {line.unit}"
    ratio = "" if not line.floor else f"ratio {line.value / line.floor:.2f}"
    value = f"{_number(line.value)} {line.unit}"
    bar = f"bar {line.bar}: {'met' if line.met else 'NOT MET'}" if line.bar else ""
    return f"    {line.what:44} {value:>14}  {floor:20} {ratio:12} {bar}".rstrip()


def _number(value: float) -> str:
    if value == int(value) or value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.3f}"
