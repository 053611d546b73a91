"""The same account, painted: the incident of docs/demo-incident.md in the API's own shapes."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Any

from fivetabs.core import Connection, Denied, NotFound
from fivetabs.core.secrecy import Seen
from fivetabs.providers.aws.auth.targets import Target, parse_target
from fivetabs.providers.aws.demo import alarms, buckets, costs, history, instances, logs, network
from fivetabs.providers.aws.port import READS, Account, Json, Step
from fivetabs.providers.aws.shapes.paging import every_page
from fivetabs.providers.aws.shapes.reboots import check_identity, rebooted
from fivetabs.providers.aws.shapes.secrets import secrets_in

CLOCK = datetime(2026, 3, 12, 10, 14, tzinfo=UTC)
ACCOUNT = "123456789012"
PROFILES = ("default",)
HOME = "eu-west-1"
REGIONS = (HOME, "us-east-1")
REBOOT = timedelta(minutes=5)


@asynccontextmanager
async def connect(target: str | None) -> AsyncGenerator[Connection[Account, Step]]:
    """Open the demo account.

    Raises:
        NotFound: If the target is neither its profile nor one of its regions.
    """
    chosen = parse_target(target, PROFILES, frozenset(REGIONS))
    where = "all" if chosen.everywhere else chosen.region or HOME
    world = World(chosen)
    target = f"aws:{ACCOUNT}/{where}"
    yield Connection(world, world.carry_out, target, world.now, secrets=lambda: world.seen)


@dataclass(slots=True)
class Life:
    """What has happened to the demo since it was opened; a reboot takes five minutes."""

    clock: datetime = CLOCK
    rebooted: list[str] = field(default_factory=list[str])


@dataclass(frozen=True, slots=True)
class World:
    """The account in memory. Nothing is in any region but the home one."""

    target: Target
    name: str = ACCOUNT
    list_seconds: float = 5.0
    life: Life = field(default_factory=Life)
    seen: Seen = field(default_factory=Seen, compare=False, kw_only=True)

    async def regions(self) -> tuple[str, ...]:
        """Both regions for `all`, one otherwise."""
        return REGIONS if self.target.everywhere else (self.target.region or HOME,)

    async def read(self, service: str, operation: str, region: str = "", **params: Any) -> Json:
        """One answer in the API's shape, a copy of its own."""
        if operation not in READS.get(service, ()):
            raise Denied(f"{service}:{operation} is not among the reads of this server")
        place = region or self.target.region or HOME
        answer = deepcopy(_answer(service, operation, place, params))
        self.seen.note(secrets_in(answer))
        return answer

    def pages(
        self, service: str, operation: str, region: str = "", **params: Any
    ) -> AsyncIterator[Json]:
        """Pages as the real account gives them; costs and log events take more than one."""
        return every_page(
            operation, lambda more: self.read(service, operation, region, **params, **more)
        )

    async def preview(self, step: Step, /) -> None:
        """In the demo everything is allowed."""

    async def carry_out(self, step: Step) -> str:
        """Reboot an instance: who failed a check fails it again, whatever it is that is wrong.

        Raises:
            Conflict: If it is not that instance any more.
        """
        check_identity(step, await self.read("ec2", "DescribeInstances", step.region))
        self.life.rebooted.append(step.instance_id)
        self.life.clock += REBOOT
        return rebooted(step)

    def now(self) -> datetime:
        """The clock that stands still but for reboots."""
        return self.life.clock


def _answer(service: str, operation: str, region: str, params: Mapping[str, Any]) -> Json:
    match service:
        case "sts":
            return {"Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:user/demo"}
        case "ec2" | "cloudwatch" | "elbv2" | "cloudtrail" | "autoscaling" | "rds" | "sqs":
            return _regional(operation, params, here=region == HOME)
        case "logs":
            return logs.answer(operation, params, here=region == HOME)
        case "ce":
            return costs.page(params, today=CLOCK.date())
        case "s3control":
            raise NotFound("s3control:GetPublicAccessBlock: the account has none")
        case _:
            return buckets.answer(operation, params)


def _regional(operation: str, params: Mapping[str, Any], *, here: bool) -> Json:
    """What stands in a region; of a service that is not used, nothing."""
    if operation == "DescribeRegions":
        return {"Regions": [_region(name) for name in REGIONS]}
    told = _TOLD.get(operation)
    return told(params) if told and here else {}


def _alarms(params: Mapping[str, Any]) -> Json:
    names = params.get("AlarmNames")
    metric, composite = alarms.metric_alarms(), alarms.composite_alarms()
    return {
        "MetricAlarms": [a for a in metric if not names or a["AlarmName"] in names],
        "CompositeAlarms": [a for a in composite if not names or a["AlarmName"] in names],
    }


def _region(name: str) -> Json:
    return {
        "RegionName": name,
        "Endpoint": f"ec2.{name}.amazonaws.com",
        "OptInStatus": "opt-in-not-required",
    }


_TOLD: Mapping[str, Callable[[Mapping[str, Any]], Json]] = MappingProxyType(
    {
        "DescribeInstances": lambda _: {"Reservations": instances.reservations()},
        "DescribeInstanceStatus": lambda _: {"InstanceStatuses": instances.statuses()},
        "DescribeAlarms": _alarms,
        "DescribeAlarmHistory": history.alarm_history,
        "GetMetricData": history.metric_data,
        "LookupEvents": history.events,
        **{operation: partial(network.answer, operation) for operation in network.OPERATIONS},
    }
)
