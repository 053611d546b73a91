"""What the alarms say."""

from collections.abc import Iterator

from fivetabs.core import Evidence, Found, Severity, rule, stamp, term
from fivetabs.core.patterns import Pattern
from fivetabs.providers.aws.shapes.alarms import Alarm

_INSTANCE = Pattern(r"i-[0-9a-f]{8,17}")


@rule("AWS201", Severity.CRITICAL)
def metric_alarm(alarm: Alarm) -> Iterator[Found]:
    """A metric alarm is in ALARM.

    Look at the resource in its dimensions; its reason names the datapoints that crossed.
    """
    if alarm.state == "ALARM" and not alarm.composite and not alarm.scaling:
        ids = dict(alarm.dimensions)
        instance = ids.get("InstanceId", "")
        # A dimension's value is any text; only what is an id becomes an argument.
        instance = instance if _INSTANCE.fullmatch(instance) else ""
        yield Found(
            alarm.subject,
            f"{term(alarm.name)} is in ALARM{_since(alarm)}: {alarm.watches}",
            _reason(alarm),
            since=alarm.since,
            tool="list_ec2_instances" if instance else "",
            arguments={"name": instance} if instance else {},
        )


@rule("AWS202", Severity.WARNING)
def composite_alarm(alarm: Alarm) -> Iterator[Found]:
    """A composite alarm is in ALARM.

    It only follows others: look at the alarms that its rule names.
    """
    if alarm.state == "ALARM" and alarm.composite:
        yield Found(
            alarm.subject,
            f"{term(alarm.name)} is in ALARM{_since(alarm)}: {alarm.watches}",
            _reason(alarm),
            since=alarm.since,
            words=f"It follows {', '.join(map(term, alarm.children))}." if alarm.children else "",
        )


@rule("AWS203", Severity.INFO)
def no_data(alarm: Alarm) -> Iterator[Found]:
    """An alarm has no data to judge by.

    Check that its metric is still published with exactly these dimensions; until then nothing
    would ring.
    """
    if alarm.state == "INSUFFICIENT_DATA":
        yield Found(
            alarm.subject,
            f"{term(alarm.name)} has had no data{_since(alarm)}: {alarm.watches}",
            _reason(alarm),
            since=alarm.since,
            fold=alarm.metric,
        )


@rule("AWS204", Severity.INFO)
def nobody_told(alarm: Alarm) -> Iterator[Found]:
    """An alarm is in ALARM and tells nobody.

    Enable its actions, or give it one.
    """
    if alarm.state == "ALARM" and not alarm.composite and not alarm.notifies:
        cause = f"{term(alarm.name)} is in ALARM and its actions are off or none"
        yield Found(alarm.subject, cause, fold="nobody told")


def _since(alarm: Alarm) -> str:
    return f" since {stamp(alarm.since)}" if alarm.since else ""


def _reason(alarm: Alarm) -> tuple[Evidence, ...]:
    when = stamp(alarm.since) if alarm.since else ""
    return (Evidence(quote=alarm.reason, source="cloudwatch:DescribeAlarms", time=when),)
