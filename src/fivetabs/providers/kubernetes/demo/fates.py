"""What becomes of a new pod of the demo cluster: its template and what is around it decide.

An image must exist, a node must fit, a ConfigMap must be there, a probe must ask a port that is
declared, a program must stay; and orders-api lives on its database.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from fivetabs.core import stamp
from fivetabs.providers.kubernetes.demo.objects import (
    condition,
    ended,
    event,
    pod,
    running,
    status_of,
    waiting,
)
from fivetabs.providers.kubernetes.demo.stage import PAGES, Stage, is_ready
from fivetabs.providers.kubernetes.port import Json, path_to
from fivetabs.providers.kubernetes.shapes.fields import part, parts

AGE = timedelta(seconds=30)
"""How old what a change has made is when it is looked at."""

_EXISTING = frozenset(
    (
        "busybox:1.36",
        "postgres:16.4",
        "registry.example/shop/invoice:3.0.4",
        "registry.example/shop/orders-api:1.8.1",
        "registry.example/shop/orders-api:1.8.2",
        "registry.example/shop/report-export:2.3.1",
        "registry.example/shop/storefront:5.2.0",
        "registry.example/shop/storefront:5.2.1",
        "registry.example/shop/storefront:5.3.0-beta",
        "registry.k8s.io/coredns/coredns:v1.11.3",
    )
)
_WAYS: Mapping[str, str] = MappingProxyType({"httpGet": "http", "tcpSocket": "tcp"})


@dataclass(frozen=True, slots=True)
class Fate:
    """How one container fares, and what is told of it: the reason and message of an event."""

    state: Json
    ready: bool
    last: Json | None = None
    restarts: int = 0
    told: tuple[str, str] = ("", "")


def born(stage: Stage, head: Json, spec: Json, address: str) -> tuple[Json, list[Json]]:
    """A pod of this head and spec as it is after a while, and the events about it."""
    node = _node_for(stage, spec, str(head["name"]))
    since = stamp(stage.now - AGE + timedelta(seconds=4))
    if not node:
        return _homeless(stage, head, spec)
    fates = [(each, _fate(stage, head, each)) for each in parts(spec, "containers")]
    statuses = [_status(each, fate) for each, fate in fates]
    starts = all("waiting" not in f.state or f.restarts for _, f in fates)
    phase = "Running" if starts else "Pending"
    made = pod(head, {**spec, "nodeName": node}, statuses, phase=phase, since=since)
    made["status"]["podIP"] = address
    events = [
        event(made, "Pod", *fate.told, first=since, last=stamp(stage.now), **_about(each))
        for each, fate in fates
        if fate.told[0]
    ]
    return made, events


def revived(stage: Stage, raw: Json) -> Json | None:
    """The same pod, running, if what made it fail is over; None while it is not."""
    spec = raw["spec"]
    if is_ready(raw) or raw["status"]["phase"] == "Succeeded" or "nodeName" not in spec:
        return None
    fates = [(each, _fate(stage, raw["metadata"], each)) for each in parts(spec, "containers")]
    if not all(fate.ready for _, fate in fates):
        return None
    since = stamp(stage.now - AGE)
    known = {s["name"]: s for s in parts(raw, "status", "containerStatuses")}
    statuses = [
        {**_status(each, fate), "restartCount": known.get(each["name"], {}).get("restartCount", 0)}
        for each, fate in fates
    ]
    made = pod(raw["metadata"], spec, statuses, since=since)
    made["status"]["podIP"] = part(raw, "status").get("podIP", "")
    return made


def _status(container: Json, fate: Fate) -> Json:
    made = status_of(container, fate.state, last=fate.last, restarts=fate.restarts)
    return {**made, "ready": fate.ready}


def _about(container: Json) -> dict[str, str]:
    return {"field": f"spec.containers{{{container['name']}}}"}


def _homeless(stage: Stage, head: Json, spec: Json) -> tuple[Json, list[Json]]:
    when = stamp(stage.now - AGE)
    why = (
        "0/3 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/unreachable: "
        "}, 2 node(s) didn't match Pod's node affinity/selector."
    )
    made = pod(head, spec, [], phase="Pending")
    made["status"]["conditions"] = [condition("PodScheduled", "False", when, "Unschedulable", why)]
    told = {"first": when, "last": when, "source": "default-scheduler"}
    return made, [event(made, "Pod", "FailedScheduling", why, **told)]


def _node_for(stage: Stage, spec: Json, name: str) -> str:
    """A node that is ready and has the labels that are asked for; in turn, by the pod's name."""
    wanted = part(spec, "nodeSelector").items()
    fits = [
        each["metadata"]["name"]
        for each in stage.all("Node", "")
        if is_ready(each) and wanted <= part(each["metadata"], "labels").items()
    ]
    return fits[sum(map(ord, name)) % len(fits)] if fits else ""


