"""How far a workload has come with what was last asked of it."""

from dataclasses import dataclass

from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.fields import part
from fivetabs.providers.kubernetes.shapes.pods import Condition, parse_conditions


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of pods: `wanted` in all, `due` of them of the newest template.

    `seen`: its controller has seen the newest spec. `old` pods are of former templates. `stuck` is
    the condition by which a Deployment says that it has given up waiting.
    """

    wanted: int
    due: int
    updated: int
    available: int
    old: int
    seen: bool
    held: str
    stuck: Condition | None

    @property
    def done(self) -> bool:
        """Whether everything that was asked for is there."""
        rolled = bool(self.held) or (self.updated >= self.due and self.old == 0)
        return self.seen and rolled and self.available >= self.wanted


def parse_progress(raw: Json, kind: str) -> Progress:
    """Read an apps/v1 Deployment, StatefulSet or DaemonSet."""
    spec, status = part(raw, "spec"), part(raw, "status")
    generation = raw["metadata"].get("generation") or 0
    daemons = kind == "DaemonSet"
    total = status.get("currentNumberScheduled" if daemons else "replicas") or 0
    wanted = _wanted(spec, status, daemons=daemons)
    updated = status.get("updatedNumberScheduled" if daemons else "updatedReplicas") or 0
    partition = part(spec, "updateStrategy", "rollingUpdate").get("partition") or 0
    due = max(0, wanted - partition)
    progress = (c for c in parse_conditions(status) if c.type == "Progressing")
    return Progress(
        wanted=wanted,
        due=due,
        updated=updated,
        available=status.get("numberAvailable" if daemons else "availableReplicas") or 0,
        old=max(0, total - updated - (wanted - due)) if kind != "StatefulSet" else 0,
        seen=(status.get("observedGeneration") or 0) >= generation,
        held=_held(spec),
        stuck=next((c for c in progress if c.reason == "ProgressDeadlineExceeded"), None),
    )


def _wanted(spec: Json, status: Json, *, daemons: bool) -> int:
    if daemons:
        return status.get("desiredNumberScheduled") or 0
    replicas = spec.get("replicas")
    return 1 if replicas is None else int(replicas)


def _held(spec: Json) -> str:
    """Why a new template reaches no pod by itself; empty where it does."""
    if spec.get("paused"):
        return "its rollout is paused"
    if part(spec, "updateStrategy").get("type") == "OnDelete":
        return "its update strategy is OnDelete: pods take it on only when they are deleted"
    return ""
