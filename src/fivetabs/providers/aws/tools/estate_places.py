"""What stands in one region: each kind read once, all kinds side by side, joined by their ids."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from fivetabs.core import Fault
from fivetabs.providers.aws.shapes.alarms import parse_alarm
from fivetabs.providers.aws.shapes.balancing import (
    Balancer,
    TargetGroup,
    parse_balancer,
    parse_target_group,
)
from fivetabs.providers.aws.shapes.databases import parse_database, parse_queue
from fivetabs.providers.aws.shapes.guarding import parse_security_group
from fivetabs.providers.aws.shapes.instances import Instance, parse_checks, parse_instance
from fivetabs.providers.aws.shapes.placing import Placing, Volume, parse_placing, parse_volume
from fivetabs.providers.aws.shapes.scaling import (
    ScalingGroup,
    parse_activity,
    parse_scaling_group,
)
from fivetabs.providers.aws.shapes.snapshots import Place
from fivetabs.providers.aws.tools.estate_lists import Lists

_MOST_TARGET_GROUPS = 60
_ALARMS = ("cloudwatch", "DescribeAlarms", "MetricAlarms", "CompositeAlarms")
_GROUPS = ("ec2", "DescribeSecurityGroups", "SecurityGroups")
_DATABASES = ("rds", "DescribeDBInstances", "DBInstances")
_QUEUES = ("sqs", "ListQueues", "QueueUrls")
_BOTH = MappingProxyType({"AlarmTypes": ["MetricAlarm", "CompositeAlarm"], "MaxRecords": 100})
_PAGE = MappingProxyType({"MaxResults": 1000})


async def place_of(lists: Lists) -> Place:
    """Everything of one region, as far as it may be read."""
    async with asyncio.TaskGroup() as tasks:
        compute = tasks.create_task(_compute(lists))
        volumes = tasks.create_task(_volumes(lists))
        balancing = tasks.create_task(_balancing(lists))
        scaling = tasks.create_task(_scaling(lists))
        alarms = tasks.create_task(lists.every("alarms", *_ALARMS, **_BOTH))
        groups = tasks.create_task(lists.every("security groups", *_GROUPS, **_PAGE))
        databases = tasks.create_task(lists.every("databases", *_DATABASES))
        queues = tasks.create_task(lists.every("queues", *_QUEUES, **_PAGE))
    where = _where(lists)
    balancers, target_groups = balancing.result()
    place = Place(
        region=lists.region,
        instances=compute.result().instances,
        placings=compute.result().placings,
        alarms=tuple(parse_alarm(each, **where) for each in alarms.result() or ()),
        volumes=volumes.result(),
        balancers=balancers,
        target_groups=target_groups,
        scaling_groups=scaling.result(),
        databases=tuple(parse_database(each, **where) for each in databases.result() or ()),
        queues=tuple(parse_queue(url, **where) for url in sorted(queues.result() or ())),
    )
    guarded = _guarded(place, groups.result() or (), where)
    return replace(guarded, missing=tuple(sorted(lists.missing)))


@dataclass(frozen=True, slots=True)
class _Compute:
    instances: tuple[Instance, ...]
    placings: Mapping[str, Placing]


async def _compute(lists: Lists) -> _Compute:
    reservations, statuses = await asyncio.gather(
        lists.every("instances", "ec2", "DescribeInstances", "Reservations", MaxResults=1000),
        lists.every(
            "status checks", "ec2", "DescribeInstanceStatus", "InstanceStatuses", MaxResults=1000
        ),
    )
    now = lists.account.now()
    checks = {each["InstanceId"]: parse_checks(each, now) for each in statuses or ()}
    raw = [each for group in reservations or () for each in group.get("Instances", ())]
    made = (parse_instance(i, **_where(lists), checks=checks.get(i["InstanceId"])) for i in raw)
    return _Compute(
        tuple(sorted(made, key=lambda i: i.id)),
        {each["InstanceId"]: parse_placing(each) for each in raw},
    )


async def _volumes(lists: Lists) -> tuple[Volume, ...]:
    """Volumes in use or in error: thousands of unattached ones are a matter of cost."""
    listed, statuses = await asyncio.gather(
        lists.every("volumes", "ec2", "DescribeVolumes", "Volumes", **_PAGE),
        lists.every(
            "the status of volumes", "ec2", "DescribeVolumeStatus", "VolumeStatuses", **_PAGE
        ),
    )
    told = {each["VolumeId"]: each for each in statuses or ()}
    volumes = (parse_volume(v, told.get(v["VolumeId"]), **_where(lists)) for v in listed or ())
    kept = (v for v in volumes if v.instances or v.state == "error" or v.status == "impaired")
    return tuple(sorted(kept, key=lambda v: v.id))


async def _balancing(lists: Lists) -> tuple[tuple[Balancer, ...], tuple[TargetGroup, ...]]:
    balancers, groups = await asyncio.gather(
        lists.every("load balancers", "elbv2", "DescribeLoadBalancers", "LoadBalancers"),
        lists.every("target groups", "elbv2", "DescribeTargetGroups", "TargetGroups"),
    )
    used = [each for each in groups or () if each.get("LoadBalancerArns")]
    used.sort(key=lambda each: each["TargetGroupName"])
    if (rest := len(used) - _MOST_TARGET_GROUPS) > 0:
        lists.missing.append(f"targets of {rest} more target groups: too many to ask for each")
    health = await asyncio.gather(*(_health(lists, g) for g in used[:_MOST_TARGET_GROUPS]))
    return (
        tuple(
            sorted(
                (parse_balancer(each, **_where(lists)) for each in balancers or ()),
                key=lambda b: b.name,
            )
        ),
        tuple(
            parse_target_group(group, told, **_where(lists))
            for group, told in zip(used, health, strict=False)
        ),
    )


async def _health(lists: Lists, group: Mapping[str, Any]) -> list[Any] | None:
    answer = await lists.one(
        "elbv2", "DescribeTargetHealth", TargetGroupArn=group["TargetGroupArn"]
    )
    if isinstance(answer, Fault):
        said = f"targets of {group['TargetGroupName']} in {lists.region}"
        lists.missing.append(f"{said}: {answer.status}: {answer}")
        return None
    return list(answer.get("TargetHealthDescriptions", ()))


async def _scaling(lists: Lists) -> tuple[ScalingGroup, ...]:
    groups, raw = await asyncio.gather(
        lists.every(
            "scaling groups", "autoscaling", "DescribeAutoScalingGroups", "AutoScalingGroups"
        ),
        lists.one("autoscaling", "DescribeScalingActivities", MaxRecords=100),
    )
    if isinstance(raw, Fault):
        if groups:
            lists.missing.append(f"scaling activities in {lists.region}: {raw.status}: {raw}")
        raw = {}
    activities = tuple(map(parse_activity, raw.get("Activities", ())))
    made = (parse_scaling_group(each, activities, **_where(lists)) for each in groups or ())
    return tuple(sorted(made, key=lambda g: g.name))


def _guarded(place: Place, groups: Any, where: Mapping[str, str]) -> Place:
    """The security groups that guard something that was read, and what."""
    guards: dict[str, set[str]] = {}
    for instance in place.instances:
        placing = place.placing(instance.id)
        for group in placing.security_groups if placing else ():
            guards.setdefault(group, set()).add(instance.id)
    for each in (*place.databases, *place.balancers):
        for group in each.security_groups:
            guards.setdefault(group, set()).add(each.name)
    made = (
        parse_security_group(g, **where, guards=tuple(sorted(guards[g["GroupId"]])))
        for g in groups
        if g["GroupId"] in guards
    )
    return replace(place, security_groups=tuple(sorted(made, key=lambda g: g.id)))


def _where(lists: Lists) -> dict[str, str]:
    return {"account": lists.account.name, "region": lists.region}
