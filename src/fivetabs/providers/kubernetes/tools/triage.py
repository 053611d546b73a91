"""Finding the sick among the well: by Tables, then whole objects only of what is suspect."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from fivetabs.providers.kubernetes.port import (
    DAEMON_SETS,
    JOBS,
    REPLICA_SETS,
    STATEFUL_SETS,
    Cluster,
    Json,
)
from fivetabs.providers.kubernetes.shapes.fields import part
from fivetabs.providers.kubernetes.shapes.owners import Owner
from fivetabs.providers.kubernetes.shapes.tables import PodRow, Row
from fivetabs.providers.kubernetes.tools.reading import (
    Gaps,
    first_sight,
    in_turns,
    lost_nodes,
    raw_warnings,
    rows,
)

_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Scene:
    """All that was read at first sight, of one namespace or of all; `homes`: pods by namespace.

    `record`: it stands still, so that no restart is too long ago to mean anything.
    """

    pods: tuple[PodRow, ...]
    homes: dict[str, list[PodRow]]
    makers: dict[str, tuple[Row, ...]]
    warnings: tuple[Json, ...]
    lost: dict[str, str]
    missing: tuple[str, ...]
    record: bool = False


async def look(cluster: Cluster, namespace: str) -> Scene:
    """Tables of the pods, of what makes them and of the nodes, and the warnings, all at once."""
    gaps = Gaps()
    kinds = (REPLICA_SETS, STATEFUL_SETS, DAEMON_SETS, JOBS)
    (pods, warnings, lost), makers = await asyncio.gather(
        asyncio.gather(
            first_sight(cluster, namespace),
            gaps.allow("events", raw_warnings(cluster, namespace), ()),
            gaps.allow("nodes", lost_nodes(cluster), {}),
        ),
        asyncio.gather(
            *(gaps.allow(kind.plural, rows(cluster, kind, namespace), ()) for kind in kinds)
        ),
    )
    made = {kind.kind: found for kind, found in zip(kinds, makers, strict=True)}
    return await scene_of(pods, made, warnings, lost, tuple(gaps.told))


async def scene_of(
    pods: tuple[PodRow, ...],
    makers: dict[str, tuple[Row, ...]],
    warnings: tuple[Json, ...],
    lost: dict[str, str],
    missing: tuple[str, ...],
) -> Scene:
    """The scene of what was read, however it was."""
    return Scene(pods, await _by_namespace(pods), makers, warnings, lost, missing)


async def suspects(scene: Scene) -> list[PodRow]:
    """The pods that may be failing. The rules decide; this only spares the reading of the rest."""
    named = {
        (about.get("namespace"), about.get("name"))
        for about in (part(each, "involvedObject") for each in scene.warnings)
        if "ephemeralContainers" in (about.get("fieldPath") or "")
    }
    forgiven = finished_jobs(scene)
    found: list[PodRow] = []
    async for several in in_turns(scene.pods):
        found += [
            row
            for row in several
            if (
                _suspicious(row, scene.lost)
                or (named and (row.namespace, row.name) in named)
                or (scene.record and row.restarts != "0")
            )
            and not _second_try(row, forgiven)
        ]
    return found


def finished_jobs(scene: Scene) -> frozenset[tuple[str, str]]:
    """Jobs that came to a good end: what failed on the way there is forgiven."""
    done = (r for r in scene.makers["Job"] if r.cell("status") in {"Complete", "Completed"})
    return frozenset((row.namespace, row.name) for row in done)


def pods_of(scene: Scene, namespace: str, maker: Owner) -> int:
    """How many pods a ReplicaSet, StatefulSet, DaemonSet or Job has, ended ones too."""
    near = (row for row in scene.homes.get(namespace, ()) if row.may_hold(maker.name))
    return sum(row.controller == maker for row in near)


async def _by_namespace(pods: Iterable[PodRow]) -> dict[str, list[PodRow]]:
    homes: dict[str, list[PodRow]] = {}
    async for several in in_turns(pods):
        for row in several:
            homes.setdefault(row.namespace, []).append(row)
    return homes


def _suspicious(row: PodRow, lost: dict[str, str]) -> bool:
    if lost and row.node in lost and row.status not in {"Completed", "Succeeded"}:
        return True
    match row.status:
        case "Running":
            return not row.all_ready or _gates_closed(row) or _restarted_lately(row)
        case "Completed" | "Succeeded":
            held = row.end == "Failed" or row.deleting
            return held or row.restarts != "0"
        case "SchedulingGated":
            return False
        case _:
            return True


def _restarted_lately(row: PodRow) -> bool:
    """Whether its last restart may still mean something: a day covers what forgets memory."""
    if row.restarts == "0":
        return False
    ago = row.restarted
    return ago is None or ago.total_seconds() <= _DAY


def _gates_closed(row: PodRow) -> bool:
    open_, _, wanted = row.gates.partition("/")
    return open_ != wanted


def _second_try(row: PodRow, forgiven: frozenset[tuple[str, str]]) -> bool:
    """A failed try of a Job that was done in the end."""
    if not forgiven or row.status == "Terminating":
        return False
    maker = row.controller
    return maker is not None and maker.kind == "Job" and (row.namespace, maker.name) in forgiven
