"""The cluster read once: every kind in one list, all together, whole pods only of suspects."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from fivetabs.core import Denied, Scope, first_of, stamp
from fivetabs.providers.kubernetes.port import REPLICA_SETS, Cluster, Json, path_to
from fivetabs.providers.kubernetes.rules.order import POD_RULES, WORKLOAD_RULES
from fivetabs.providers.kubernetes.shapes.cases import PodCase, WorkloadCase
from fivetabs.providers.kubernetes.shapes.configs import ConfigMap
from fivetabs.providers.kubernetes.shapes.events import fold_events, parse_events
from fivetabs.providers.kubernetes.shapes.kinds import KINDS, OPTIONAL, ROWS, WIDE
from fivetabs.providers.kubernetes.shapes.machines import Lease, Node
from fivetabs.providers.kubernetes.shapes.records import end_of, last_sign
from fivetabs.providers.kubernetes.shapes.snapshot import Shelf, Snapshot
from fivetabs.providers.kubernetes.shapes.tables import PodRow, Row, parse_rows
from fivetabs.providers.kubernetes.shapes.things import Kind, Thing
from fivetabs.providers.kubernetes.tools.evidence import cases
from fivetabs.providers.kubernetes.tools.last_words import with_last_words
from fivetabs.providers.kubernetes.tools.placing import among, beside
from fivetabs.providers.kubernetes.tools.reading import (
    Gaps,
    first_sight,
    raw_warnings,
    rows,
)
from fivetabs.providers.kubernetes.tools.rights import with_rights
from fivetabs.providers.kubernetes.tools.shelving import allow, pages, shelf_of
from fivetabs.providers.kubernetes.tools.shortages import shortages
from fivetabs.providers.kubernetes.tools.triage import Scene, scene_of, suspects


@dataclass(frozen=True, slots=True)
class _Lists:
    """What the first reads brought: pods, printed lines by kind, warnings, and the shelves."""

    pods: tuple[PodRow, ...] | None
    printed: dict[str, tuple[Row, ...]]
    warnings: tuple[Json, ...]
    shelves: Mapping[type[Thing], Shelf]
    wide: frozenset[type[Thing]]
    missing: tuple[str, ...]

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The nodes, as far as they were read."""
        return tuple(each for each in self.shelves.get(Node, ()) if isinstance(each, Node))

    @property
    def leases(self) -> tuple[Lease, ...]:
        """The leases, as far as they were read."""
        shelf = self.shelves.get(Lease, ())
        return tuple(each for each in shelf if isinstance(each, Lease))

    @property
    def maps(self) -> tuple[ConfigMap, ...]:
        """The ConfigMaps, as far as they were read."""
        shelf = self.shelves.get(ConfigMap, ())
        return tuple(each for each in shelf if isinstance(each, ConfigMap))


async def load(cluster: Cluster, scope: Scope) -> Snapshot:
    """Read what the diagnosis rests on, of one namespace or of all.

    Where pods may not be listed in all namespaces, the context's own is read instead, and said so.

    Raises:
        Unavailable: If the cluster cannot be asked at all.
    """
    namespace, found, gaps = await _all_that_may_be_read(cluster, scope.namespace)
    now, warnings = cluster.now(), fold_events(parse_events(found.warnings))
    sign = last_sign(found.nodes, found.leases, warnings, now) if found.nodes else None
    scene = await _scene(found, record=sign is not None)
    known, lacking = await asyncio.gather(
        _suspects(cluster, scene, found, gaps), _shortages(cluster, scene, gaps)
    )
    if sign is not None:
        now, known = _by_its_own_time(known, sign, now, gaps)
    outline = _outline(cluster, namespace, found)
    snapshot = replace(
        outline,
        now=now,
        record=scene.record,
        pods=scene.pods,
        cases=known,
        shortages=lacking,
        warnings=warnings,
        findings=(*first_of(POD_RULES, known), *first_of(WORKLOAD_RULES, lacking)),
    )
    snapshot = await with_rights(cluster, snapshot, gaps)
    return replace(snapshot, missing=tuple(gaps.told))


def _outline(cluster: Cluster, namespace: str, found: _Lists) -> Snapshot:
    """What the lists alone bring."""
    return Snapshot(
        context=cluster.context,
        now=cluster.now(),
        grace=cluster.grace,
        namespace=namespace,
        sets=found.printed["ReplicaSet"],
        shelves=found.shelves,
        wide=found.wide,
    )


