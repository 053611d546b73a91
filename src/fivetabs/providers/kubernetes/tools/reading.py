"""Reads that several tools make, each turned into shapes at once."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field
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
from fivetabs.providers.kubernetes.shapes.events import Event, fold_events, parse_event
from fivetabs.providers.kubernetes.shapes.fields import part, parts
from fivetabs.providers.kubernetes.shapes.pods import parse_conditions
from fivetabs.providers.kubernetes.shapes.tables import PodRow, Row, parse_pod_rows, parse_rows

T = TypeVar("T")


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


async def pod_rows(
    cluster: Cluster, namespace: str, *, objects: Objects = "Metadata"
) -> tuple[PodRow, ...]:
    """The lines of `kubectl get pods`, of one namespace or (empty) of all."""
    table = await cluster.table(path_to(PODS, namespace), objects=objects)
    return parse_pod_rows(table)


async def rows(cluster: Cluster, resource: Resource, namespace: str) -> tuple[Row, ...]:
    """The lines of `kubectl get` for anything else."""
    table = await cluster.table(path_to(resource, namespace), objects="Metadata")
    return tuple(parse_rows(table))


async def one_pod(cluster: Cluster, namespace: str, name: str) -> tuple[PodRow, Json]:
    """A pod as kubectl prints it, and the whole object, in one read.

    Raises:
        NotFound: If it is not there.
    """
    table = await cluster.table(path_to(PODS, namespace, name), objects="Object")
    return parse_pod_rows(table)[0], table["rows"][0]["object"]


async def raw_warnings(cluster: Cluster, namespace: str) -> tuple[Json, ...]:
    """Warning events, unread: most of them are about things that are well."""
    found = await cluster.get(path_to(EVENTS, namespace), fieldSelector="type=Warning")
    return tuple(parts(found, "items"))


async def events_about(cluster: Cluster, namespace: str, uid: str) -> tuple[Event, ...]:
    """All events about one object, folded, newest first."""
    found = await cluster.get(path_to(EVENTS, namespace), fieldSelector=f"involvedObject.uid={uid}")
    return fold_events(parse_event(each) for each in parts(found, "items"))


async def lost_nodes(cluster: Cluster, only: str = "") -> dict[str, str]:
    """The nodes that are not ready, each with why; of one node when it is named."""
    if only:
        return await _why_lost(cluster, [only])
    table = await cluster.table(path_to(NODES), objects="None")
    names = [r.name for r in parse_rows(table) if r.cells["status"].startswith("NotReady")]
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
