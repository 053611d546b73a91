"""The whole evidence about each suspect, in as few reads as will do."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from fivetabs.core import NotFound
from fivetabs.core.patterns import Pattern
from fivetabs.providers.kubernetes.port import PODS, Cluster, Json, path_to
from fivetabs.providers.kubernetes.shapes.cases import PodCase
from fivetabs.providers.kubernetes.shapes.events import Event, fold_events, parse_events
from fivetabs.providers.kubernetes.shapes.fields import part
from fivetabs.providers.kubernetes.shapes.pods import parse_pod
from fivetabs.providers.kubernetes.shapes.tables import PodRow, Row
from fivetabs.providers.kubernetes.tools.histories import with_former
from fivetabs.providers.kubernetes.tools.reading import Gaps
from fivetabs.providers.kubernetes.tools.shelving import MALFORMED, misread
from fivetabs.providers.kubernetes.tools.triage import Scene

Events = dict[str, tuple[Event, ...]]

_AT_ONCE = 6
_EACH = 400
_WASTE = 3
_SIBLINGS = ("pod-template-hash", "controller-revision-hash", "batch.kubernetes.io/job-name")
_DEFINITE = Pattern(
    r"(Init:)?(CrashLoopBackOff|ImagePullBackOff|ErrImagePull|InvalidImageName|ErrImageNeverPull"
    r"|CreateContainerConfigError|CreateContainerError|RunContainerError)|Evicted"
)


@dataclass(frozen=True, slots=True)
class _Batch:
    """Suspects that one read brings: siblings by their common label, or one by its name."""

    namespace: str
    selector: str
    names: tuple[str, ...]


async def cases(
    cluster: Cluster, scene: Scene, suspected: Sequence[PodRow], gaps: Gaps
) -> list[PodCase]:
    """The evidence about each suspect; of very many that look alike, one of each kind is read."""
    kinds = _alike(suspected) if len(suspected) > _EACH else [[row] for row in suspected]
    firsts = {(alike[0].namespace, alike[0].name): alike for alike in kinds}
    gate = asyncio.Semaphore(_AT_ONCE)
    batches = _batches(scene, [alike[0] for alike in kinds])
    raws = await asyncio.gather(*(_read(cluster, gate, batch) for batch in batches))
    events = events_by_object(scene, suspected, "Pod")
    found: list[PodCase] = []
    for raw in (each for several in raws for each in several):
        alike = firsts.get((raw["metadata"]["namespace"], raw["metadata"]["name"]))
        if not alike:
            continue
        first, *others = alike
        try:
            case = make_case(cluster, first, raw, events.get(first.uid, ()), scene.lost)
        except MALFORMED as error:
            gaps.told.append(f"pods: {misread(raw, error)}")
            continue
        found += [case, *(_likewise(case, row, events) for row in others)]
    return with_former(found, scene.makers["ReplicaSet"])


def make_case(
    cluster: Cluster, row: PodRow, raw: Json, events: tuple[Event, ...], lost: dict[str, str]
) -> PodCase:
    """What is known about one pod."""
    pod = parse_pod(raw)
    return PodCase(
        context=cluster.context,
        status=row.status,
        pod=pod,
        events=events,
        now=cluster.now(),
        grace=cluster.grace,
        node_lost=lost.get(pod.node, ""),
    )


def events_by_object(scene: Scene, rows: Iterable[Row], kind: str = "") -> Events:
    """The events about these objects by their uid, folded, newest first.

    In the record of a cluster the objects have other uids than their events know: there the name
    decides.
    """
    uids: dict[object, str] = {}
    for row in rows:
        uid = row.meta.get("uid") or ""
        uids[(row.namespace, row.name) if scene.record else uid] = uid
    found: dict[str, list[Json]] = {}
    for raw in scene.warnings:
        about = part(raw, "involvedObject")
        key = (about.get("namespace"), about.get("name")) if scene.record else about.get("uid")
        if key in uids and (not kind or about.get("kind") == kind):
            found.setdefault(uids[key], []).append(raw)
    return {uid: fold_events(parse_events(several)) for uid, several in found.items()}


def _batches(scene: Scene, suspected: Sequence[PodRow]) -> list[_Batch]:
    """Siblings together where not too many healthy ones would come with them."""
    groups: dict[tuple[str, str], list[PodRow]] = {}
    for row in suspected:
        groups.setdefault((row.namespace, _label(row)), []).append(row)
    batches: list[_Batch] = []
    for (namespace, label), rows in groups.items():
        most = _WASTE * len(rows)
        if label and len(rows) > 1 and _family(scene, namespace, label) <= most:
            batches.append(_Batch(namespace, label, tuple(row.name for row in rows)))
        else:
            batches += [_Batch(namespace, "", (row.name,)) for row in rows]
    return batches


def _family(scene: Scene, namespace: str, label: str) -> int:
    """How many pods of the namespace share a label, given as a selector."""
    value = label.partition("=")[2]
    near = (row for row in scene.homes[namespace] if row.may_hold(value))
    return sum(_label(row) == label for row in near)


def _label(row: PodRow) -> str:
    """The label that a pod shares with its siblings and nobody else, as a selector."""
    labels = part(row.meta, "labels")
    return next((f"{name}={labels[name]}" for name in _SIBLINGS if name in labels), "")


async def _read(cluster: Cluster, gate: asyncio.Semaphore, batch: _Batch) -> Sequence[Json]:
    async with gate:
        if batch.selector:
            path = path_to(PODS, batch.namespace)
            return (await cluster.get(path, labelSelector=batch.selector)).get("items") or ()
        try:
            return (await cluster.get(path_to(PODS, batch.namespace, batch.names[0])),)
        except NotFound:
            return ()


def _alike(suspected: Sequence[PodRow]) -> list[list[PodRow]]:
    """Pods of one owner with one telling status together, the first by name in front.

    The first is read, and `fold` lets the first speak for the others: so what it says is its own.
    """
    groups: dict[tuple[str, ...], list[PodRow]] = {}
    for row in sorted(suspected, key=lambda r: (r.namespace, r.name)):
        owner = row.owner
        alone = owner is None or not _DEFINITE.fullmatch(row.status)
        key = (row.namespace, row.name) if alone else (row.namespace, str(owner), row.status, "")
        groups.setdefault(key, []).append(row)
    return list(groups.values())


def _likewise(case: PodCase, row: PodRow, events: Events) -> PodCase:
    pod = replace(case.pod, name=row.name, uid=row.uid, node=row.node)
    return replace(case, pod=pod, events=events.get(row.uid) or case.events)
