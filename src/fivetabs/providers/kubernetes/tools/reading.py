"""Reads that several tools make, each turned into shapes at once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from fivetabs.core import Denied, NotFound
from fivetabs.providers.kubernetes.port import (
    EVENTS,
    NODES,
    PODS,
    Cluster,
    Json,
    Objects,
    Resource,
    path_to,
)
from fivetabs.providers.kubernetes.shapes.events import Event, fold_events, parse_events
from fivetabs.providers.kubernetes.shapes.fields import part, parts
from fivetabs.providers.kubernetes.shapes.pods import parse_conditions
from fivetabs.providers.kubernetes.shapes.tables import PodRow, Row, parse_pod_rows, parse_rows

T = TypeVar("T")
_TURN = 50


@dataclass(slots=True)
class Gaps:
    """What could not be read, in words for `missing`."""

    told: list[str] = field(default_factory=list[str])

    async def allow(self, what: str, reading: Awaitable[T], otherwise: T) -> T:
        """The result, or `otherwise` where this one read is denied; other faults go on."""
        try:
            return await reading
        except Denied as denied:
            self.told.append(f"{what}: {denied}")
            return otherwise


async def in_turns(every: Iterable[T]) -> AsyncIterator[tuple[T, ...]]:
    """All of them, fifty at a time; between these, whoever else waits has a turn.

    A ping takes some ten turns of the loop, so each is to be about a millisecond.
    """
    left = iter(every)
    while some := tuple(islice(left, _TURN)):
        yield some
        await asyncio.sleep(0)


async def pod_rows(
    cluster: Cluster, namespace: str, *, objects: Objects = "Metadata"
) -> tuple[PodRow, ...]:
    """The lines of `kubectl get pods`, of one namespace or (empty) of all."""
    table = await cluster.table(path_to(PODS, namespace), objects=objects)
    found: list[PodRow] = []
    async for several in in_turns(parse_pod_rows(table)):
        found += several
        for row in several:
            _ = row.owner  # Whoever asks for all rows asks for all owners, and in one piece.
    return tuple(found)


async def first_sight(cluster: Cluster, namespace: str) -> tuple[PodRow, ...]:
    """The same lines, their metadata unread: of most nothing else will be asked."""
    table = await cluster.table(path_to(PODS, namespace), objects="Metadata")
    return tuple([row async for rows in in_turns(parse_pod_rows(table)) for row in rows])


async def rows(cluster: Cluster, resource: Resource, namespace: str) -> tuple[Row, ...]:
    """The lines of `kubectl get` for anything else."""
    table = await cluster.table(path_to(resource, namespace), objects="Metadata")
    return tuple([row async for rows in in_turns(parse_rows(table)) for row in rows])


async def one_pod(cluster: Cluster, namespace: str, name: str) -> tuple[PodRow, Json]:
    """A pod as kubectl prints it, and the whole object, in one read.

    Raises:
        NotFound: If it is not there.
    """
    table = await cluster.table(path_to(PODS, namespace, name), objects="Object")
    return next(parse_pod_rows(table)), table["rows"][0]["object"]


async def raw_warnings(cluster: Cluster, namespace: str) -> tuple[Json, ...]:
    """Warning events, unread: most of them are about things that are well."""
    found = await cluster.get(path_to(EVENTS, namespace), fieldSelector="type=Warning")
    return tuple(parts(found, "items"))


async def events_about(cluster: Cluster, namespace: str, uid: str) -> tuple[Event, ...]:
    """All events about one object, folded, newest first."""
    found = await cluster.get(path_to(EVENTS, namespace), fieldSelector=f"involvedObject.uid={uid}")
    return fold_events(parse_events(parts(found, "items")))


async def lost_nodes(cluster: Cluster, only: str = "") -> dict[str, str]:
    """The nodes that are not ready, each with why; of one node when it is named."""
    if only:
        return await _why_lost(cluster, [only])
    table = await cluster.table(path_to(NODES), objects="None")
    names = [r.name for r in parse_rows(table) if r.cell("status").startswith("NotReady")]
    return await _why_lost(cluster, names)


async def _why_lost(cluster: Cluster, names: list[str]) -> dict[str, str]:
    found = await asyncio.gather(*(_why(cluster, name) for name in names))
    return {name: why for name, why in zip(names, found, strict=True) if why}


async def _why(cluster: Cluster, name: str) -> str:
    try:
        node = await cluster.get(path_to(NODES, name=name))
    except NotFound:
        return "the node no longer exists"
    for condition in parse_conditions(part(node, "status")):
        if condition.type == "Ready" and condition.status != "True":
            why = condition.message or condition.reason
            return f"NotReady: {why}" if condition.status == "False" else f"not heard of: {why}"
    return ""
