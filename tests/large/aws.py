"""An account of 400 instances, 500 alarms, 1,000 buckets, 300 log groups and 600 usage types.

Its variants have an ALARM of its own reason everywhere, tags of 256 characters, 17 regions.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from fivetabs.core import Connection, NotFound
from fivetabs.providers.aws.port import READS, Account, Step
from fivetabs.providers.aws.shapes.paging import every_page
from tests.large import logs
from tests.large.closed import refuse
from tests.large.dice import app, digits, prose

Json = dict[str, Any]
CLOCK = datetime(2026, 3, 12, 10, 14, tzinfo=UTC)
ACCOUNT = "123456789012"
HOME = "eu-west-1"
CHATTY = "/large/chatty"
REGIONS = tuple(
    f"{area}-{number}"
    for area in ("eu-west", "eu-central", "us-east", "us-west", "ap-south", "sa-east")
    for number in (1, 2, 3)
)[:17]
_MADE = datetime(2026, 1, 19, 9, 0, tzinfo=UTC)
_SERVICES = 40
_USAGES = 600
_ROSE, _RISING = date(2026, 3, 5), 123
RISEN = "type123"
_EVENTS = 10_000


@dataclass(frozen=True)
class Truth:
    """What there is. Alarms by name with their state, impaired instances, public buckets."""

    instances: frozenset[str]
    impaired: frozenset[str]
    alarms: Mapping[str, str]
    buckets: frozenset[str]
    public: frozenset[str]
    groups: frozenset[str]


@dataclass(frozen=True)
class Wide:
    """The account. Everything is in its home region, or spread over as many as `covers` names."""

    covers: tuple[str, ...] = (HOME,)
    all_firing: bool = False
    long_tags: bool = False
    lines: int = 20_000
    name: str = ACCOUNT
    list_seconds: float = 60.0
    asked: list[str] = field(default_factory=list[str])

    async def preview(self, step: object, /) -> None:
        """Whatever it is, it may be done."""

    async def regions(self) -> tuple[str, ...]:
        """Where it is."""
        return self.covers

    async def read(self, service: str, operation: str, region: str = "", **params: Any) -> Json:
        """One page, whatever page is asked for."""
        assert operation in READS[service]
        self.asked.append(operation)
        return self._answer(operation, region or HOME, params)

    def pages(
        self, service: str, operation: str, region: str = "", **params: Any
    ) -> AsyncIterator[Json]:
        """Pages as the account gives them."""
        return every_page(
            operation, lambda more: self.read(service, operation, region, **{**params, **more})
        )

    def now(self) -> datetime:
        """The clock stands still."""
        return CLOCK

    @property
    def truth(self) -> Truth:
        """What there is, by the same functions that make it."""
        instances, alarms, buckets = range(400), range(500), range(1000)
        return Truth(
            frozenset(map(instance_id, instances)),
            frozenset(instance_id(n) for n in instances if _impaired(n)),
            {_alarm_name(n): self._state(n) for n in alarms},
            frozenset(map(_bucket, buckets)),
            frozenset(_bucket(n) for n in buckets if _public(n)),
            frozenset(map(_group, range(300))),
        )

    def _answer(self, operation: str, region: str, params: Mapping[str, Any]) -> Json:
        here = self._here(region)
        match operation:
            case "DescribeInstances":
                made = [self._instance(n) for n in range(400) if here(n)]
                return {"Reservations": [{"Instances": made}]}
            case "DescribeInstanceStatus":
                return {"InstanceStatuses": [_status(n) for n in range(400) if here(n)]}
            case "DescribeAlarms":
                return {"MetricAlarms": [self._alarm(n, region) for n in range(500) if here(n)]}
            case "GetCostAndUsage":
                return {"ResultsByTime": list(_days(params["TimePeriod"]))}
            case "DescribeLogGroups":
                return {
                    "logGroups": [g for g in _groups(params) if here(int(g["metricFilterCount"]))]
                }
            case _:
                return _others(operation, params, self.lines)

    def _here(self, region: str) -> Any:
        place = self.covers.index(region) if region in self.covers else -1

        def here(number: int) -> bool:
            return number % len(self.covers) == place

        return here

    def _state(self, number: int) -> str:
        return (
            "ALARM" if self.all_firing else ("OK", "ALARM", "INSUFFICIENT_DATA", "OK")[number % 4]
        )

    def _alarm(self, number: int, region: str) -> Json:
        name = _alarm_name(number)
        when = CLOCK - timedelta(minutes=7 * number + 3)
        own = prose(f"alarm/{number}", 60) if self.all_firing else "Threshold Crossed"
        return {
            "AlarmName": name,
            "AlarmArn": f"arn:aws:cloudwatch:{region}:{ACCOUNT}:alarm:{name}",
            "ActionsEnabled": True,
            "AlarmActions": [f"arn:aws:sns:{region}:{ACCOUNT}:oncall"],
            "StateValue": self._state(number),
            "StateUpdatedTimestamp": when,
            "StateTransitionedTimestamp": when,
            "StateReason": f"{own}: 1 datapoint [{number}.0] was greater than the threshold (1.0).",
            "Namespace": "AWS/SQS",
            "MetricName": f"Metric{number if self.all_firing else number % 40}",
            "Statistic": "Maximum",
            "Dimensions": [{"Name": "QueueName", "Value": f"queue-{number}"}],
            "Period": 60,
            "EvaluationPeriods": 1,
            "Threshold": 1.0,
            "ComparisonOperator": "GreaterThanThreshold",
        }

    def _instance(self, number: int) -> Json:
        name = f"{app(number % 90)}-{number // 90}"
        tags = [{"Key": "Name", "Value": name}]
        if self.long_tags:
            tags = [{"Key": "Name", "Value": prose(f"tag/{number}", 60)[:256]}]
            tags += [{"Key": f"{'k' * 120}{n}", "Value": "v" * 256} for n in range(40)]
        state = "stopped" if number % 20 == 19 else "running"
        return {
            "InstanceId": instance_id(number),
            "InstanceType": ("m5.large", "t3.small", "c6g.xlarge")[number % 3],
            "LaunchTime": CLOCK - timedelta(days=number % 300 + 1),
            "State": {"Name": state},
            "Placement": {"AvailabilityZone": f"{HOME}{'abc'[number % 3]}"},
            "PrivateIpAddress": f"10.0.{number // 250}.{number % 250}",
            "Tags": tags,
        }


@asynccontextmanager
async def opened(account: Wide) -> AsyncGenerator[Connection[Account, Step]]:
    """The account as the house opens one."""

    yield Connection(account, refuse, f"aws:{ACCOUNT}/{HOME}", account.now)


def _others(operation: str, params: Mapping[str, Any], lines: int) -> Json:
    match operation:
        case "ListBuckets":
            return {"Buckets": [_told(n) for n in range(1000)]}
        case "GetBucketPolicyStatus":
            public = _public(int(params["Bucket"].rpartition("-")[2]))
            return {"PolicyStatus": {"IsPublic": public}}
        case "GetBucketAcl":
            return {"Owner": {}, "Grants": []}
        case "GetBucketLocation":
            return {"LocationConstraint": HOME}
        case "FilterLogEvents":
            return _filtered(params, lines)
        case "DescribeLogStreams":
            last = round(logs.END.timestamp() * 1000)
            return {"logStreams": [{"logStreamName": "one", "lastEventTimestamp": last}]}
        case "StartQuery":
            return {"queryId": "one"}
        case "GetQueryResults":
            return {"status": "Complete", "results": [_found(n) for n in range(1000)]}
        case "StopQuery":
            return {"success": True}
        case "GetCallerIdentity":
            return {"Account": ACCOUNT}
        case "GetPublicAccessBlock":
            raise NotFound(f"{operation}: there is none")
        case _:
            return {}


def instance_id(number: int) -> str:
    """The id of the instance of this number."""
    return f"i-{digits(f'instance/{number}', 17)}"


def _impaired(number: int) -> bool:
    return number % 13 == 5 and number % 20 != 19


def _status(number: int) -> Json:
    status = "impaired" if _impaired(number) else "ok"
    checked = {"Status": status, "Details": [{"Name": "reachability", "Status": "failed"}]}
    return {"InstanceId": instance_id(number), "InstanceStatus": checked}


def _alarm_name(number: int) -> str:
    return f"{app(number % 300)}-depth-{number}"


def _bucket(number: int) -> str:
    return f"company-{app(number % 250)}-{number}"


def _public(number: int) -> bool:
    return number % 25 == 7


def _told(number: int) -> Json:
    return {"Name": _bucket(number), "BucketRegion": HOME, "CreationDate": _MADE}


def _days(period: Mapping[str, str]) -> Iterator[Json]:
    day, end = (date.fromisoformat(period[key]) for key in ("Start", "End"))
    while day < end:
        groups = [_usage(number, day) for number in range(_USAGES)]
        yield {"TimePeriod": {"Start": day.isoformat()}, "Groups": groups}
        day += timedelta(days=1)


def _usage(number: int, day: date) -> Json:
    keys = [f"Amazon Service {number % _SERVICES}", f"EU-Usage:{app(number % 300)}.type{number}"]
    amount = {"Amount": f"{_amount(number, day):.4f}", "Unit": "USD"}
    return {"Keys": keys, "Metrics": {"UnblendedCost": amount}}


def _amount(number: int, day: date) -> float:
    return 1.0 + number % 17 + (40.0 if number == _RISING and day >= _ROSE else 0.0)


def total(days: int) -> float:
    """What the last so many whole days cost."""
    today = CLOCK.date()
    dates = [today - timedelta(days=n) for n in range(1, days + 1)]
    return round(sum(_amount(number, day) for day in dates for number in range(_USAGES)), 2)


def services() -> frozenset[str]:
    """Every service that costs something."""
    return frozenset(f"Amazon Service {number}" for number in range(_SERVICES))


def _group(number: int) -> str:
    return CHATTY if not number else f"/large/{app(number)}/{number}"


def _groups(params: Mapping[str, Any]) -> Iterator[Json]:
    prefix, part = params.get("logGroupNamePrefix", ""), params.get("logGroupNamePattern", "")
    for number in range(300):
        name = _group(number)
        if name.startswith(prefix) and part in name:
            yield {
                "logGroupName": name,
                "creationTime": round(_MADE.timestamp() * 1000),
                "metricFilterCount": number,
                "arn": f"arn:aws:logs:{HOME}:{ACCOUNT}:log-group:{name}:*",
                "storedBytes": number * 1_000_003,
                "logGroupClass": "STANDARD",
                **({"retentionInDays": 30} if number % 3 else {}),
            }


def _filtered(params: Mapping[str, Any], lines: int) -> Json:
    """Events of the chatty group, newest first where that is asked; of others a few."""
    count = lines if params["logGroupName"] == CHATTY else 20
    begin, end = (params.get(key) for key in ("startTime", "endTime"))
    first = 0 if begin is None else _number(begin, count)
    last = count if end is None else _number(end + 1, count)
    done = int(params.get("nextToken", 0))
    forward = params.get("startFromHead", True)
    low = first + done if forward else max(first, last - done - _EVENTS)
    high = min(last, low + _EVENTS) if forward else last - done
    events = [_event(number, count) for number in range(low, high)]
    page: Json = {"events": events if forward else events[::-1]}
    left = high < last if forward else low > first
    return page | ({"nextToken": str(done + _EVENTS)} if left else {})


def _number(milliseconds: int, count: int) -> int:
    """The first line at or after a time."""
    passed = milliseconds / 1000 - logs.at(0, count).timestamp()
    return min(count, max(0, -int(-passed * 20 // 1)))


def _event(number: int, count: int) -> Json:
    when = round(logs.at(number, count).timestamp() * 1000)
    told = {"logStreamName": "one", "timestamp": when, "ingestionTime": when}
    return {**told, "message": logs.line(number, count), "eventId": f"{number:020}"}


def _found(number: int) -> list[Json]:
    row = {
        "@timestamp": "2026-03-12 10:00:00.000",
        "@logStream": "one",
        "@message": logs.line(number),
    }
    return [{"field": name, "value": value} for name, value in row.items()]
