"""One workload's pods, and what is wrong with them: before a change, and after it."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from fivetabs.core import Finding, first_of
from fivetabs.providers.kubernetes.port import (
    PODS,
    REPLICA_SETS,
    Cluster,
    Json,
    changeable,
    path_to,
)
from fivetabs.providers.kubernetes.rules.order import POD_RULES, WORKLOAD_RULES
from fivetabs.providers.kubernetes.shapes.fields import pairs, part, parts, words
from fivetabs.providers.kubernetes.shapes.owners import Owner
from fivetabs.providers.kubernetes.shapes.tables import PodRow, Row, parse_pod_rows, parse_rows
from fivetabs.providers.kubernetes.tools.evidence import cases
from fivetabs.providers.kubernetes.tools.last_words import with_last_words
from fivetabs.providers.kubernetes.tools.placing import with_nodes
from fivetabs.providers.kubernetes.tools.reading import Gaps, lost_nodes, raw_warnings
from fivetabs.providers.kubernetes.tools.shortages import shortages
from fivetabs.providers.kubernetes.tools.triage import scene_of, suspects

_EXPRESSIONS = MappingProxyType(
    {
        "In": "{0} in ({1})",
        "NotIn": "{0} notin ({1})",
        "Exists": "{0}",
        "DoesNotExist": "!{0}",
    }
)


@dataclass(frozen=True, slots=True)
class Health:
    """What is wrong with some pods and what makes them, and what of it could not be read."""

    findings: tuple[Finding, ...]
    missing: tuple[str, ...]


async def pods_of(cluster: Cluster, raw: Json) -> tuple[PodRow, ...]:
    """The pods of a workload as kubectl prints them, and no others that its selector would take."""
    meta = raw["metadata"]
    path = path_to(PODS, meta["namespace"])
    table = await cluster.table(path, objects="Metadata", labelSelector=selector_of(raw))
    mine = Owner(raw["kind"], meta["name"])
    return tuple(row for row in parse_pod_rows(table) if row.owner == mine)


async def examined(cluster: Cluster, raw: Json, rows: Sequence[PodRow]) -> Health:
    """What the rules say of these pods of a workload, and of the pods that it does not get."""
    meta, gaps = raw["metadata"], Gaps()
    warnings, lost, makers = await asyncio.gather(
        gaps.allow("events", raw_warnings(cluster, meta["namespace"]), ()),
        gaps.allow("nodes", lost_nodes(cluster), {}),
        gaps.allow("what makes its pods", _makers(cluster, raw), {}),
    )
    every: dict[str, tuple[Row, ...]] = {
        kind: makers.get(kind, ()) for kind in ("ReplicaSet", "StatefulSet", "DaemonSet", "Job")
    }
    scene = await scene_of(tuple(rows), every, warnings, lost, ())
    found = await cases(cluster, scene, await suspects(scene), gaps)
    told = await with_nodes(cluster, await with_last_words(cluster, found, gaps), gaps)
    lacking = first_of(WORKLOAD_RULES, await shortages(cluster, scene))
    return Health((*first_of(POD_RULES, told), *lacking), tuple(gaps.told))


def selector_of(raw: Json) -> str:
    """A workload's label selector as the API takes it in a query."""
    return ",".join(_clauses(part(raw, "spec", "selector")))


def _clauses(selector: Json) -> Iterator[str]:
    for key, value in pairs(selector, "matchLabels"):
        yield f"{key}={value}"
    for each in parts(selector, "matchExpressions"):
        yield _EXPRESSIONS[each["operator"]].format(each["key"], ",".join(words(each, "values")))


async def _makers(cluster: Cluster, raw: Json) -> dict[str, tuple[Row, ...]]:
    """What makes the pods: the workload itself, or the ReplicaSets of a Deployment."""
    meta, kind = raw["metadata"], raw["kind"]
    if kind != "Deployment":
        path = path_to(changeable(kind), meta["namespace"], meta["name"])
        return {kind: tuple(parse_rows(await cluster.table(path, objects="Metadata")))}
    path = path_to(REPLICA_SETS, meta["namespace"])
    table = await cluster.table(path, objects="Metadata", labelSelector=selector_of(raw))
    mine = (
        row
        for row in parse_rows(table)
        if any(r.get("uid") == meta.get("uid") for r in parts(row.meta, "ownerReferences"))
    )
    return {"ReplicaSet": tuple(mine)}
