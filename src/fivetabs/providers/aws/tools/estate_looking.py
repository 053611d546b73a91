"""A closer look at one suspect: its metric's last points, its own history."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from fivetabs.core import Closer, Evidence, Fault, Subject, stamp
from fivetabs.providers.aws.port import Account, Json
from fivetabs.providers.aws.shapes.snapshots import Place, Snapshot

_SHARE = 0.8  # of the time that a list may take
_SHOWN = 5
_POINTS = timedelta(hours=1)
Look = Callable[[Account, str, str], Awaitable[tuple[Evidence, ...]]]


async def look(account: Account, snapshot: Snapshot, subject: Subject) -> Closer:
    """What a second read tells of an instance, an alarm or a database; nothing of other kinds."""
    place = next((p for p in snapshot.places if subject.target.endswith(f"/{p.region}")), None)
    kind = subject.parts[0] if subject.parts else ""
    work = _LOOKS.get(kind)
    if place is None or work is None:
        return Closer(evidence=_known(place, subject))
    patience = _SHARE * account.list_seconds
    try:
        async with asyncio.timeout(patience):
            found = await work(account, place.region, subject.name)
    except TimeoutError:
        return Closer(missing=(f"{subject}: not read within {patience:.0f} s",))
    except Fault as fault:
        return Closer(_known(place, subject), missing=(f"{subject}: {fault.status}: {fault}",))
    return Closer((*_known(place, subject), *found))


def _known(place: Place | None, subject: Subject) -> tuple[Evidence, ...]:
    """What the snapshot itself says of an instance: its type, state and launch."""
    instances = place.instances if place else ()
    for i in instances:
        if i.subject == subject:
            launched = f", launched {stamp(i.launched)}" if i.launched else ""
            told = f"{i.type} in {i.zone}, {i.state}{launched}; checks: {i.checks.words}"
            return (Evidence(quote=told, source="ec2:DescribeInstances"),)
    return ()


async def _alarm(account: Account, region: str, name: str) -> tuple[Evidence, ...]:
    """Its last transitions, and the last points of its metric."""
    history, raw = await asyncio.gather(
        account.read(
            "cloudwatch",
            "DescribeAlarmHistory",
            region,
            AlarmName=name,
            HistoryItemType="StateUpdate",
            MaxRecords=_SHOWN,
        ),
        account.read("cloudwatch", "DescribeAlarms", region, AlarmNames=[name]),
    )
    told = [
        Evidence(
            quote=each.get("HistorySummary", ""),
            source=f"history of alarm {name}",
            time=stamp(each["Timestamp"]),
        )
        for each in history.get("AlarmHistoryItems", ())[:_SHOWN]
    ]
    for metric in raw.get("MetricAlarms", ()):
        told += await _points(account, region, metric)
    return tuple(told)


async def _points(account: Account, region: str, alarm: Mapping[str, Any]) -> list[Evidence]:
    query = _query(alarm)
    if query is None:
        return []
    now = account.now()
    raw = await account.read(
        "cloudwatch",
        "GetMetricData",
        region,
        MetricDataQueries=[query],
        StartTime=stamp(now - _POINTS),
        EndTime=stamp(now),
        ScanBy="TimestampDescending",
    )
    results: list[dict[str, Any]] = raw.get("MetricDataResults") or [{}]
    result = results[0]
    values = [f"{value:g}" for value in result.get("Values", ())[:10]]
    if not values:
        return []
    times = result.get("Timestamps", ())
    quote = f"{alarm['MetricName']}, newest first: {', '.join(values)}"
    time = stamp(times[0]) if times else ""
    return [Evidence(quote=quote, source="cloudwatch:GetMetricData", time=time)]


def _query(alarm: Mapping[str, Any]) -> Json | None:
    """The alarm's own metric; none for one that is computed from several."""
    stat = alarm.get("Statistic") or alarm.get("ExtendedStatistic")
    if not alarm.get("MetricName") or not stat:
        return None
    metric = {k: alarm[k] for k in ("Namespace", "MetricName", "Dimensions") if k in alarm}
    period = int(alarm.get("Period") or 60)
    return {"Id": "m", "MetricStat": {"Metric": metric, "Period": period, "Stat": stat}}


async def _database(account: Account, region: str, name: str) -> tuple[Evidence, ...]:
    raw = await account.read(
        "rds",
        "DescribeEvents",
        region,
        SourceIdentifier=name,
        SourceType="db-instance",
        Duration=1440,
    )
    return tuple(
        Evidence(
            quote=each.get("Message", ""),
            source=f"events of database {name}",
            time=stamp(each["Date"]) if each.get("Date") else "",
        )
        for each in raw.get("Events", ())[-_SHOWN:]
    )


_LOOKS: Mapping[str, Look] = MappingProxyType({"cloudwatch": _alarm, "rds": _database})
