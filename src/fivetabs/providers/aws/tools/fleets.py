"""The instances of one region: read page by page, and what may be wrong with each."""

import asyncio
from collections.abc import Mapping
from typing import Any

from fivetabs.providers.aws.port import Account
from fivetabs.providers.aws.rules import instances as rules
from fivetabs.providers.aws.shapes.instances import (
    Checks,
    Instance,
    parse_checks,
    parse_instance,
)

RULES = (
    rules.system_check_failed,
    rules.instance_check_failed,
    rules.volumes_check_failed,
    rules.event_scheduled,
    rules.ended_by_failure,
)
_PAGE = 1000


async def instances_in(account: Account, region: str) -> list[Instance]:
    """Every instance of a region with its status checks."""
    raw, checks = await asyncio.gather(described(account, region), checks_in(account, region))
    return [
        parse_instance(
            each, account=account.name, region=region, checks=checks.get(each["InstanceId"])
        )
        for each in raw
    ]


async def described(account: Account, region: str) -> list[Mapping[str, Any]]:
    """Every instance of a region as DescribeInstances tells it."""
    pages = account.pages("ec2", "DescribeInstances", region, MaxResults=_PAGE)
    return [
        instance
        async for page in pages
        for reservation in page.get("Reservations", ())
        for instance in reservation.get("Instances", ())
    ]


async def checks_in(account: Account, region: str) -> dict[str, Checks]:
    """The status checks of a region by instance; AWS has none of what does not run."""
    pages = account.pages("ec2", "DescribeInstanceStatus", region, MaxResults=_PAGE)
    return {
        status["InstanceId"]: parse_checks(status)
        async for page in pages
        for status in page.get("InstanceStatuses", ())
    }
