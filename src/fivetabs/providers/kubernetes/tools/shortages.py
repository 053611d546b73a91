"""Workloads that have fewer pods than they should, and what their controllers say about it."""

import asyncio
from collections.abc import Iterator
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

_MOST = 30
_RESOURCES = (REPLICA_SETS, STATEFUL_SETS, DAEMON_SETS, JOBS)


async def shortages(cluster: Cluster, scene: Scene) -> tuple[WorkloadCase, ...]:
    """Every workload that lacks pods and whose controller says why; the first 30 by name."""
    short = sorted(_short(scene), key=lambda s: (s[1].namespace, s[1].name))[:_MOST]
    found = await asyncio.gather(*(_case(cluster, scene, *each) for each in short))
    return tuple(case for case in found if case is not None)


def _short(scene: Scene) -> Iterator[tuple[str, Row, int]]:
    """Kind, row and number of pods lacking."""
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


def _lack(kind: str, row: Row, count: int) -> Iterator[tuple[str, Row, int]]:
    if count > 0 and not row.deleting:
        yield kind, row, count


async def _case(
    cluster: Cluster, scene: Scene, kind: str, row: Row, lacking: int
) -> WorkloadCase | None:
    resource = next(each for each in _RESOURCES if each.kind == kind)
    uid = row.meta.get("uid", "")
    told = events_by_object(scene.warnings, {uid}).get(uid, ())
    event = next((e for e in told if e.reason == "FailedCreate"), None)
    if event is None and kind in {"StatefulSet", "DaemonSet"}:
        return None
    try:
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
        lacking=lacking,
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
