"""What makes pods: Deployments, ReplicaSets, StatefulSets, DaemonSets and Jobs."""

import json
from dataclasses import dataclass
from hashlib import sha256

from fivetabs.core import term
from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.fields import part
from fivetabs.providers.kubernetes.shapes.pods import Condition, parse_conditions

RESTARTED_AT = "kubectl.kubernetes.io/restartedAt"


@dataclass(frozen=True, slots=True)
class Workload:
    """A workload and how far it has come. `wanted` and `ready` count pods.

    `template` is a digest of the pod template: two workloads of one uid and one template run the
    same thing.
    """

    kind: str
    namespace: str
    name: str
    uid: str
    wanted: int
    ready: int
    strategy: str
    paused: bool
    restarted: str
    revision: str
    template: str
    conditions: tuple[Condition, ...]


def parse_workload(raw: Json, kind: str) -> Workload:
    """Read an apps/v1 or batch/v1 workload."""
    meta, spec, status = raw["metadata"], part(raw, "spec"), part(raw, "status")
    template = part(spec, "template")
    annotations = part(template, "metadata", "annotations")
    strategy = spec.get("strategy") or part(spec, "updateStrategy")
    return Workload(
        kind=kind,
        namespace=meta.get("namespace", ""),
        name=meta["name"],
        uid=meta.get("uid", ""),
        wanted=_wanted(kind, spec, status),
        ready=status.get("readyReplicas") or status.get("numberReady") or 0,
        strategy=term(strategy.get("type") or ""),
        paused=bool(spec.get("paused")),
        restarted=term(annotations.get(RESTARTED_AT) or ""),
        revision=term(part(meta, "annotations").get("deployment.kubernetes.io/revision") or ""),
        template=template_digest(raw),
        conditions=parse_conditions(status),
    )


def template_digest(raw: Json) -> str:
    """The first 12 hex digits of the SHA-256 of a workload's pod template."""
    text = json.dumps(part(raw, "spec", "template"), sort_keys=True)
    return sha256(text.encode()).hexdigest()[:12]


def _wanted(kind: str, spec: Json, status: Json) -> int:
    if kind == "DaemonSet":
        return status.get("desiredNumberScheduled") or 0
    if kind == "Job":
        return spec.get("parallelism") or 1
    return spec.get("replicas", 1)
