"""What bounds and scales workloads: autoscalers, budgets, quotas, ranges, priorities."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.fields import pairs, part, parts
from fivetabs.providers.kubernetes.shapes.owners import Owner
from fivetabs.providers.kubernetes.shapes.pods import Condition, parse_conditions
from fivetabs.providers.kubernetes.shapes.selectors import Selector, parse_selector
from fivetabs.providers.kubernetes.shapes.things import Thing, head_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Autoscaler(Thing):
    """An autoscaling/v2 HorizontalPodAutoscaler. `metrics` are the API's own."""

    KIND: ClassVar[str] = "HorizontalPodAutoscaler"

    target: Owner
    least: int
    most: int
    current: int
    desired: int
    metrics: tuple[Json, ...]
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget(Thing):
    """A policy/v1 PodDisruptionBudget. `least` and `most_out` as they were written."""

    KIND: ClassVar[str] = "PodDisruptionBudget"

    selector: Selector
    chooses_none: bool
    least: str
    most_out: str
    allowed: int
    healthy: int
    desired: int
    expected: int
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota(Thing):
    """A core/v1 ResourceQuota."""

    KIND: ClassVar[str] = "ResourceQuota"

    hard: Mapping[str, str]
    used: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRange(Thing):
    """A core/v1 LimitRange; `limits` are the API's own."""

    KIND: ClassVar[str] = "LimitRange"

    limits: tuple[Json, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityClass(Thing):
    """A scheduling.k8s.io/v1 PriorityClass."""

    KIND: ClassVar[str] = "PriorityClass"

    value: int
    default: bool
    preempts: bool


def parse_autoscaler(raw: Json) -> Autoscaler:
    """Read an autoscaling/v2 HorizontalPodAutoscaler."""
    spec, status = part(raw, "spec"), part(raw, "status")
    target = part(spec, "scaleTargetRef")
    return Autoscaler(
        **head_of(raw),
        target=Owner(target.get("kind") or "", target.get("name") or ""),
        least=spec.get("minReplicas", 1),
        most=spec.get("maxReplicas") or 0,
        current=status.get("currentReplicas") or 0,
        desired=status.get("desiredReplicas") or 0,
        metrics=parts(spec, "metrics"),
        conditions=parse_conditions(status),
    )


def parse_budget(raw: Json) -> Budget:
    """Read a policy/v1 PodDisruptionBudget; one without a selector chooses no pod."""
    spec, status = part(raw, "spec"), part(raw, "status")
    return Budget(
        **head_of(raw),
        selector=parse_selector(spec.get("selector")),
        chooses_none="selector" not in spec,
        least=str(spec.get("minAvailable", "")),
        most_out=str(spec.get("maxUnavailable", "")),
        allowed=status.get("disruptionsAllowed") or 0,
        healthy=status.get("currentHealthy") or 0,
        desired=status.get("desiredHealthy") or 0,
        expected=status.get("expectedPods") or 0,
        conditions=parse_conditions(status),
    )


def parse_quota(raw: Json) -> Quota:
    """Read a core/v1 ResourceQuota."""
    status = part(raw, "status")
    hard = dict(pairs(raw, "spec", "hard"))
    return Quota(**head_of(raw), hard=hard, used=dict(pairs(status, "used")))


def parse_range(raw: Json) -> LimitRange:
    """Read a core/v1 LimitRange."""
    return LimitRange(**head_of(raw), limits=parts(raw, "spec", "limits"))


def parse_priority(raw: Json) -> PriorityClass:
    """Read a scheduling.k8s.io/v1 PriorityClass."""
    return PriorityClass(
        **head_of(raw),
        value=raw.get("value") or 0,
        default=bool(raw.get("globalDefault")),
        preempts=raw.get("preemptionPolicy") != "Never",
    )
