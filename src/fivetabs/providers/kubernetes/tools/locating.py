"""From the name somebody wrote to the pod that was meant."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fivetabs.core import Denied, NotFound, near, spelled
from fivetabs.providers.kubernetes.port import (
    CRON_JOBS,
    DAEMON_SETS,
    DEPLOYMENTS,
    JOBS,
    REPLICA_SETS,
    STATEFUL_SETS,
    Cluster,
    Json,
    path_to,
)
from fivetabs.providers.kubernetes.shapes.owners import Owner
from fivetabs.providers.kubernetes.shapes.tables import PodRow
from fivetabs.providers.kubernetes.tools.namespaces import require_namespace
from fivetabs.providers.kubernetes.tools.reading import one_pod, pod_rows

_WORKLOADS = (DEPLOYMENTS, STATEFUL_SETS, DAEMON_SETS, JOBS, CRON_JOBS, REPLICA_SETS)
WELL = 2
_WELL_WORDS = ("Running", "Completed", "Succeeded")


@dataclass(frozen=True, slots=True)
class Located:
    """A pod, and in `chosen` why it was taken when its workload was named."""

    row: PodRow
    raw: Json
    chosen: str = ""


async def locate(cluster: Cluster, namespace: str, name: str) -> Located:
    """The pod of this name, or the sickest (then newest) pod of the workload of this name.

    Raises:
        NotFound: If there is neither, with the near names and where else the name exists.
    """
    try:
        return Located(*await one_pod(cluster, namespace, name))
    except NotFound:
        pass
    rows = await pod_rows(cluster, namespace)
    mine = [row for row in rows if belongs(row, name)]
    if not mine:
        await _podless(cluster, namespace, name)
        raise await _nowhere(cluster, namespace, name, rows)
    best = min(mine, key=_sickness)
    row, raw = await one_pod(cluster, namespace, best.name)
    others = f", one of {len(mine)}" if len(mine) > 1 else ""
    return Located(
        row, raw, f"{row.name} ({row.status}{others}) was taken for {best.owner or name}"
    )


def belongs(row: PodRow, name: str) -> bool:
    """Whether the pod belongs to a workload of this name, at any height of the chain."""
    owner, controller = row.owner, row.controller
    return (owner is not None and owner.name == name) or (
        controller is not None and controller.name == name
    )


def severity(row: PodRow) -> int:
    """0 for the sickest rows, 2 for the well."""
    if row.status not in _WELL_WORDS:
        return 0
    return 1 if row.status == "Running" and not row.all_ready else WELL


def _sickness(row: PodRow) -> tuple[int, int, float]:
    newest = -row.created.timestamp() if row.created else 0.0
    how = severity(row)
    return how, -row.restart_count if how < WELL else 0, newest


async def _podless(cluster: Cluster, namespace: str, name: str) -> None:
    """Say of a workload that it has no pod, rather than that there is no such name."""
    for resource in _WORKLOADS:
        try:
            raw = await cluster.get(path_to(resource, namespace, name))
        except (NotFound, Denied):
            continue
        zero = raw.get("spec", {}).get("replicas") == 0
        raise NotFound(
            f"{Owner(resource.kind, name)} in {namespace} has no pod"
            + (": it is scaled to 0" if zero else ""),
            hint="" if zero else f"get_failing_pods(namespace={namespace!r}) tells why",
        )


async def _nowhere(cluster: Cluster, namespace: str, name: str, rows: Sequence[PodRow]) -> NotFound:
    if not rows:
        await require_namespace(cluster, namespace)
    try:
        everywhere = await pod_rows(cluster, "")
    except Denied:
        everywhere = ()
    message = f"there is no pod or workload {name!r} in namespace {namespace}"
    there = sorted({r.namespace for r in everywhere if r.name == name or belongs(r, name)})
    if there:
        return NotFound(
            f"{message}; it exists in {', '.join(there)}",
            hint=f"call again with namespace={there[0]!r}",
        )
    if close := near(name, _names(rows)):
        return NotFound(message, hint=f"did you mean {' or '.join(map(spelled, close))}?")
    told = [
        f"{spelled(n)} in {ns}"
        for n in near(name, _names(everywhere))
        for ns in _homes(n, everywhere)
    ]
    hint = (
        f"near names elsewhere: {', '.join(told[:5])}" if told else "get_pod_status lists the pods"
    )
    return NotFound(message, hint=hint)


def _names(rows: Iterable[PodRow]) -> set[str]:
    names: set[str] = set()
    for row in rows:
        names.add(row.name)
        if row.owner is not None:
            names.add(row.owner.name)
    return names


def _homes(name: str, rows: Iterable[PodRow]) -> list[str]:
    return sorted({r.namespace for r in rows if r.name == name or belongs(r, name)})
