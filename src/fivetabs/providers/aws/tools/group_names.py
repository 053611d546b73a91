"""Which log group a name or a part of one means, and in which region of the target it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from fivetabs.core import Denied, Invalid, NotFound, did_you_mean
from fivetabs.providers.aws.port import Account
from fivetabs.providers.aws.shapes.log_groups import (
    LogGroup,
    is_log_group_name,
    moment,
    parse_log_group,
)
from fivetabs.providers.aws.tools.regions import Asked, ask_regions

PAGE = 50
_SEARCHED_PAGES = 40
_MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class Named:
    """A log group that somebody meant. `missing` are the regions that could not be searched."""

    name: str
    region: str
    note: str = ""
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Groups:
    """Log groups of a region in the order of their names; not `whole` when there were too many."""

    found: tuple[LogGroup, ...]
    whole: bool


async def find_group(account: Account, text: str) -> Named:
    """The one log group of this name, or whose name holds `text`.

    Raises:
        Invalid: If no group can be named so, or several are meant.
        NotFound: If there is none, with the near names.
        Fault: If no region can be asked.
    """
    name = group_name(text)
    try:
        exact = await ask_regions(account, partial(_exact, account, name))
    except Denied:
        region, *others = await account.regions()
        if others:
            raise
        return Named(name, region, "log groups may not be listed: taken as a whole name")
    return _one(name, exact) or await _part(account, name)


async def list_groups(account: Account, region: str, pages: int, **how: Any) -> Groups:
    """At most so many pages of the region's log groups."""
    found: list[LogGroup] = []
    left = pages
    async for page in account.pages("logs", "DescribeLogGroups", region, limit=PAGE, **how):
        found += [parse_log_group(raw, region=region) for raw in page.get("logGroups", ())]
        left -= 1
        if not left:
            return Groups(tuple(found), whole=not page.get("nextToken"))
    return Groups(tuple(found), whole=True)


async def last_event(account: Account, region: str, name: str) -> datetime | None:
    """When a group was last written to, as its streams tell it; None where they tell nothing.

    Raises:
        Fault: If the streams cannot be listed.
    """
    newest = {"orderBy": "LastEventTime", "descending": True, "limit": 1}
    answer = await account.read("logs", "DescribeLogStreams", region, logGroupName=name, **newest)
    times = (moment(each.get("lastEventTimestamp")) for each in answer.get("logStreams", ()))
    return max((each for each in times if each), default=None)


def group_name(text: str) -> str:
    """A name as it was written, or out of an ARN.

    Raises:
        Invalid: If the service's grammar allows no such name.
    """
    name = text.strip().partition(":log-group:")[2] or text.strip()
    name = name.removesuffix(":*")
    if not is_log_group_name(name):
        raise Invalid(
            f"{text[:80]!r} cannot name a log group",
            hint="names are of letters, digits and . - _ / #; list_log_groups shows them",
        )
    return name


async def _exact(account: Account, name: str, region: str) -> tuple[LogGroup, ...]:
    """The group itself sorts before all that only begin with its name."""
    groups = await list_groups(account, region, 1, logGroupNamePrefix=name)
    return tuple(each for each in groups.found if each.name == name)


async def _part(account: Account, name: str) -> Named:
    holding = await ask_regions(
        account, lambda region: _holding(account, name, region, logGroupNamePattern=name)
    )
    found = _one(name, holding)
    if found is None:
        anyhow = await ask_regions(account, lambda region: _holding(account, "", region))
        found = _one(name, _filtered(anyhow, name))
        if found is None:
            raise _nowhere(name, anyhow)
    return found


async def _holding(account: Account, name: str, region: str, **how: Any) -> tuple[LogGroup, ...]:
    groups = await list_groups(account, region, _SEARCHED_PAGES, **how)
    return tuple(each for each in groups.found if name in each.name)


def _filtered(asked: Asked[tuple[LogGroup, ...]], name: str) -> Asked[tuple[LogGroup, ...]]:
    low = name.lower()
    answers = tuple(
        (region, tuple(each for each in found if low in each.name.lower()))
        for region, found in asked.answers
    )
    return Asked(answers, asked.missing)


def _one(name: str, asked: Asked[tuple[LogGroup, ...]]) -> Named | None:
    found = [each for _, groups in asked.answers for each in groups]
    if not found:
        return None
    if len(found) > 1:
        raise _several(name, found)
    (group,) = found
    note = "" if group.name == name else f"{name!r} is a part of {group.name}, the only such group"
    return Named(group.name, group.region, note, asked.missing)


def _several(name: str, found: Sequence[LogGroup]) -> Invalid:
    if len({each.name for each in found}) == 1:
        regions = " and ".join(each.region for each in found)
        return Invalid(f"log group {name} is in {regions}", hint="name the region as target")
    named = ", ".join(each.name for each in found[:_MOST_NAMED])
    left = f", and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
    return Invalid(f"{len(found)} log groups have {name!r} in their name: {named}{left}")


def _nowhere(name: str, asked: Asked[tuple[LogGroup, ...]]) -> NotFound:
    names = [each.name for _, groups in asked.answers for each in groups]
    told = f"there is no log group {name!r} among the {len(names)} in {asked.where}"
    gaps = f"; not searched: {'; '.join(asked.missing)}" if asked.missing else ""
    few = f"there are: {', '.join(names[:_MOST_NAMED])}" if len(names) <= _MOST_NAMED else ""
    otherwise = (
        few
        if names and few
        else "list_log_groups(name=...) finds them; other regions: target='all'"
    )
    return NotFound(told + gaps, hint=did_you_mean(name, names, otherwise=otherwise))
