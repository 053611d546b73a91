"""Workloads that have fewer pods than they should, and what their controllers say about it."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from fivetabs.core import NotFound
from fivetabs.providers.kubernetes.port import (
    DAEMON_SETS,
    JOBS,
    REPLICA_SETS,
    STATEFUL_SETS,
    Cluster,
    path_to,
)
from fivetabs.providers.kubernetes.shapes.cases import WorkloadCase
from fivetabs.providers.kubernetes.shapes.events import Event
from fivetabs.providers.kubernetes.shapes.owners import Owner, parse_controller
from fivetabs.providers.kubernetes.shapes.tables import Row
from fivetabs.providers.kubernetes.shapes.workloads import Workload, parse_workload
from fivetabs.providers.kubernetes.tools.evidence import events_by_object
from fivetabs.providers.kubernetes.tools.triage import Scene, pods_of

_AT_ONCE = 6
_RESOURCES = (REPLICA_SETS, STATEFUL_SETS, DAEMON_SETS, JOBS)


@dataclass(frozen=True, slots=True)
class _Short:
    """A workload by its row, and how many pods it lacks."""

    kind: str
    row: Row
    lacking: int

    @property
    def uid(self) -> str:
        return self.row.meta.get("uid", "")


async def shortages(cluster: Cluster, scene: Scene) -> tuple[WorkloadCase, ...]:
    """Every workload that lacks pods and whose controller says why, by name."""
    short = sorted(_short(scene), key=lambda s: (s.row.namespace, s.row.name))
    told = events_by_object(scene, [each.row for each in short])
    gate = asyncio.Semaphore(_AT_ONCE)
    found = await asyncio.gather(
        *(_case(cluster, gate, each, told.get(each.uid, ())) for each in short)
    )
    return tuple(case for case in found if case is not None)


def _short(scene: Scene) -> Iterator[_Short]:
    for row in scene.makers["ReplicaSet"]:
        yield from _lack("ReplicaSet", row, row.number("desired") - row.number("current"))
    for row in scene.makers["DaemonSet"]:
        yield from _lack("DaemonSet", row, row.number("desired") - row.number("current"))
    for row in scene.makers["StatefulSet"]:
        ready, _, wanted = row.cell("ready").partition("/")
        if ready != wanted:
            owned = pods_of(scene, row.namespace, Owner("StatefulSet", row.name))
            yield from _lack("StatefulSet", row, int(wanted or 0) - owned)
    for row in scene.makers["Job"]:
        if row.cell("status") not in {"Complete", "Completed", "Suspended"}:
            alone = not pods_of(scene, row.namespace, Owner("Job", row.name))
            yield from _lack("Job", row, int(alone))


def _lack(kind: str, row: Row, count: int) -> Iterator[_Short]:
    if count > 0 and not row.deleting:
        yield _Short(kind, row, count)


async def _case(
    cluster: Cluster, gate: asyncio.Semaphore, short: _Short, events: Sequence[Event]
) -> WorkloadCase | None:
    kind, row = short.kind, short.row
    resource = next(each for each in _RESOURCES if each.kind == kind)
    event = next((e for e in events if e.reason == "FailedCreate"), None)
    if event is None and kind in {"StatefulSet", "DaemonSet"}:
        return None
    try:
        async with gate:
            raw = await cluster.get(path_to(resource, row.namespace, row.name))
    except NotFound:
        return None
    made = parse_workload(raw, kind)
    message, source, time = _told(row, made, event)
    failed = any(c.type == "Failed" and c.status == "True" for c in made.conditions)
    if not message and not failed:
        return None
    return WorkloadCase(
        context=cluster.context,
        workload=made,
        whose=str(parse_controller(row.meta) or Owner(kind, row.name)),
        lacking=short.lacking,
        message=message,
        source=source,
        time=time,
    )


def _told(row: Row, made: Workload, event: Event | None) -> tuple[str, str, datetime | None]:
    """What the controller says, where, and when."""
    refusal = next((c for c in made.conditions if c.type == "ReplicaFailure"), None)
    if refusal is not None and refusal.status == "True":
        return refusal.message, f"{row.name} condition ReplicaFailure", refusal.since
    if event is not None:
        return event.message, f"event FailedCreate x{event.count}", event.last
    return "", "", None
