"""CloudWatch alarms."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Annotated

from pydantic import AfterValidator, Field

from fivetabs.core import Cell, Finding, Listing, age, quoted, read, run_rules, stamp, term
from fivetabs.providers.aws.port import Account
from fivetabs.providers.aws.rules import alarms as rules
from fivetabs.providers.aws.shapes.alarms import STATES, Alarm, parse_alarm
from fivetabs.providers.aws.tools.regions import ask_regions
from fivetabs.providers.aws.tools.worst import worst_first

_COLUMNS = ("state", "alarm", "region", "for", "since", "watches", "why")
_RULES = (rules.metric_alarm, rules.composite_alarm, rules.no_data, rules.nobody_told)
_PAGE = 100
_ALONE = 10


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
    now = account.now()
    return Listing(
        summary=_summary(everything, asked.where, findings),
        columns=_COLUMNS,
        rows=tuple(_row(alarm, now) for alarm in chosen),
        total=len(chosen),
        missing=asked.missing,
        notes=(*worst_first(findings), *_scaling(chosen)),
        kin=tuple(_kin(alarm, place) for place, alarm in enumerate(chosen)),
        fold_on=("state", "region"),
        own=("watches", "why"),
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
    worst = f" Worst: {findings[0].cause}." if findings else ""
    return f"{told}; {rest}.{worst}"


def _scaling(alarms: Sequence[Alarm]) -> tuple[str, ...]:
    count = sum(alarm.scaling and alarm.state == "ALARM" for alarm in alarms)
    if not count:
        return ()
    return (f"{count} in ALARM belong to target-tracking scaling: that is how they work",)


def _row(alarm: Alarm, now: datetime) -> tuple[Cell, ...]:
    since = alarm.since
    return (
        alarm.state,
        term(alarm.name),
        alarm.region,
        age(since, now) if since else "",
        stamp(since) if since else "",
        alarm.watches,
        _why(alarm),
    )


def _why(alarm: Alarm) -> str:
    silent = alarm.state == "ALARM" and not alarm.composite and not alarm.notifies
    told = ("its actions are off or none, so it tells nobody",) if silent else ()
    return "; ".join(filter(None, (quoted(alarm.reason), *told)))


def _kin(alarm: Alarm, place: int) -> str:
    """Many alarms on one metric are told together, but for the first that ring."""
    if alarm.state == "ALARM" and not alarm.scaling and place < _ALONE:
        return ""
    return f"{alarm.metric} alarms" if alarm.metric else ""
