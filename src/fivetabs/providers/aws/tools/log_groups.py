"""CloudWatch log groups."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Annotated

from pydantic import Field

from fivetabs.core import Cell, Fault, Listing, age, did_you_mean, read, stamp, term
from fivetabs.providers.aws.port import Account
from fivetabs.providers.aws.shapes.log_groups import LogGroup, size
from fivetabs.providers.aws.tools.group_names import Groups, last_event, list_groups
from fivetabs.providers.aws.tools.regions import Asked, ask_regions

_COLUMNS = ("log group", "region", "stored", "retention", "class", "created", "age", "last event")
_MOST_PAGES = 100
_MOST_ASKED = 20
_ALONE = 10

Last = Mapping[tuple[str, str], str]
Name = Annotated[str, Field(description="Part of the group's name.")]


@read(
    example={},
    questions=(
        "Which CloudWatch log groups are there?",
        "Which log groups never expire and store the most bytes?",
        "List the log groups of my lambda functions with their retention",
    ),
    title="List CloudWatch log groups",
)
async def list_log_groups(account: Account, /, name: Name = "") -> Listing:
    """List CloudWatch log groups, those that store the most bytes first: retention or never
    expires, class, age, last event of few. For their lines use get_cloudwatch_logs.
    """  # noqa: D205
    asked = await ask_regions(account, partial(list_groups, account, pages=_MOST_PAGES))
    every = [group for _, groups in asked.answers for group in groups.found]
    chosen = [group for group in every if name.lower() in group.name.lower()]
    chosen.sort(key=lambda g: (-g.stored, g.name, g.region))
    last, gaps = await _last_events(account, chosen)
    now = account.now()
    return Listing(
        summary=_summary(every, chosen, asked.where, name),
        columns=_COLUMNS,
        rows=tuple(_row(group, last, now) for group in chosen),
        total=len(chosen),
        missing=(*asked.missing, *_beyond(asked), *gaps),
        notes=tuple(_notes(every, chosen, last, name)),
        kin=tuple("" if n < _ALONE else _kin(group) for n, group in enumerate(chosen)),
        fold_on=("retention", "class"),
    )


async def _last_events(account: Account, groups: Sequence[LogGroup]) -> tuple[Last, list[str]]:
    """When each of a few groups was last written to; of many, nothing is asked."""
    if len(groups) > _MOST_ASKED:
        return {}, []
    told = await asyncio.gather(*(_last_event(account, group) for group in groups))
    refused = [each for each in told if isinstance(each, Fault)]
    count = f"last events of {len(refused)} of {len(told)} groups"
    gaps = [f"{count}: {fault.status}: {fault}" for fault in refused[:1]]
    pairs = zip(groups, told, strict=True)
    return {(g.region, g.name): t for g, t in pairs if isinstance(t, str)}, gaps


async def _last_event(account: Account, group: LogGroup) -> str | Fault:
    try:
        when = await last_event(account, group.region, group.name)
    except Fault as fault:
        return fault
    return f"{age(when, account.now())} ago, {stamp(when)}" if when else "none"


def _summary(every: Sequence[LogGroup], chosen: Sequence[LogGroup], where: str, name: str) -> str:
    picked = f" of {len(every)}" if name else ""
    told = f"{len(chosen)}{picked} CloudWatch log groups in {where}"
    if not chosen:
        return f"{told}."
    for_ever = [group for group in chosen if not group.retention]
    largest = chosen[0]
    kept = f"{len(for_ever)} never expire ({size(sum(g.stored for g in for_ever))})"
    return (
        f"{told} store {size(sum(g.stored for g in chosen))}; {kept}; "
        f"largest: {largest.name} with {size(largest.stored)}."
    )


def _notes(
    every: Sequence[LogGroup], chosen: Sequence[LogGroup], last: Last, name: str
) -> Iterator[str]:
    if not chosen:
        names = (group.name for group in every)
        elsewhere = "other regions are looked in with target='all'"
        yield did_you_mean(name, names, otherwise=elsewhere) if name else elsewhere
    if len(chosen) > _MOST_ASKED:
        yield f"last events are asked for {_MOST_ASKED} groups at most: narrow with name"
    if last:
        yield "CloudWatch tells stored bytes and last events late, by an hour or more"


def _beyond(asked: Asked[Groups]) -> Iterator[str]:
    for region, groups in asked.answers:
        if not groups.whole:
            yield f"{region}: log groups after the first {len(groups.found)} by name"


def _row(group: LogGroup, last: Last, now: datetime) -> tuple[Cell, ...]:
    created = group.created
    return (
        group.name,
        group.region,
        size(group.stored),
        f"{group.retention}d" if group.retention else "never expires",
        term(group.kind),
        stamp(created) if created else "",
        age(created, now) if created else "",
        last.get((group.region, group.name), ""),
    )


def _kin(group: LogGroup) -> str:
    return f"{group.name.rpartition('/')[0]}/* in {group.region}"
