"""What would hold a change up, take it back or not heed it, told before anybody is asked."""

import asyncio
from collections.abc import Awaitable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from fivetabs.core import Finding, term
from fivetabs.providers.kubernetes.port import (
    AUTOSCALERS,
    BUDGETS,
    QUOTAS,
    Cluster,
    Json,
    Resource,
    path_to,
)
from fivetabs.providers.kubernetes.shapes.fields import pairs, part, parts
from fivetabs.providers.kubernetes.shapes.limits import (
    Autoscaler,
    Budget,
    Quota,
    parse_autoscaler,
    parse_budget,
    parse_quota,
)
from fivetabs.providers.kubernetes.shapes.managers import parse_managers
from fivetabs.providers.kubernetes.shapes.owners import Owner
from fivetabs.providers.kubernetes.shapes.rolling import most_out, shortages_of
from fivetabs.providers.kubernetes.shapes.tables import PodRow
from fivetabs.providers.kubernetes.tools.patients import examined, pods_of
from fivetabs.providers.kubernetes.tools.reading import Gaps

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Around:
    """A workload, its pods, what is wrong with them, and what bounds and scales it."""

    raw: Json
    pods: tuple[PodRow, ...]
    findings: tuple[Finding, ...]
    scaler: Autoscaler | None
    budgets: tuple[Budget, ...]
    quotas: tuple[Quota, ...]
    missing: tuple[str, ...]

    @property
    def unread(self) -> Iterator[str]:
        """What could not be read, as warnings."""
        for each in self.missing:
            yield f"not checked: {each}"


async def look_around(cluster: Cluster, raw: Json) -> Around:
    """Read what the pre-flight of a change of this workload rests on."""
    gaps = Gaps()
    (rows, health), scalers, budgets, quotas = await asyncio.gather(
        _health(cluster, raw),
        _all(cluster, gaps, AUTOSCALERS, raw),
        _all(cluster, gaps, BUDGETS, raw),
        _all(cluster, gaps, QUOTAS, raw),
    )
    labels = dict(pairs(raw, "spec", "template", "metadata", "labels"))
    target = Owner(raw["kind"], raw["metadata"]["name"])
    chosen = (parse_budget(each) for each in budgets)
    return Around(
        raw=raw,
        pods=rows,
        findings=health.findings,
        scaler=next((s for s in map(parse_autoscaler, scalers) if s.target == target), None),
        budgets=tuple(b for b in chosen if not b.chooses_none and b.selector.chooses(labels)),
        quotas=tuple(map(parse_quota, quotas)),
        missing=(*health.missing, *gaps.told),
    )


async def _health(cluster: Cluster, raw: Json) -> Any:
    rows = await pods_of(cluster, raw)
    return rows, await examined(cluster, raw, rows)


async def _all(cluster: Cluster, gaps: Gaps, kind: Resource, raw: Json) -> Sequence[Json]:
    read: Awaitable[Json] = cluster.get(path_to(kind, raw["metadata"]["namespace"]))
    return parts(await gaps.allow(kind.plural, read, {}), "items")


def replaced(pods: int) -> str:
    """`its 3 pods are replaced`."""
    match pods:
        case 0:
            return "it has no pods now"
        case 1:
            return "its pod is replaced"
        case _:
            return f"its {pods} pods are replaced"


def managed(raw: Json, *, stays: bool = False) -> Iterator[str]:
    """Who takes the change back. `stays`: it writes nothing that anybody else keeps."""
    for each in parse_managers(raw):
        if stays:
            yield f"{each.who} manages it; a restart changes nothing of what that keeps"
        else:
            yield (
                f"{each.who} manages it and takes this back when {each.when} comes round: change "
                f"{each.where} instead, or as well"
            )


def rolling(around: Around) -> Iterator[str]:
    """What a rollout of new pods meets: budgets that it does not heed, quotas that it does."""
    raw = around.raw
    out, surge = most_out(raw, len(around.pods))
    if part(raw, "spec", "strategy").get("type") == "Recreate":
        yield "its strategy is Recreate: all pods end before new ones start"
    if raw["kind"] == "StatefulSet" and part(raw, "spec").get("replicas", 1) == 1:
        yield "its only pod ends before the new one starts: expect a pause"
    partition = part(raw, "spec", "updateStrategy", "rollingUpdate").get("partition")
    if partition:
        yield f"its partition is {partition}: pods with a lower number keep the old template"
    for budget in around.budgets:
        if out and budget.expected - out < budget.desired:
            yield (
                f"up to {out} of its pods are away at once, though PodDisruptionBudget "
                f"{budget.name} wants {budget.desired} healthy: rollouts do not heed budgets"
            )
    yield from _short(around, surge, "the rollout starts before it ends old ones")


def growing(around: Around, more: int) -> Iterator[str]:
    """What stands against so many more pods."""
    yield from _short(around, more, "this adds")


def _short(around: Around, pods: int, why: str) -> Iterator[str]:
    for quota in around.quotas:
        for resource, needed, left in shortages_of(quota, around.raw, pods):
            yield (
                f"ResourceQuota {quota.name} leaves {left} of {term(resource)}, and the {pods} "
                f"pods that {why} need {needed}: some may not be created"
            )
