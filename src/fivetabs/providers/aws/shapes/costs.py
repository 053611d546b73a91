"""Daily costs by service and usage type, and how a window of days moved against the one before."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from fivetabs.core import Subject, term

_WEEK = 7
_DAY = timedelta(days=1)
METRIC = "UnblendedCost"

Line = tuple[str, str]
"""A service and a usage type."""


@dataclass(frozen=True, slots=True)
class Window:
    """`days` complete days up to yesterday, and as many before them on the same weekdays."""

    first: date
    today: date
    days: int

    @property
    def shift(self) -> timedelta:
        """How far back the baseline lies: whole weeks, so that weekdays meet weekdays."""
        return timedelta(days=_WEEK * math.ceil(self.days / _WEEK))

    @property
    def dates(self) -> tuple[date, ...]:
        """The complete days, oldest first."""
        return tuple(self.first + n * _DAY for n in range(self.days))

    @property
    def asked(self) -> Mapping[str, str]:
        """The TimePeriod that covers baseline, window and today (the end is exclusive)."""
        start, end = self.first - self.shift, self.today + _DAY
        return {"Start": start.isoformat(), "End": end.isoformat()}


@dataclass(frozen=True, slots=True)
class Day:
    """What one UTC day cost. `estimated` until AWS closes the month's bill."""

    date: date
    lines: Mapping[Line, float]
    estimated: bool

    @property
    def total(self) -> float:
        """The sum of the day's lines."""
        return math.fsum(self.lines.values())


@dataclass(frozen=True, slots=True)
class Move:
    """One usage type's cost in the window and in the baseline, and the first day it differed."""

    subject: Subject
    service: str
    usage_type: str
    cost: float
    before: float
    first_day: date | None
    share: float
    currency: str

    @property
    def change(self) -> float:
        """More (or, negative, less) than in the baseline."""
        return self.cost - self.before


def window(days: int, today: date) -> Window:
    """The last `days` complete UTC days before `today`."""
    return Window(today - days * _DAY, today, days)


def parse_days(pages: Iterable[Mapping[str, Any]]) -> tuple[dict[date, Day], str]:
    """Read the pages of GetCostAndUsage by SERVICE and USAGE_TYPE; a day may span pages.

    Returns the days by date, and the currency.
    """
    lines: dict[date, dict[Line, float]] = {}
    estimated: set[date] = set()
    currency = ""
    for result in (each for page in pages for each in page.get("ResultsByTime", ())):
        day = date.fromisoformat(result["TimePeriod"]["Start"][:10])
        into = lines.setdefault(day, {})
        if result.get("Estimated"):
            estimated.add(day)
        for group in result.get("Groups", ()):
            service, usage_type = (*group["Keys"], "", "")[:2]
            amount = group["Metrics"][METRIC]
            currency = currency or term(amount.get("Unit", ""))
            key = (service, usage_type)
            into[key] = into.get(key, 0.0) + float(amount["Amount"])
    return {day: Day(day, into, day in estimated) for day, into in lines.items()}, currency


def sums(days: Mapping[date, Day], dates: Iterable[date]) -> dict[Line, float]:
    """The cost of each line over some dates; a date without data costs nothing."""
    found: dict[Line, list[float]] = {}
    for day in (days[d] for d in dates if d in days):
        for line, cost in day.lines.items():
            found.setdefault(line, []).append(cost)
    return {line: math.fsum(costs) for line, costs in found.items()}


def by_service(lines: Mapping[Line, float]) -> dict[str, float]:
    """The same costs by service alone."""
    found: dict[str, list[float]] = {}
    for (service, _), cost in lines.items():
        found.setdefault(service, []).append(cost)
    return {service: math.fsum(costs) for service, costs in found.items()}


def moves(
    days: Mapping[date, Day], span: Window, *, account: str, currency: str
) -> tuple[Move, ...]:
    """Every usage type whose cost differs from the baseline, the largest difference first.

    `share` is the difference as a part of the whole baseline.
    """
    now = sums(days, span.dates)
    then = sums(days, (d - span.shift for d in span.dates))
    whole = math.fsum(then.values()) or 1.0
    found = (
        Move(
            subject=Subject("aws", account, ("ce", line[1] or line[0])),
            service=line[0],
            usage_type=line[1],
            cost=now.get(line, 0.0),
            before=then.get(line, 0.0),
            first_day=_first_day(line, days, span),
            share=(now.get(line, 0.0) - then.get(line, 0.0)) / whole,
            currency=currency,
        )
        for line in now.keys() | then.keys()
    )
    moved = (move for move in found if abs(move.change) >= 0.005)  # noqa: PLR2004  (half a cent)
    return tuple(sorted(moved, key=lambda m: (-abs(m.change), m.usage_type)))


def _first_day(line: Line, days: Mapping[date, Day], span: Window) -> date | None:
    """The day since which, to the window's end, the line stays half its largest step away."""
    steps = [_cost(line, days, d) - _cost(line, days, d - span.shift) for d in span.dates]
    return _since(steps, span.dates)


def _since(steps: Sequence[float], dates: Sequence[date]) -> date | None:
    largest = max(steps, key=abs, default=0.0)
    first = None
    for step, day in zip(reversed(steps), reversed(dates), strict=True):
        if step * largest <= 0 or abs(step) < abs(largest) / 2:
            break
        first = day
    return first


def _cost(line: Line, days: Mapping[date, Day], day: date) -> float:
    return days[day].lines.get(line, 0.0) if day in days else 0.0
