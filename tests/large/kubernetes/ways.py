"""The ways in which a pod can fail, each with the code of the rule that knows it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from fivetabs.providers.kubernetes.demo.objects import (
    condition,
    ended,
    event,
    running,
    status_of,
    waiting,
)
from fivetabs.providers.kubernetes.port import Json
from tests.large.kubernetes.seats import LONG_AGO, Seat

LOST_NODE = "node-lost"
_LOOP = "back-off 5m0s restarting failed container"


@dataclass(frozen=True)
class Sick:
    """A failing pod with the events about it, and what its container said last."""

    pod: Json
    events: tuple[Json, ...] = ()
    words: str = ""


Way = Callable[[Seat], Sick]


def _looping(seat: Seat, code: int, reason: str, words: str = "") -> Sick:
    last = ended(code, reason, "10:11", "10:11:08")
    state = waiting("CrashLoopBackOff", f"{_LOOP}={seat.app} pod={seat.name}")
    status = status_of(seat.container(), state, last=last, restarts=7 + seat.index % 40)
    sick = seat.pod(status, since="09:02")
    back_off = _told(sick, seat, "BackOff", f"Back-off restarting failed container {seat.app}", 90)
    return Sick(sick, (back_off,), words)


def _error(seat: Seat) -> Sick:
    words = f"starting {seat.app}\nFATAL {seat.detail or 'cannot read its configuration'}"
    return _looping(seat, 1, "Error", words)


def _memory(seat: Seat) -> Sick:
    return _looping(seat, 137, "OOMKilled")


def _command(seat: Seat) -> Sick:
    words = f'exec: "/app/{seat.app}": stat /app/{seat.app}: no such file or directory: unknown'
    told = f"failed to create containerd task: failed to create shim task: {words}"
    last = {
        "terminated": {**ended(128, "StartError", "10:11", "10:11")["terminated"], "message": told}
    }
    status = status_of(
        seat.container(command=[f"/app/{seat.app}"]),
        waiting("CrashLoopBackOff", _LOOP),
        last=last,
        restarts=4,
    )
    return Sick(seat.pod(status))


def _probed(seat: Seat) -> Sick:
    probe = {"httpGet": {"path": "/live", "port": 8080}, "periodSeconds": 10}
    sick = _looping(seat, 143, "Error").pod
    sick["spec"]["containers"] = [seat.container(livenessProbe=probe)]
    words = "Liveness probe failed: Get http://10.4.0.9:8080/live: context deadline exceeded"
    return Sick(sick, (_told(sick, seat, "Unhealthy", words, 12, "10:11:05"),))


def _hooked(seat: Seat) -> Sick:
    status = status_of(seat.container(), waiting("PostStartHookError"), restarts=3)
    sick = seat.pod(status)
    words = f"PostStartHook failed: command 'register {seat.app}' exited with 2"
    return Sick(sick, (_told(sick, seat, "FailedPostStartHook", words, 3),))


def _image(reason: str, words: str) -> Way:
    def make(seat: Seat) -> Sick:
        said = words.format(image=seat.image)
        status = status_of(seat.container(), waiting(reason, said))
        sick = seat.pod(status, phase="Pending")
        failed = _told(sick, seat, "Failed", f'Failed to pull image "{seat.image}": {said}', 6)
        return Sick(sick, (failed,))

    return make


def _waits(reason: str, words: str) -> Way:
    def make(seat: Seat) -> Sick:
        said = words.format(app=seat.app, detail=seat.detail or "settings")
        return Sick(seat.pod(status_of(seat.container(), waiting(reason, said)), phase="Pending"))

    return make


def _starting(reason: str = "", words: str = "") -> Way:
    def make(seat: Seat) -> Sick:
        status = status_of(seat.container(), waiting("ContainerCreating"))
        sick = seat.pod(status, phase="Pending")
        if not reason:
            return Sick(sick)
        told = words.format(app=seat.app, detail=seat.detail or "data")
        return Sick(sick, (_told(sick, seat, reason, told, 30, field_=False),))

    return make


def _init(state: Json, last: Json, restarts: int) -> Way:
    def make(seat: Seat) -> Sick:
        first = {"name": "migrate", "image": seat.image, "command": ["/bin/migrate", "up"]}
        statuses = [status_of(seat.container(), waiting("PodInitializing"))]
        sick = seat.pod(statuses, phase="Pending", initContainers=[first])
        begun = status_of(first, state, last=last, restarts=restarts)
        sick["status"]["initContainerStatuses"] = [{**begun, "ready": False}]
        return Sick(sick)

    return make


def _unschedulable(seat: Seat) -> Sick:
    words = (
        "0/62 nodes are available: 40 Insufficient memory, 21 node(s) had untolerated taint "
        f"{{pool: {seat.detail or 'gpu'}}}, 1 node(s) were unschedulable."
    )
    sick = seat.pod([], phase="Pending", nodeName="")
    bound = condition("PodScheduled", "False", "08:40", "Unschedulable", words)
    sick["status"]["conditions"] = [bound]
    return Sick(sick, (_told(sick, seat, "FailedScheduling", words, 44, field_=False),))


def _ended(reason: str, words: str) -> Way:
    def make(seat: Seat) -> Sick:
        sick = seat.pod([], phase="Failed")
        sick["status"] |= {"reason": reason, "message": words.format(app=seat.app)}
        return Sick(sick)

    return make


def _unready(seat: Seat) -> Sick:
    probe = {"httpGet": {"path": "/ready", "port": 8080}, "periodSeconds": 5}
    status = {**status_of(seat.container(), running("08:30")), "ready": False}
    sick = seat.pod(status, since="08:31", containers=[seat.container(readinessProbe=probe)])
    words = "Readiness probe failed: HTTP probe failed with statuscode: 503"
    return Sick(sick, (_told(sick, seat, "Unhealthy", words, 600),))


def _gated(seat: Seat) -> Sick:
    gate = f"{seat.detail or 'mesh'}.example/registered"
    sick = seat.pod(
        status_of(seat.container(), running("08:30")), readinessGates=[{"conditionType": gate}]
    )
    words = f'corresponding condition of pod readiness gate "{gate}" does not exist.'
    ready = condition("Ready", "False", "08:30", "ReadinessGatesNotReady", words)
    sick["status"]["conditions"] = [ready, condition("PodScheduled", "True", LONG_AGO)]
    return Sick(sick)


def _stuck(seat: Seat) -> Sick:
    held = {"deletionTimestamp": "2026-03-12T08:00:00Z", "finalizers": ["storage.example/flush"]}
    return Sick(seat.pod(status_of(seat.container(), running(LONG_AGO)), head=held))


def _lost(seat: Seat) -> Sick:
    sick = seat.pod(status_of(seat.container(), running(LONG_AGO)), nodeName=LOST_NODE)
    ready = condition("Ready", "False", "09:50", "NodeNotReady")
    sick["status"]["conditions"] = [ready]
    return Sick(sick)


def _told(
    sick: Json,
    seat: Seat,
    reason: str,
    words: str,
    count: int,
    last: str = "10:12:30",
    *,
    field_: bool = True,
) -> Json:
    place = f"spec.containers{{{seat.app}}}" if field_ else ""
    return event(sick, "Pod", reason, words, count=count, last=last, first="09:00", field=place)


@dataclass(frozen=True)
class Kind:
    """A way to fail and the rule that knows it."""

    code: str
    make: Way
    of_kin: bool = field(default=True)


_ABSENT = 'failed to resolve reference "{image}": {image}: not found'
_REFUSED = 'failed to authorize: failed to fetch oauth token for "{image}": 401 Unauthorized'
_SILENT = 'failed to do request: Head "https://registry.example": dial tcp: i/o timeout'
_QUOTA = "The node was low on resource: ephemeral-storage. Container {app} was using 9Gi."

WAYS: Mapping[str, Kind] = MappingProxyType(
    {
        "error": Kind("K8S102", _error),
        "no process": Kind("K8S101", lambda seat: _looping(seat, 0, "Completed")),
        "memory": Kind("K8S103", _memory),
        "killed": Kind("K8S104", lambda seat: _looping(seat, 137, "Error")),
        "segfault": Kind("K8S105", lambda seat: _looping(seat, 139, "Error")),
        "stopped": Kind("K8S106", lambda seat: _looping(seat, 143, "Error")),
        "command": Kind("K8S107", _command),
        "probe": Kind("K8S108", _probed),
        "hook": Kind("K8S109", _hooked),
        "init fails": Kind(
            "K8S110",
            _init(waiting("CrashLoopBackOff", _LOOP), ended(1, "Error", "10:10", "10:10:09"), 9),
        ),
        "init hangs": Kind("K8S111", _init(running("08:15"), {}, 0)),
        "image absent": Kind("K8S201", _image("ImagePullBackOff", _ABSENT)),
        "image refused": Kind("K8S202", _image("ErrImagePull", _REFUSED)),
        "registry silent": Kind("K8S203", _image("ImagePullBackOff", _SILENT)),
        "image name": Kind("K8S204", _waits("InvalidImageName", 'couldn\'t parse image "{app}:"')),
        "never pulled": Kind("K8S205", _waits("ErrImageNeverPull", "image is not present")),
        "configuration": Kind(
            "K8S301", _waits("CreateContainerConfigError", 'secret "{app}-{detail}" not found')
        ),
        "not created": Kind(
            "K8S302", _waits("CreateContainerError", "no command specified for {app}")
        ),
        "volume": Kind(
            "K8S303",
            _starting("FailedMount", 'MountVolume.SetUp failed for volume "{detail}": not found'),
        ),
        "sandbox": Kind(
            "K8S304",
            _starting("FailedCreatePodSandBox", "plugin type=mesh failed: no address left"),
        ),
        "starting": Kind("K8S305", _starting()),
        "contradiction": Kind(
            "K8S306",
            _waits("CreateContainerConfigError", "runAsNonRoot and image will run as root ({app})"),
        ),
        "unschedulable": Kind("K8S401", _unschedulable),
        "node lost": Kind("K8S402", _lost),
        "evicted": Kind("K8S403", _ended("Evicted", _QUOTA)),
        "stuck": Kind("K8S404", _stuck),
        "admission": Kind(
            "K8S405", _ended("UnexpectedAdmissionError", "no devices left for {app}")
        ),
        "unready": Kind("K8S501", _unready),
        "gate": Kind("K8S502", _gated),
    }
)
