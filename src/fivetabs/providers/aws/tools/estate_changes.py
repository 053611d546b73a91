"""What changed in an account since a time: who wrote what, alarms that turned, launches."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from fivetabs.core import Change, History, Nature, Scope, Subject, quoted, stamp, term
from fivetabs.core.patterns import Pattern
from fivetabs.providers.aws.port import Account
from fivetabs.providers.aws.shapes.instances import Instance, parse_instance
from fivetabs.providers.aws.shapes.scaling import parse_activity
from fivetabs.providers.aws.shapes.trails import Written, parse_written
from fivetabs.providers.aws.tools.estate_lists import Lists

_AT_A_TIME = 4
_WRITES = ({"AttributeKey": "ReadOnly", "AttributeValue": "false"},)
_TURNED = Pattern(r"from (\w+) to (\w+)")
_STOPPED = Pattern(r"\((\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (?:GMT|UTC)\)")
_LONGEST = 200


async def changes(account: Account, since: datetime, _scope: Scope) -> History:
    """Write events, alarm transitions, launches, stops and scaling, oldest first.

    Raises:
        Fault: If not even the regions are known.
    """
    gate = asyncio.Semaphore(_AT_A_TIME)

    async def one(region: str) -> tuple[list[Change], list[str]]:
        async with gate:
            lists = Lists(account, region)
            return await _in_region(lists, since), lists.missing

    got = await asyncio.gather(*map(one, await account.regions()))
    found = sorted(
        (change for changes, _ in got for change in changes),
        key=lambda c: (c.when, str(c.subject), c.what),
    )
    missing = tuple(sorted(line for _, lines in got for line in lines))
    kinds = "CloudTrail write events, alarm history, launches and scaling"
    checked = f"{kinds} since {stamp(since)} (CloudTrail lags by up to 15 minutes)"
    return History(tuple(found), (checked,), missing)


async def _in_region(lists: Lists, since: datetime) -> list[Change]:
    start = stamp(since)
    writes, turned, reservations, activities = await asyncio.gather(
        lists.every(
            *("CloudTrail", "cloudtrail", "LookupEvents", "Events"),
            LookupAttributes=list(_WRITES),
            StartTime=start,
            MaxResults=50,
        ),
        lists.every(
            *("alarm history", "cloudwatch", "DescribeAlarmHistory", "AlarmHistoryItems"),
            HistoryItemType="StateUpdate",
            StartDate=start,
            MaxRecords=100,
        ),
        lists.every("instances", "ec2", "DescribeInstances", "Reservations", MaxResults=1000),
        lists.every("scaling activities", "autoscaling", "DescribeScalingActivities", "Activities"),
    )
    where = {"account": lists.account.name, "region": lists.region}
    target = f"{lists.account.name}/{lists.region}"
    raw = (each for group in reservations or () for each in group.get("Instances", ()))
    return [
        *_written([parse_written(each, **where) for each in writes or ()], since),
        *(c for each in turned or () if (c := _turn(each, target, since))),
        *(c for each in raw for c in _launches(_instance(lists, each), since)),
        *(c for each in activities or () if (c := _scaled(each, target, since))),
    ]


def _instance(lists: Lists, raw: Mapping[str, Any]) -> Instance:
    return parse_instance(raw, account=lists.account.name, region=lists.region)


def _written(events: Sequence[Written], since: datetime) -> Iterator[Change]:
    """Equal writes by the same hand to the same thing are one, the last of them."""
    groups: dict[tuple[str, ...], list[Written]] = {}
    for each in events:
        if not each.noise and each.when >= since:
            key = (str(each.subject), each.name, each.who, each.details, each.refused)
            groups.setdefault(key, []).append(each)
    for group in groups.values():
        last = max(group, key=lambda e: e.when)
        refused = f" was refused ({term(last.refused)})" if last.refused else ""
        yield Change(
            subject=last.subject,
            when=last.when.astimezone(UTC),
            what=f"{term(last.name)}{refused}",
            source="CloudTrail",
            who=last.who,
            after=last.details,
            count=len(group),
        )


def _turn(raw: dict[str, object], target: str, since: datetime) -> Change | None:
    when, words = raw["Timestamp"], str(raw.get("HistorySummary", ""))
    turned = _TURNED.search(words)
    if not isinstance(when, datetime) or when < since:
        return None
    subject = Subject("aws", target, ("cloudwatch", str(raw.get("AlarmName", ""))))
    before, after = turned.groups() if turned else ("", "")
    what = f"alarm went to {after}" if after else quoted(words)
    nature = Nature.FOLLOWED if after == "OK" else Nature.FAILED
    return Change(
        *(subject, when.astimezone(UTC), what, "alarm history"),
        before=before,
        after=after,
        nature=nature,
    )


def _launches(instance: Instance, since: datetime) -> Iterator[Change]:
    """A launch (a start after a stop is one too), or the end that the instance itself tells of."""
    launched = instance.launched
    if launched and launched >= since:
        when, after = launched.astimezone(UTC), instance.type
        yield Change(
            *(instance.subject, when, "instance launched or started", "ec2"),
            after=after,
            nature=Nature.FOLLOWED,
        )
    told = _STOPPED.search(instance.reason)
    if told and instance.state != "running":
        when = datetime.fromisoformat(told[1]).replace(tzinfo=UTC)
        if when >= since:
            what = f"instance {instance.state}: {quoted(instance.reason)}"
            yield Change(
                *(instance.subject, when, what, "ec2"),
                after=instance.state,
                nature=Nature.FOLLOWED,
            )


def _scaled(raw: dict[str, object], target: str, since: datetime) -> Change | None:
    activity = parse_activity(raw)
    when = activity.start
    if when is None or when < since:
        return None
    why = f": {quoted(activity.message[:_LONGEST])}" if activity.failed else ""
    return Change(
        subject=Subject("aws", target, ("asg", activity.group)),
        when=when.astimezone(UTC),
        what=f"{quoted(activity.what)}, {activity.status.lower()}{why}",
        source="scaling activities",
        nature=Nature.FAILED if activity.failed else Nature.FOLLOWED,
    )
