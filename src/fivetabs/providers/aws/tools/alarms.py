"""CloudWatch alarms."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Annotated

from pydantic import AfterValidator, Field

from fivetabs.core import Finding, Listing, age, quoted, read, run_rules, stamp, term
from fivetabs.providers.aws.port import Account
from fivetabs.providers.aws.rules import alarms as rules
from fivetabs.providers.aws.shapes.alarms import STATES, Alarm, parse_alarm
from fivetabs.providers.aws.tools.regions import ask_regions
from fivetabs.providers.aws.tools.rows import Folding, Row, clip, finding_notes, fold_rows

_COLUMNS = ("state", "alarm", "region", "for", "since", "watches", "why")
_RULES = (rules.metric_alarm, rules.composite_alarm, rules.no_data, rules.nobody_told)
_PAGE = 100


def _known_state(state: str) -> str:
    if state and state.upper() not in STATES:
        raise ValueError("an alarm is in ALARM, INSUFFICIENT_DATA or OK")
    return state.upper()


State = Annotated[
    str,
    AfterValidator(_known_state),
    Field(description="ALARM, INSUFFICIENT_DATA or OK; unset: all but OK."),
]


@read(
    example={},
    questions=(
        "Which CloudWatch alarms are firing?",
        "Are there any alarms in ALARM state right now?",
        "What does the alarm worker-c-status-check watch and why is it red?",
    ),
    title="Get CloudWatch alarms",
)
async def get_cloudwatch_alarms(account: Account, /, state: State = "") -> Listing:
    """Get CloudWatch alarms, metric and composite, those firing (red, in ALARM state) first: since
    when, why, and the metric and threshold each watches. Alarms that are OK are counted, and listed
    only with state=OK. For the instances behind them use list_ec2_instances.
    """  # noqa: D205
    asked = await ask_regions(account, partial(_alarms, account))
    everything = [alarm for _, found in asked.answers for alarm in found]
    wanted = (state,) if state else STATES[:2]
    chosen = [alarm for alarm in everything if alarm.state in wanted]
    findings = run_rules(_RULES, chosen)
    chosen.sort(key=lambda a: (STATES.index(a.state), a.scaling, a.composite, a.region, a.name))
    rows, notes = fold_rows(chosen, _folding(account.now()), narrow="narrow with state or target")
    return Listing(
        summary=_summary(everything, asked.where, findings),
        columns=_COLUMNS,
        rows=rows,
        total=len(chosen),
        missing=asked.missing,
        notes=(*finding_notes(findings), *_scaling(chosen), *notes),
    )


async def _alarms(account: Account, region: str) -> list[Alarm]:
    pages = account.pages(
        "cloudwatch",
        "DescribeAlarms",
        region,
        AlarmTypes=["MetricAlarm", "CompositeAlarm"],
        MaxRecords=_PAGE,
    )
    return [
        parse_alarm(raw, account=account.name, region=region)
        async for page in pages
        for raw in (*page.get("MetricAlarms", ()), *page.get("CompositeAlarms", ()))
    ]


def _summary(alarms: Sequence[Alarm], where: str, findings: Sequence[Finding]) -> str:
    counts = Counter(alarm.state for alarm in alarms)
    told = f"{counts['ALARM']} of {len(alarms)} CloudWatch alarms in {where} are in ALARM"
    rest = f"{counts['INSUFFICIENT_DATA']} with insufficient data, {counts['OK']} OK"
    worst = f" Worst: {clip(findings[0].cause, 200)}." if findings else ""
    return f"{told}; {rest}.{worst}"


def _scaling(alarms: Sequence[Alarm]) -> tuple[str, ...]:
    count = sum(alarm.scaling and alarm.state == "ALARM" for alarm in alarms)
    if not count:
        return ()
    return (f"{count} in ALARM belong to target-tracking scaling: that is how they work",)


def _folding(now: datetime) -> Folding[Alarm]:
    return Folding(
        row=lambda a: _row(a, now),
        alike=lambda alike: _alike(alike, now),
        key=lambda a: (a.state, a.scaling, a.metric or a.name, a.region),
        sick=lambda a: a.state == "ALARM" and not a.scaling,
    )


def _row(alarm: Alarm, now: datetime) -> Row:
    since = alarm.since
    return (
        alarm.state,
        term(alarm.name),
        alarm.region,
        age(since, now) if since else "",
        stamp(since) if since else "",
        clip(alarm.watches, 160),
        clip(quoted(alarm.reason), 160),
    )


def _alike(alike: Sequence[Alarm], now: datetime) -> Row:
    first = alike[0]
    times = [a.since for a in alike if a.since]
    ages = f"{age(max(times), now)} to {age(min(times), now)}" if times else ""
    names = ", ".join(term(a.name) for a in alike[:2])
    named = f"{len(alike)} alike: {clip(names, 60)}, …"
    return (first.state, named, first.region, ages, "", first.metric, "")
