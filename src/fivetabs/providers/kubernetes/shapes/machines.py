"""Nodes, namespaces, and the leases by which parts of the cluster say that they live."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.fields import pairs, part, parts
from fivetabs.providers.kubernetes.shapes.pods import Condition, parse_conditions
from fivetabs.providers.kubernetes.shapes.things import Thing, head_of
from fivetabs.providers.kubernetes.shapes.times import parse_when


@dataclass(frozen=True, slots=True)
class Taint:
    """What keeps pods from a node that do not tolerate it."""

    key: str
    value: str
    effect: str

    @property
    def repels(self) -> bool:
        """Whether it keeps pods away, rather than being a wish."""
        return self.effect in {"NoSchedule", "NoExecute"}

    def __str__(self) -> str:
        return (
            f"{self.key}={self.value}:{self.effect}" if self.value else f"{self.key}:{self.effect}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Node(Thing):
    """A core/v1 Node. `addresses` by type (`InternalIP`); quantities as they were written.

    `heard`: when its kubelet last told its status.
    """

    KIND: ClassVar[str] = "Node"

    provider_id: str
    cordoned: bool
    taints: tuple[Taint, ...]
    addresses: tuple[tuple[str, str], ...]
    capacity: Mapping[str, str]
    allocatable: Mapping[str, str]
    conditions: tuple[Condition, ...]
    kubelet: str
    runtime: str
    heard: datetime | None

    @property
    def lost(self) -> str:
        """Why it is not ready; empty when it is."""
        for condition in self.conditions:
            if condition.type == "Ready" and condition.status != "True":
                why = condition.message or condition.reason
                return f"NotReady: {why}" if condition.status == "False" else f"not heard of: {why}"
        return ""

    def condition(self, kind: str) -> Condition | None:
        """The condition of this type, if the node has it."""
        return next((c for c in self.conditions if c.type == kind), None)

    def repels(self, tolerations: Iterable[Json]) -> tuple[Taint, ...]:
        """The taints that keep away a pod with these tolerations."""
        borne = tuple(tolerations)
        return tuple(t for t in self.taints if t.repels and not any(_bears(b, t) for b in borne))


def _bears(toleration: Json, taint: Taint) -> bool:
    """Whether a toleration covers a taint (core/v1 Toleration.ToleratesTaint)."""
    if toleration.get("effect") and toleration["effect"] != taint.effect:
        return False
    if toleration.get("operator") == "Exists":
        return toleration.get("key") in {None, "", taint.key}
    return toleration.get("key") == taint.key and (toleration.get("value") or "") == taint.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Namespace(Thing):
    """A core/v1 Namespace."""

    KIND: ClassVar[str] = "Namespace"

    phase: str
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease(Thing):
    """A coordination.k8s.io/v1 Lease; `seconds` is how long it holds after `renewed`."""

    KIND: ClassVar[str] = "Lease"

    holder: str
    renewed: datetime | None
    seconds: int


def parse_node(raw: Json) -> Node:
    """Read a core/v1 Node."""
    spec, status = part(raw, "spec"), part(raw, "status")
    info = part(status, "nodeInfo")
    beats = (parse_when(c.get("lastHeartbeatTime")) for c in parts(status, "conditions"))
    return Node(
        **head_of(raw),
        provider_id=spec.get("providerID") or "",
        cordoned=bool(spec.get("unschedulable")),
        taints=tuple(
            Taint(t["key"], t.get("value") or "", t.get("effect") or "")
            for t in parts(spec, "taints")
        ),
        addresses=tuple((a["type"], a["address"] or "") for a in parts(status, "addresses")),
        capacity=dict(pairs(status, "capacity")),
        allocatable=dict(pairs(status, "allocatable")),
        conditions=parse_conditions(status),
        kubelet=info.get("kubeletVersion") or "",
        runtime=info.get("containerRuntimeVersion") or "",
        heard=max(filter(None, beats), default=None),
    )


def parse_namespace(raw: Json) -> Namespace:
    """Read a core/v1 Namespace."""
    status = part(raw, "status")
    return Namespace(
        **head_of(raw),
        phase=status.get("phase") or "Active",
        conditions=parse_conditions(status),
    )


def parse_lease(raw: Json) -> Lease:
    """Read a coordination.k8s.io/v1 Lease."""
    spec = part(raw, "spec")
    return Lease(
        **head_of(raw),
        holder=spec.get("holderIdentity") or "",
        renewed=parse_when(spec.get("renewTime")),
        seconds=spec.get("leaseDurationSeconds") or 0,
    )
