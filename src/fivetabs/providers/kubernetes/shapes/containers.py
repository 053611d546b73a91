"""A container of a pod: what was asked for it and how it fares."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from fivetabs.core import quoted, term
from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.fields import part, parts, words
from fivetabs.providers.kubernetes.shapes.surroundings import Surroundings, parse_surroundings
from fivetabs.providers.kubernetes.shapes.times import parse_when


@dataclass(frozen=True, slots=True)
class State:
    """What a container is doing, or did last: waiting, running or terminated (empty: nothing)."""

    word: str = ""
    reason: str = ""
    message: str = ""
    exit_code: int = 0
    started: datetime | None = None
    finished: datetime | None = None

    @property
    def ran(self) -> timedelta | None:
        """How long a finished run lasted."""
        if self.started is None or self.finished is None:
            return None
        return self.finished - self.started


@dataclass(frozen=True, slots=True)
class Probe:
    """How the kubelet asks a container how it is; durations in seconds."""

    action: str
    port: str
    delay: int
    period: int
    timeout: int
    failures: int

    @property
    def budget(self) -> timedelta:
        """The longest a container may fail this probe before it counts."""
        return timedelta(seconds=self.delay + self.period * self.failures)

    def __str__(self) -> str:
        times = f"every {self.period}s, timeout {self.timeout}s, {self.failures} failures"
        return f"{self.action} {times}" + (f", after {self.delay}s" if self.delay else "")


@dataclass(frozen=True, slots=True)
class Container:
    """One container. `role` is container, init, sidecar (an init that stays) or ephemeral."""

    name: str
    role: str
    image: str
    command: str
    pull_policy: str
    ready: bool
    started: bool
    restarts: int
    state: State
    last: State
    ports: tuple[str, ...]
    resources: Mapping[str, str]
    probes: Mapping[str, Probe]
    given: Surroundings

    @property
    def field(self) -> str:
        """How events name this container (`involvedObject.fieldPath`)."""
        groups = {"container": "containers", "ephemeral": "ephemeralContainers"}
        return f"spec.{groups.get(self.role, 'initContainers')}{{{self.name}}}"

    def undeclared(self, probe: Probe) -> str:
        """What is odd about a probe's port, as words to add: the container may not declare it."""
        if probe.port.isdecimal() and self.ports and probe.port not in self.ports:
            return f", though it declares port {', '.join(self.ports)}"
        return ""


def parse_containers(pod: Json) -> tuple[Container, ...]:
    """All containers of a pod in the order they start: init and sidecar, main, ephemeral."""
    spec, status = part(pod, "spec"), part(pod, "status")
    groups = (
        ("initContainers", "initContainerStatuses", "init"),
        ("containers", "containerStatuses", "container"),
        ("ephemeralContainers", "ephemeralContainerStatuses", "ephemeral"),
    )
    found: list[Container] = []
    for specs, statuses, role in groups:
        known = {each["name"]: each for each in parts(status, statuses)}
        found += [_container(spec, c, known.get(c["name"], {}), role) for c in parts(spec, specs)]
    return tuple(found)


def parse_state(raw: Json | None) -> State:
    """A ContainerState; the empty State where there is none."""
    for word, told in (raw or {}).items():
        if told is not None:
            return State(
                word=word,
                reason=term(told.get("reason") or ""),
                message=(told.get("message") or "").strip(),
                exit_code=told.get("exitCode") or 0,
                started=parse_when(told.get("startedAt")),
                finished=parse_when(told.get("finishedAt")),
            )
    return State()


def _container(pod: Json, spec: Json, status: Json, role: str) -> Container:
    kinds = ("startup", "readiness", "liveness")
    stays = role == "init" and spec.get("restartPolicy") == "Always"
    probes = {k: _probe(spec[f"{k}Probe"]) for k in kinds if spec.get(f"{k}Probe")}
    return Container(
        name=spec["name"],
        role="sidecar" if stays else role,
        image=term(spec.get("image") or ""),
        command=" ".join([*words(spec, "command"), *words(spec, "args")]),
        pull_policy=spec.get("imagePullPolicy") or "",
        ready=bool(status.get("ready")),
        started=bool(status.get("started")),
        restarts=status.get("restartCount") or 0,
        state=parse_state(status.get("state")),
        last=parse_state(status.get("lastState")),
        ports=tuple(str(each["containerPort"]) for each in parts(spec, "ports")),
        resources=_resources(part(spec, "resources")),
        probes=probes,
        given=parse_surroundings(pod, spec),
    )


def _resources(raw: Json) -> Mapping[str, str]:
    """`{"cpu": "100m..500m", "memory": "..128Mi"}`: request..limit as they were written."""
    requests, limits = part(raw, "requests"), part(raw, "limits")
    names = sorted({*requests, *limits})
    asked = {n: (str(requests.get(n, "")), str(limits.get(n, ""))) for n in names}
    return {term(n): "..".join(map(term, pair)) for n, pair in asked.items()}


def _probe(raw: Json) -> Probe:
    action, port = "", ""
    if http := raw.get("httpGet"):
        port = str(http.get("port", ""))
        action = f"GET :{port}{term(http.get('path') or '/')}"
    elif tcp := raw.get("tcpSocket"):
        port = str(tcp.get("port", ""))
        action = f"tcp :{port}"
    elif grpc := raw.get("grpc"):
        port = str(grpc.get("port", ""))
        action = f"grpc :{port}"
    elif run := raw.get("exec"):
        action = f"exec {quoted(' '.join(words(run, 'command')))}"
    return Probe(
        action=action,
        port=port,
        delay=raw.get("initialDelaySeconds") or 0,
        period=raw.get("periodSeconds") or 10,
        timeout=raw.get("timeoutSeconds") or 1,
        failures=raw.get("failureThreshold") or 3,
    )
