"""The evidence that rules judge: one suspect pod, or one workload that lacks pods."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fivetabs.core import Subject
from fivetabs.providers.kubernetes.shapes.containers import Container, State
from fivetabs.providers.kubernetes.shapes.events import Event
from fivetabs.providers.kubernetes.shapes.machines import Node
from fivetabs.providers.kubernetes.shapes.pods import Pod
from fivetabs.providers.kubernetes.shapes.workloads import Workload

_LOOP = timedelta(minutes=10)
_HEALED = timedelta(minutes=1)
_MEMORY = timedelta(hours=1)
_LONGEST_MEMORY = timedelta(hours=24)
_TROUBLE = frozenset(
    {"BackOff", "Failed", "FailedMount", "FailedScheduling", "FailedCreatePodSandBox"}
)


@dataclass(frozen=True, slots=True)
class Former:
    """The newest revision of a pod's Deployment that has other images, and these."""

    revision: int
    images: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PodCase:
    """A suspect pod with all that was read about it.

    `status` is the word kubectl prints. `events` are the pod's own, newest first. `node_lost` says
    why its node is not ready, empty when it is. `words` are the last lines of a crashed container,
    written by the pod `speaker` (a sibling that ended alike), or by this one where that is empty.
    `nodes` are those of the cluster, where they were read: they tell why none takes the pod.
    `maps` are the ConfigMaps of its namespace with their keys, where they were read.
    `former` is the revision that a Deployment's pod could be rolled back to, where it is known.
    """

    context: str
    status: str
    pod: Pod
    events: tuple[Event, ...]
    now: datetime
    grace: timedelta
    node_lost: str = ""
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    speaker: str = ""
    nodes: tuple[Node, ...] = ()
    maps: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    former: Former | None = None

    @property
    def subject(self) -> Subject:
        """The pod's identity."""
        return Subject("k8s", self.context, (self.pod.namespace, "Pod", self.pod.name))

    def near(self, kind: str, name: str) -> Subject:
        """The identity of an object in the pod's namespace."""
        return Subject("k8s", self.context, (self.pod.namespace, kind, name))

    @property
    def whose(self) -> str:
        """The pod's workload, or the pod itself when it has none."""
        return str(self.pod.owner or f"Pod/{self.pod.name}")

    @property
    def group(self) -> str:
        """Pods of one group have the same reason to fail when they fail alike."""
        return f"{self.pod.namespace}/{self.whose}"

    @property
    def settled(self) -> bool:
        """The pod has run to its end and nothing will start it again."""
        return self.pod.phase in {"Succeeded", "Failed"}

    @property
    def unready_since(self) -> datetime | None:
        """Since when a running pod has not been ready; None when it is, or does not run."""
        ready = self.pod.condition("Ready")
        if self.pod.phase != "Running" or self.pod.deleted or ready is None:
            return None
        return ready.since if ready.status != "True" else None

    def crashed(self) -> Iterator[tuple[Container, State]]:
        """Containers that crashed and are not over it, each with the run that tells why."""
        for container in self.pod.containers:
            end = last_crash(container, self.pod.restart_policy, self.now)
            if end is not None:
                yield container, end

    def waiting(self, *reasons: str) -> Iterator[Container]:
        """Containers that wait for one of these reasons."""
        for container in self.pod.containers:
            if container.state.word == "waiting" and container.state.reason in reasons:
                yield container

    def told(self, *reasons: str, about: str = "", saying: str = "") -> Event | None:
        """The newest event of one of these reasons, about a field path, holding these words."""
        for event in self.events:
            fits = event.reason in reasons and saying in event.message
            if fits and (not about or event.field in {about, ""}):
                return event
        return None

    def began(self, container: Container | None = None) -> datetime | None:
        """When the trouble of a container, or of the pod, was first noted, as far as is known."""
        noted = [
            e.first
            for e in self.events
            if e.reason in _TROUBLE and (container is None or e.field in {container.field, ""})
        ]
        if container is not None and (noted or container.last.finished or container.state.finished):
            ends = (container.last.finished, container.state.finished)
            return min(when for when in (*noted, *ends) if when)
        ready = self.pod.condition("Ready")
        unready = ready.since if ready is not None and ready.status != "True" else None
        return min(noted, default=None) or unready or self.pod.created

    def older_than(self, since: datetime | None, span: timedelta) -> bool:
        """Whether something has lasted longer than it may."""
        return since is not None and self.now - since > span


@dataclass(frozen=True, slots=True)
class WorkloadCase:
    """A workload with fewer pods than it should have, and what its controller says about it."""

    context: str
    workload: Workload
    whose: str
    lacking: int
    message: str
    source: str
    time: datetime | None

    @property
    def subject(self) -> Subject:
        """The workload's identity."""
        made = self.workload
        return Subject("k8s", self.context, (made.namespace, made.kind, made.name))


def last_crash(container: Container, restart_policy: str, now: datetime) -> State | None:
    """The run that ended badly, if the container has not recovered from it.

    Bad is: any end with an error; an end without one where a run should last (a main container
    that is always restarted, and has been). A container that runs again is still in trouble while
    it keeps ending: twice or more, the last time within 10 minutes after a run of less than that,
    until it has been ready for a minute and for three times as long as that run;
    for lack of memory, within the hour, or within two lengths of its last run.
    """
    state, last = container.state, container.last
    if container.role == "ephemeral":
        return None
    lasting = restart_policy == "Always" and container.role != "init"
    if state.word == "terminated":
        bad = state.exit_code != 0 or (lasting and container.restarts > 0)
        return state if bad else None
    if state.word == "waiting" and state.reason == "CrashLoopBackOff":
        return last if last.word == "terminated" else state
    if state.word == "running" and last.word == "terminated" and container.restarts:
        return last if _still_restarts(container, now) else None
    return None


def _still_restarts(container: Container, now: datetime) -> bool:
    last = container.last
    if last.finished is None:
        return False
    ago, ran = now - last.finished, last.ran or timedelta()
    if last.reason == "OOMKilled":
        often = min(2 * ran, _LONGEST_MEMORY) if container.restarts > 1 else timedelta()
        return ago <= max(_MEMORY, often)
    if container.ready and now - (container.state.started or now) > max(_HEALED, 3 * ran):
        return False
    return container.restarts > 1 and ago <= _LOOP and ran <= _LOOP
