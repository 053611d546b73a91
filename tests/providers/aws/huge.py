"""An account far larger than an answer: what the budgets are held against."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from fivetabs.app.calls import App, open_app
from fivetabs.app.settings import AppSettings
from fivetabs.core import Connection
from fivetabs.providers.aws import PROVIDER
from fivetabs.providers.aws.demo import CLOCK
from fivetabs.providers.aws.port import PAGES, Account, Json

_WHEN = datetime(2026, 3, 1, tzinfo=UTC)
_EVENTS = 25_000
_PAGE = 10_000


@dataclass(frozen=True)
class Huge:
    """400 instances (58 impaired), 300 alarms, 250 buckets, 600 usage types, 600 log groups."""

    name: str = "123456789012"
    list_seconds: float = 60.0

    async def preview(self, step: object, /) -> None:
        raise AssertionError(f"nothing is changed here: {step}")

    async def regions(self) -> tuple[str, ...]:
        return ("eu-west-1",)

    async def read(self, service: str, operation: str, region: str = "", **params: Any) -> Json:
        if operation == "GetCostAndUsage":
            return {"ResultsByTime": self._days(params["TimePeriod"])}
        if operation == "GetBucketPolicyStatus":
            return {"PolicyStatus": {"IsPublic": params["Bucket"].endswith("7")}}
        if service == "logs":
            return self._logs(operation, params)
        return self._listing(operation, f"{service} in {region}")

    def _listing(self, operation: str, place: str) -> Json:
        assert place
        match operation:
            case "DescribeInstances":
                return {"Reservations": [{"Instances": [self._instance(n) for n in range(400)]}]}
            case "DescribeInstanceStatus":
                return {"InstanceStatuses": [self._status(n) for n in range(400)]}
            case "DescribeAlarms":
                return {"MetricAlarms": [self._alarm(n) for n in range(300)]}
            case "ListBuckets":
                return {"Buckets": [self._bucket(n) for n in range(250)]}
            case _:
                return {}

    def _logs(self, operation: str, params: Mapping[str, Any]) -> Json:
        match operation:
            case "DescribeLogGroups":
                prefix = params.get("logGroupNamePrefix", "")
                groups = [self._group(n) for n in range(600)]
                return _page([g for g in groups if g["logGroupName"].startswith(prefix)], params)
            case "FilterLogEvents":
                return self._events(params)
            case "StartQuery":
                return {"queryId": "q"}
            case "GetQueryResults":
                return self._results()
            case _:
                return {}

    def _events(self, params: Mapping[str, Any]) -> Json:
        assert params["startFromHead"] is False
        start = int(params.get("nextToken", 0))
        last = min(start + _PAGE, _EVENTS)
        now = round(CLOCK.timestamp() * 1000)
        page: Json = {
            "events": [
                {
                    "timestamp": now - n * 100,
                    "logStreamName": f"pod-{n % 7}",
                    "eventId": f"{_EVENTS - n}",
                    "message": f"INFO  GET /orders/{n} 200 {n % 90}ms in {n % 13} steps",
                }
                for n in range(start, last)
            ]
        }
        return page | ({"nextToken": str(last)} if last < _EVENTS else {})

    def _results(self) -> Json:
        rows = [
            [
                {"field": "@timestamp", "value": f"2026-03-12 10:{n % 60:02d}:00.000"},
                {"field": "@message", "value": f"ERROR payment {n} of order {n * 7} was refused"},
            ]
            for n in range(1000)
        ]
        told = {"recordsMatched": 4e4, "recordsScanned": 5e6, "bytesScanned": 7e9}
        return {"status": "Complete", "results": rows, "statistics": told | {"resultCount": 1e3}}

    async def pages(
        self, service: str, operation: str, region: str = "", **params: Any
    ) -> AsyncIterator[Json]:
        token: Json = {}
        while True:
            page = await self.read(service, operation, region, **params, **token)
            yield page
            if not (more := page.get(PAGES[operation].told)):
                return
            token = {PAGES[operation].asked: more}

    def now(self) -> datetime:
        return CLOCK

    def _instance(self, n: int) -> Json:
        return {
            "InstanceId": f"i-{n:017x}",
            "InstanceType": "m5.large",
            "LaunchTime": _WHEN,
            "State": {"Name": "running"},
            "Placement": {"AvailabilityZone": f"eu-west-1{'abc'[n % 3]}"},
            "PrivateIpAddress": f"10.0.{n // 250}.{n % 250}",
            "Tags": [{"Key": "Name", "Value": f"shop-{('web', 'api', 'db', 'job')[n % 4]}-{n}"}],
        }

    def _status(self, n: int) -> Json:
        status = {"Status": "impaired" if n % 7 == 0 else "ok"}
        return {"InstanceId": f"i-{n:017x}", "InstanceStatus": status}

    def _alarm(self, n: int) -> Json:
        return {
            "AlarmName": f"alarm-of-something-{n}",
            "StateValue": ("ALARM", "OK", "INSUFFICIENT_DATA")[n % 3],
            "StateUpdatedTimestamp": _WHEN,
            "StateReason": "Threshold Crossed: 1 datapoint was greater than the threshold (1.0)",
            "Namespace": "AWS/SQS",
            "MetricName": f"Metric{n % 40}",
            "Statistic": "Sum",
            "Dimensions": [{"Name": "QueueName", "Value": f"queue-{n}"}],
            "Period": 60,
            "EvaluationPeriods": 1,
            "Threshold": 1.0,
            "ComparisonOperator": "GreaterThanThreshold",
        }

    def _bucket(self, n: int) -> Json:
        return {"Name": f"company-data-{n}", "BucketRegion": "eu-west-1", "CreationDate": _WHEN}

    def _group(self, n: int) -> Json:
        told = {
            "logGroupName": f"/{('aws/lambda', 'shop', 'ecs')[n % 3]}/service-{n}",
            "storedBytes": n * 7_654_321,
            "creationTime": round(_WHEN.timestamp() * 1000),
        }
        return told | ({"retentionInDays": 30} if n % 5 else {})

    def _days(self, period: Mapping[str, str]) -> list[Json]:
        start = datetime.fromisoformat(period["Start"])
        days = (datetime.fromisoformat(period["End"]) - start).days
        return [self._day(start + timedelta(days=n), n) for n in range(days)]

    def _day(self, day: datetime, n: int) -> Json:
        groups = [
            {
                "Keys": [f"Service {k % 40}", f"EU-Usage:type{k}"],
                "Metrics": {"UnblendedCost": {"Amount": f"{k % 9 + n * k / 999}", "Unit": "USD"}},
            }
            for k in range(600)
        ]
        return {"TimePeriod": {"Start": day.date().isoformat()}, "Groups": groups}


def _page(items: list[Json], params: Mapping[str, Any]) -> Json:
    start = int(params.get("nextToken", 0))
    last = start + int(params["limit"])
    page: Json = {"logGroups": items[start:last]}
    return page | ({"nextToken": str(last)} if last < len(items) else {})


@asynccontextmanager
async def _connect(_: str | None) -> AsyncGenerator[Connection[Account, Any]]:
    yield Connection(Huge(), _refused, "aws:123456789012/eu-west-1", lambda: CLOCK)


async def _refused(_: object) -> str:
    raise AssertionError("nothing is changed here")


@asynccontextmanager
async def huge_app() -> AsyncGenerator[App]:
    """The whole path of a call, over the huge account."""
    marks = count()
    provider = replace(PROVIDER, demo=_connect)
    settings = AppSettings(demo=True, job_seconds=30)
    houses = {PROVIDER.name: PROVIDER.settings()}
    async with open_app((provider,), settings, houses, lambda: f"m{next(marks)}") as app:
        yield app
