"""Costs from Cost Explorer."""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date
from typing import Annotated

from pydantic import Field

from fivetabs.core import Detail, Finding, NotFound, Table, read, run_rules, term
from fivetabs.providers.aws.port import Account, Json
from fivetabs.providers.aws.rules.costs import usage_type_rose
from fivetabs.providers.aws.shapes.costs import (
    METRIC,
    Day,
    Move,
    Window,
    by_service,
    moves,
    parse_days,
    sums,
    window,
)

_PRICE = 0.01
_MOST_DAYS = 31
_WEEK = 7

Cells = tuple[str | int | float, ...]
Days = Annotated[int, Field(ge=1, le=90, description="Complete days to look at, 1 to 90.")]


@read(
    example={"days": 7},
    questions=(
        "What did AWS cost this week?",
        "Why did my AWS bill go up?",
        "Which AWS service do I spend the most money on?",
    ),
    title="Get AWS cost",
)
async def get_aws_cost(account: Account, /, days: Days = 7) -> Detail:
    """Get what AWS cost (bill, spend, money) over the last complete days: total, each day, each
    service, and the usage types that made it go up, with their first day, against the same weekdays
    before. Makes no forecast. For what runs use list_ec2_instances.
    """  # noqa: D205
    span = window(days, account.now().astimezone(UTC).date())
    pages = [page async for page in account.pages("ce", "GetCostAndUsage", **_question(span))]
    found, currency = parse_days(pages)
    if not any(found.get(day) and found[day].lines for day in (*span.dates, span.today)):
        raise NotFound(
            f"Cost Explorer has no costs for {span.first} to {span.today}",
            hint="it fills up to 24 h late; check days, and that this account sees its own bill",
        )
    moved = moves(found, span, account=account.name, currency=currency)
    findings = run_rules((usage_type_rose,), moved)
    return Detail(
        summary=_summary(found, span, currency, findings),
        facts=_facts(found, span, currency),
        tables=tuple(_tables(found, span, moved)),
        findings=findings,
        missing=tuple(_gaps(found, span)),
        notes=(
            f"Cost Explorer bills {_PRICE} USD for each request: this answer took {len(pages)}",
            f"before = {span.days} days on the same weekdays, from {span.first - span.shift}",
        ),
    )


def _question(span: Window) -> Json:
    """One request covers window and baseline: two would cost twice as much."""
    return {
        "TimePeriod": dict(span.asked),
        "Granularity": "DAILY",
        "Metrics": [METRIC],
        "GroupBy": [
            {"Type": "DIMENSION", "Key": "SERVICE"},
            {"Type": "DIMENSION", "Key": "USAGE_TYPE"},
        ],
    }


def _totals(found: Mapping[date, Day], span: Window) -> tuple[float, float]:
    now = math.fsum(found[d].total for d in span.dates if d in found)
    before = (d - span.shift for d in span.dates)
    return now, math.fsum(found[d].total for d in before if d in found)


def _summary(
    found: Mapping[date, Day], span: Window, currency: str, findings: Sequence[Finding]
) -> str:
    now, before = _totals(found, span)
    worst = f" Worst: {findings[0].cause}." if findings else " No usage type rose clearly."
    return (
        f"{now:.2f} {currency} in {span.days} complete days ({span.dates[0]} to {span.dates[-1]}), "
        f"{_change(now, before)} on the same weekdays before.{worst}"
    )


def _facts(
    found: Mapping[date, Day], span: Window, currency: str
) -> dict[str, str | int | float | bool]:
    now, before = _totals(found, span)
    today = found[span.today].total if span.today in found else 0.0
    estimated = [d for d in span.dates if d in found and found[d].estimated]
    return {
        "total": round(now, 2),
        "before": round(before, 2),
        "change": _change(now, before),
        "per day": round(now / span.days, 2),
        "currency": currency,
        "metric": METRIC,
        "today so far (unfinished, UTC)": round(today, 2),
        "days AWS still calls estimated": f"{len(estimated)} of {span.days}",
    }


def _tables(found: Mapping[date, Day], span: Window, moved: Sequence[Move]) -> Iterator[Table]:
    """A long window is told by weeks first, and by its days at the end."""
    days = _spans(found, span, 1, "per day, newest first")
    long = span.days > _MOST_DAYS
    yield _spans(found, span, _WEEK, "per seven days, newest first") if long else days
    yield _services(found, span)
    yield _moved(moved)
    if long:
        yield days


def _spans(found: Mapping[date, Day], span: Window, step: int, title: str) -> Table:
    rows: list[Cells] = []
    for start in range(0, span.days, step):
        dates = span.dates[start : start + step]
        now = math.fsum(found[d].total for d in dates if d in found)
        then = [d - span.shift for d in dates]
        before = math.fsum(found[d].total for d in then if d in found)
        name = f"{dates[0]:%a %Y-%m-%d}" if step == 1 else f"{dates[0]} to {dates[-1]}"
        rows.append((name, round(now, 2), round(before, 2), _change(now, before)))
    if span.today in found:
        today = round(found[span.today].total, 2)
        rows.append((f"{span.today:%a %Y-%m-%d}", today, "", "unfinished"))
    return Table(
        title=title,
        columns=("day", "cost", "before", "change"),
        rows=tuple(reversed(rows)),
        total=len(rows),
    )


def _services(found: Mapping[date, Day], span: Window) -> Table:
    now = by_service(sums(found, span.dates))
    then = by_service(sums(found, (d - span.shift for d in span.dates)))
    names = sorted(now.keys() | then.keys(), key=lambda n: (-now.get(n, 0.0), n))
    rows = [_compared(term(n), now.get(n, 0.0), then.get(n, 0.0)) for n in names]
    return Table(
        title="by service",
        columns=("service", "cost", "before", "change"),
        rows=tuple(rows),
        total=len(names),
    )


def _moved(moved: Sequence[Move]) -> Table:
    rows: tuple[Cells, ...] = tuple(
        (
            term(move.usage_type),
            term(move.service),
            round(move.cost, 2),
            round(move.before, 2),
            f"{move.change:+.2f}",
            move.first_day.isoformat() if move.first_day else "",
        )
        for move in moved
    )
    return Table(
        title="usage types that moved most",
        columns=("usage type", "service", "cost", "before", "change", "first day"),
        rows=rows,
        total=len(moved),
    )


def _compared(name: str, now: float, before: float) -> Cells:
    return (name, round(now, 2), round(before, 2), _change(now, before))


def _change(now: float, before: float) -> str:
    if before < 0.005:  # noqa: PLR2004  (nothing to compare with)
        return "new" if now >= 0.005 else "0.00"  # noqa: PLR2004
    return f"{now - before:+.2f} ({(now - before) / before:+.0%})"


def _gaps(found: Mapping[date, Day], span: Window) -> Iterator[str]:
    """Days Cost Explorer said nothing of: a comparison that uses them is not one."""
    for name, shift in (("window", 0), ("days before", 1)):
        days = [d - shift * span.shift for d in span.dates]
        empty = [d for d in days if d not in found or not found[d].lines]
        if empty:
            told = f"{empty[0]}" if len(empty) == 1 else f"{empty[0]} to {empty[-1]}"
            yield f"{len(empty)} of {span.days} {name} have no costs in Cost Explorer ({told})"
