"""A CloudWatch alarm, metric or composite, and in words what it watches."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from fivetabs.core import Subject, quoted, term
from fivetabs.core.patterns import Pattern

STATES = ("ALARM", "INSUFFICIENT_DATA", "OK")
_SIGNS: Mapping[str, str] = MappingProxyType(
    {
        "GreaterThanOrEqualToThreshold": ">=",
        "GreaterThanThreshold": ">",
        "LessThanThreshold": "<",
        "LessThanOrEqualToThreshold": "<=",
        "LessThanLowerOrGreaterThanUpperThreshold": "outside the band of",
        "LessThanLowerThreshold": "below the band of",
        "GreaterThanUpperThreshold": "above the band of",
    }
)
_CHILD = Pattern(r"\b(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*\"?([^\")]+?)\"?\s*\)")
_SCALING = "TargetTracking-"


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm. `children` are the alarms (names or ARNs) a composite's rule looks at.

    Names, dimensions, labels and rules are any text: `watches` and `metric` mark it themselves.
    """

    subject: Subject
    name: str
    region: str
    state: str
    since: datetime | None
    reason: str
    watches: str
    metric: str
    dimensions: tuple[tuple[str, str], ...]
    children: tuple[str, ...]
    composite: bool
    notifies: bool

    @property
    def scaling(self) -> bool:
        """Made by Auto Scaling target tracking: being in ALARM is its normal work."""
        return self.name.startswith(_SCALING)


def parse_alarm(raw: Mapping[str, Any], *, account: str, region: str) -> Alarm:
    """Read a MetricAlarm or a CompositeAlarm of DescribeAlarms."""
    rule = " ".join(raw.get("AlarmRule", "").split())
    name = raw["AlarmName"]
    return Alarm(
        subject=Subject("aws", f"{account}/{region}", ("cloudwatch", name)),
        name=name,
        region=region,
        state=term(raw.get("StateValue", "")),
        since=raw.get("StateTransitionedTimestamp") or raw.get("StateUpdatedTimestamp"),
        reason=raw.get("StateReason", ""),
        watches=quoted(rule) or _watches(raw),
        metric=f"{term(raw.get('Namespace', ''))} {term(raw.get('MetricName', ''))}".strip(),
        dimensions=_dimensions(raw.get("Dimensions", ())),
        children=tuple(child.rsplit(":alarm:", 1)[-1] for child in _CHILD.findall(rule)),
        composite="AlarmRule" in raw,
        notifies=bool(raw.get("ActionsEnabled", True) and raw.get("AlarmActions")),
    )


def _watches(raw: Mapping[str, Any]) -> str:
    what = _metric(raw) if raw.get("MetricName") else _expression(raw.get("Metrics", ()))
    operator = raw.get("ComparisonOperator", "")
    sign = _SIGNS.get(operator) or term(operator)
    limit = term(raw.get("ThresholdMetricId") or "") or f"{raw.get('Threshold', 0):g}"
    periods = raw.get("EvaluationPeriods", 1)
    points = raw.get("DatapointsToAlarm", periods)
    length = f" x {raw['Period']}s" if raw.get("Period") else ""
    return f"{what} {sign} {limit} for {points} of {periods}{length}"


def _metric(raw: Mapping[str, Any]) -> str:
    how = term(raw.get("Statistic") or raw.get("ExtendedStatistic") or "")
    where = ", ".join(term(f"{k}={v}") for k, v in _dimensions(raw.get("Dimensions", ())))
    named = f"{term(raw.get('Namespace', ''))} {term(raw['MetricName'])}"
    return f"{how} of {named}" + (f" [{where}]" if where else "")


def _expression(metrics: Any) -> str:
    for each in metrics:
        if each.get("ReturnData", True) and each.get("Expression"):
            return term(each.get("Label") or each["Expression"])
    for each in metrics:
        stat = each.get("MetricStat", {})
        if stat:
            return _metric({**stat.get("Metric", {}), "Statistic": stat.get("Stat")})
    return "a metric expression"


def _dimensions(raw: Any) -> tuple[tuple[str, str], ...]:
    return tuple((each["Name"], each["Value"]) for each in raw)
