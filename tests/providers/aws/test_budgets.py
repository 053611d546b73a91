"""On a huge account every answer stays within its budget and counts what it leaves out."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from fivetabs.app.render import structured, text
from fivetabs.core import Answer, Detail, Listing
from fivetabs.providers.aws import PROVIDER
from fivetabs.providers.aws.demo import CLOCK
from fivetabs.providers.aws.port import Account, Json

pytestmark = pytest.mark.anyio
TOOLS = {tool.name: tool for tool in PROVIDER.tools}
_WHEN = datetime(2026, 3, 1, tzinfo=UTC)
_CHARACTERS_A_TOKEN = 3.2
_BUDGET = 2000


@dataclass(frozen=True)
class Huge:
    """400 instances (60 impaired), 300 alarms, 250 buckets, 90 days of 600 usage types."""

    name: str = "123456789012"

    async def regions(self) -> tuple[str, ...]:
        return ("eu-west-1",)

    async def read(self, service: str, operation: str, region: str = "", **params: Any) -> Json:
        if operation == "GetCostAndUsage":
            return {"ResultsByTime": self._days(params["TimePeriod"])}
        if operation == "GetBucketPolicyStatus":
            return {"PolicyStatus": {"IsPublic": params["Bucket"].endswith("7")}}
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

    def _days(self, period: Mapping[str, str]) -> list[Json]:
        start = datetime.fromisoformat(period["Start"])
        days = (datetime.fromisoformat(period["End"]) - start).days
        return [self._day(start + timedelta(days=n), n) for n in range(days)]

    async def pages(
        self, service: str, operation: str, region: str = "", **params: Any
    ) -> AsyncIterator[Json]:
        yield await self.read(service, operation, region, **params)

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

    def _day(self, day: datetime, n: int) -> Json:
        groups = [
            {
                "Keys": [f"Service {k % 40}", f"EU-Usage:type{k}"],
                "Metrics": {"UnblendedCost": {"Amount": f"{k % 9 + n * k / 999}", "Unit": "USD"}},
            }
            for k in range(600)
        ]
        return {"TimePeriod": {"Start": day.date().isoformat()}, "Groups": groups}


async def ask(name: str, **arguments: Any) -> Answer:
    huge: Account = Huge()
    answer = await TOOLS[name].run(huge, **TOOLS[name].parse(arguments))
    assert isinstance(answer, Answer)
    return answer


@pytest.mark.parametrize("name", sorted(TOOLS))
async def test_the_answer_fits_two_thousand_tokens(name: str) -> None:
    answer = await ask(name, **({"days": 90} if name == "get_aws_cost" else {}))
    assert len(" ".join(text(answer).split())) / _CHARACTERS_A_TOKEN <= _BUDGET
    assert len(str(structured(answer))) / _CHARACTERS_A_TOKEN <= 1.25 * _BUDGET


async def test_nothing_is_lost_in_the_counting() -> None:
    answer = await ask("list_ec2_instances")
    assert isinstance(answer, Listing)
    assert answer.total == 400
    assert answer.summary.startswith("400 EC2 instances in eu-west-1: 400 running. 58 need")
    single = sum(str(row[0]).startswith("i-") for row in answer.rows)
    folded = sum(int(str(row[0]).split()[0]) for row in answer.rows if "alike" in str(row[0]))
    assert single + folded == 400


async def test_left_out_rows_are_counted() -> None:
    answer = await ask("get_cloudwatch_alarms")
    assert isinstance(answer, Listing)
    assert answer.total == 200
    single = sum("alike" not in str(row[1]) for row in answer.rows)
    folded = sum(int(str(row[1]).split()[0]) for row in answer.rows if "alike" in str(row[1]))
    left = next(note for note in answer.notes if "not shown" in note)
    assert single + folded + int(left.split()[0]) == 200


async def test_rising_costs_are_found_among_many() -> None:
    answer = await ask("get_aws_cost", days=30)
    assert isinstance(answer, Detail)
    assert len(answer.tables[2].rows) == 6
    assert answer.tables[2].total == 599