async def _scene(found: _Lists, *, record: bool) -> Scene:
    lost = {node.name: node.lost for node in found.nodes if node.lost}
    scene = await scene_of(found.pods or (), found.printed, found.warnings, lost, ())
    return replace(scene, record=record)


def _by_its_own_time(
    cases: tuple[PodCase, ...], sign: datetime, now: datetime, gaps: Gaps
) -> tuple[datetime, tuple[PodCase, ...]]:
    """The moment of a record, and its suspects as they were at that moment."""
    end = end_of(cases, sign, now)
    gaps.told.append(f"anything after {stamp(end)}: nothing in this cluster has stirred since")
    return end, tuple(replace(case, now=end) for case in cases)


async def _all_that_may_be_read(cluster: Cluster, asked: str) -> tuple[str, _Lists, Gaps]:
    """The namespace that was read in the end, what was read, and what could not be."""
    found = await _lists(cluster, asked)
    if found.pods is not None or asked:
        return asked, found, Gaps(list(found.missing))
    why, own = found.missing[0], cluster.namespace
    found = await _lists(cluster, own)
    return own, found, Gaps([f"all namespaces but {own}: {why}", *found.missing])


async def _suspects(
    cluster: Cluster, scene: Scene, lists: _Lists, gaps: Gaps
) -> tuple[PodCase, ...]:
    """The suspects read whole; the last words of those that crashed."""
    read = cases(cluster, scene, await suspects(scene), gaps)
    found = await allow("suspect pods", read, gaps)
    heard = await with_last_words(cluster, found or (), gaps)
    return beside(among(heard, lists.nodes), lists.maps)


async def _shortages(cluster: Cluster, scene: Scene, gaps: Gaps) -> tuple[WorkloadCase, ...]:
    return await allow("workloads that lack pods", shortages(cluster, scene), gaps) or ()


async def _lists(cluster: Cluster, namespace: str) -> _Lists:
    """Every kind at the same time."""
    gaps, narrow = Gaps(), set[type[Thing]]()
    pods, sets, warnings, printed, listed = await asyncio.gather(
        _pods(cluster, namespace, gaps),
        allow("replicasets", rows(cluster, REPLICA_SETS, namespace), gaps),
        allow("events", raw_warnings(cluster, namespace), gaps),
        asyncio.gather(*(_printed(cluster, kind, namespace, gaps) for kind in ROWS)),
        asyncio.gather(*(_listed(cluster, kind, namespace, gaps, narrow) for kind in KINDS)),
    )
    shelves = {k.shape: found for k, found in zip(KINDS, listed, strict=True) if found is not None}
    lines: dict[str, tuple[Row, ...]] = {"ReplicaSet": sets or ()}
    for kind, found in zip(ROWS, printed, strict=True):
        lines[kind.resource.kind] = found or ()
        if found is not None:
            shelves[kind.shape] = await shelf_of(kind, [row.whole for row in found], gaps)
    missing = tuple(sorted(gaps.told, key=lambda told: (not told.startswith("pods"), told)))
    return _Lists(pods, lines, warnings or (), shelves, WIDE - narrow, missing)


async def _pods(cluster: Cluster, namespace: str, gaps: Gaps) -> tuple[PodRow, ...] | None:
    """The pods; None where they may not be listed. Without them the cluster is not there."""
    try:
        return await first_sight(cluster, namespace)
    except Denied as denied:
        gaps.told.append(f"pods: {denied}")
        return None


async def _printed(
    cluster: Cluster, kind: Kind[Any], namespace: str, gaps: Gaps
) -> tuple[Row, ...] | None:
    async def read() -> tuple[Row, ...]:
        table = await cluster.table(path_to(kind.resource, namespace), objects="Object")
        return tuple(parse_rows(table))

    return await allow(kind.resource.plural, read(), gaps)


async def _listed(
    cluster: Cluster, kind: Kind[Any], namespace: str, gaps: Gaps, narrow: set[type[Thing]]
) -> Shelf | None:
    """All objects of a kind; None where they cannot be had. `narrow` gets what is not read wide."""
    what = kind.resource.plural
    if kind.shape in WIDE and namespace:
        found = await allow(what, pages(cluster, kind, "", gaps), Gaps())
        if found is not None:
            return found
        narrow.add(kind.shape)
    untold = Gaps() if kind.shape in OPTIONAL else gaps
    return await allow(what, pages(cluster, kind, namespace, gaps), untold)
