"""Eleven ways to fail and three to look as if: each changes a well pod's status and adds events."""

from collections.abc import Callable
from dataclasses import dataclass

from bench.world.plan import NODES, Slot
from bench.world.pods import (
    IMAGE,
    Json,
    ago,
    conditions,
    container_status,
    ended,
    running,
    status,
    waiting,
)


@dataclass(frozen=True)
class Told:
    """A Warning event about a pod."""

    reason: str
    message: str
    count: int = 1
    minutes: float = 2.0


Case = tuple[Json, tuple[Told, ...]]


def case_of(slot: Slot) -> Case:
    """The status of this pod, and the events about it."""
    made = _CASES.get(slot.trouble or slot.trap)
    return made(slot) if made else (status(slot), ())


def _sick(slot: Slot, container: Json, **told: str) -> Json:
    base = status(slot)
    name = slot.workload.name
    message = told.get("message") or f"containers with unready status: [{name}]"
    return {
        **base,
        "phase": told.get("phase", "Running"),
        "conditions": conditions(ready=False, message=message),
        "containerStatuses": [container],
    }


def _loop(slot: Slot, code: int, reason: str) -> Case:
    name = slot.workload.name
    words = f"back-off 5m0s restarting failed container={name} pod={slot.name}"
    container = container_status(name, waiting("CrashLoopBackOff", words), restarts=14)
    container["lastState"] = ended(code, reason, minutes=3)
    told = Told("BackOff", f"Back-off restarting failed container {name}", 130)
    return _sick(slot, container), (told,)


def _image(slot: Slot) -> Case:
    name = slot.workload.name
    image = IMAGE.format(name=name)
    words = (
        f'rpc error: code = NotFound desc = failed to pull and unpack image "{image}": '
        f'failed to resolve reference "{image}": {image}: not found'
    )
    state = waiting("ImagePullBackOff", f'Back-off pulling image "{image}": ErrImagePull: {words}')
    told = Told("Failed", f'Failed to pull image "{image}": {words}', 40)
    return _sick(slot, container_status(name, state), phase="Pending"), (told,)


def _unschedulable(_: Slot) -> Case:
    words = f"0/{NODES} nodes are available: {NODES} Insufficient memory."
    row = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": words}
    made = {"phase": "Pending", "conditions": [{**row, "lastTransitionTime": ago(hours=1)}]}
    return made, (Told("FailedScheduling", words, 30),)


def _config(slot: Slot) -> Case:
    words = f'configmap "{slot.workload.name}-settings" not found'
    container = container_status(slot.workload.name, waiting("CreateContainerConfigError", words))
    return _sick(slot, container, phase="Pending"), (Told("Failed", f"Error: {words}", 50),)


def _init(slot: Slot) -> Case:
    words = "back-off 5m0s restarting failed container=migrate"
    first = container_status("migrate", waiting("CrashLoopBackOff", words), restarts=9)
    first["lastState"] = ended(2, "Error", minutes=2)
    container = container_status(slot.workload.name, waiting("PodInitializing"))
    made = _sick(slot, container, phase="Pending")
    told = Told("BackOff", "Back-off restarting failed container migrate", 70)
    return {**made, "initContainerStatuses": [first]}, (told,)


def _evicted(_: Slot) -> Case:
    words = "The node was low on resource: memory. Threshold quantity: 100Mi, available: 92Mi."
    made = {"phase": "Failed", "reason": "Evicted", "message": words, "startTime": ago(hours=2)}
    return made, (Told("Evicted", words, 1, 40),)


def _unready(slot: Slot) -> Case:
    container = container_status(slot.workload.name, running(hours=3))
    container["started"] = True
    words = "Readiness probe failed: HTTP probe failed with statuscode: 503"
    return _sick(slot, container), (Told("Unhealthy", words, 360),)


def _volume(slot: Slot) -> Case:
    words = (
        f'MountVolume.SetUp failed for volume "config" : '
        f'configmap "{slot.workload.name}-config" not found'
    )
    container = container_status(slot.workload.name, waiting("ContainerCreating"))
    return _sick(slot, container, phase="Pending"), (Told("FailedMount", words, 25),)


def _job(slot: Slot) -> Case:
    container = container_status(slot.workload.name, ended(3, "Error", minutes=20))
    return _sick(slot, container, phase="Failed"), ()


def _old_restarts(slot: Slot) -> Case:
    made = status(slot)
    (container,) = made["containerStatuses"]
    container |= {"restartCount": 27, "lastState": ended(1, "Error", days=9)}
    container["state"] = running(days=9)
    return made, ()


def _noise(slot: Slot) -> Case:
    words = "Readiness probe failed: Get http://10.4.0.9:8080/health: context deadline exceeded"
    return status(slot), (Told("Unhealthy", words, 3, 90),)


_CASES: dict[str, Callable[[Slot], Case]] = {
    "error": lambda slot: _loop(slot, 1, "Error"),
    "no-process": lambda slot: _loop(slot, 0, "Completed"),
    "memory": lambda slot: _loop(slot, 137, "OOMKilled"),
    "image": _image,
    "unschedulable": _unschedulable,
    "config": _config,
    "init": _init,
    "evicted": _evicted,
    "unready": _unready,
    "volume": _volume,
    "job": _job,
    "second-try": _job,
    "old-restarts": _old_restarts,
    "noise-events": _noise,
}