def _fate(stage: Stage, head: Json, container: Json) -> Fate:
    image = container["image"]
    if image not in _EXISTING:
        why = (
            f'failed to pull and unpack image "{image}": failed to resolve reference "{image}": '
            f"{image}: not found"
        )
        told = f'Back-off pulling image "{image}": ErrImagePull: {why}'
        failed = ("Failed", f'Failed to pull image "{image}": {why}')
        return Fate(waiting("ImagePullBackOff", told), ready=False, told=failed)
    if absent := _absent(stage, head["namespace"], container):
        told = f'configmap "{absent}" not found'
        waits = waiting("CreateContainerConfigError", told)
        return Fate(waits, ready=False, told=("Failed", f"Error: {told}"))
    code = _exit(stage, head["namespace"], container)
    if code is not None:
        return _crashed(stage, head, container, code)
    runs = running(stamp(stage.now - AGE + timedelta(seconds=2)))
    unheard = _unheard(container)
    return Fate(runs, ready=not unheard, told=("Unhealthy", unheard) if unheard else ("", ""))


def _crashed(stage: Stage, head: Json, container: Json, code: int) -> Fate:
    times = (stamp(stage.now - timedelta(seconds=s)) for s in (9, 6))
    last = ended(code, "Error" if code else "Completed", *times)
    again = f"restarting failed container={container['name']} pod={head['name']}"
    looping = waiting("CrashLoopBackOff", f"back-off 10s {again}")
    told = f"Back-off restarting failed container {container['name']} in pod {head['name']}"
    return Fate(looping, ready=False, last=last, restarts=2, told=("BackOff", told))


def _exit(stage: Stage, namespace: str, container: Json) -> int | None:
    """The code with which the program ends, None where it stays."""
    if container["image"].startswith("busybox") and not container.get("command"):
        return 0
    if "/orders-api:" not in container["image"]:
        return None
    host = next((e.get("value") for e in parts(container, "env") if e["name"] == "DB_HOST"), "")
    behind = (p for p in stage.all("Pod", namespace) if is_ready(p))
    answers = any(part(p["metadata"], "labels").get("app") == host for p in behind)
    return None if answers else 1


def _absent(stage: Stage, namespace: str, container: Json) -> str:
    """A ConfigMap that the container needs and that is not there."""
    sources = [part(each, "configMapRef") for each in parts(container, "envFrom")]
    sources += [part(each, "valueFrom", "configMapKeyRef") for each in parts(container, "env")]
    for each in sources:
        name = each.get("name")
        if name and path_to(PAGES["ConfigMap"], namespace, name) not in stage.objects:
            return str(name)
    return ""


def _unheard(container: Json) -> str:
    """What the readiness probe says where it asks a port at which nobody listens."""
    declared = {str(each["containerPort"]) for each in parts(container, "ports")}
    for way, scheme in _WAYS.items():
        port = str(part(container, "readinessProbe", way).get("port", ""))
        if port.isdecimal() and declared and port not in declared:
            path = part(container, "readinessProbe", way).get("path", "")
            asked = f'Get "http://10.42.1.40:{port}{path}": ' if scheme == "http" else ""
            refused = f"dial tcp 10.42.1.40:{port}: connect: connection refused"
            return f"Readiness probe failed: {asked}{refused}"
    return ""
