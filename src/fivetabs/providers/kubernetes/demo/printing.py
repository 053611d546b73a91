"""What `kubectl get` prints, worked out as the API server does.

A port of printPod and its siblings in kubernetes/pkg/printers/internalversion/printers.go (v1.34).
The real server computes this itself; only the demo world and the tests need it here.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from fivetabs.core import parse_time
from fivetabs.providers.kubernetes.port import Json, Objects
from fivetabs.providers.kubernetes.shapes.fields import part, parts
from fivetabs.providers.kubernetes.shapes.times import print_span

Cells = list[Any]


def print_table(kind: str, items: list[Json], objects: Objects, now: datetime) -> Json:
    """A meta.k8s.io/v1 Table of these objects."""
    columns, cells = _PRINTERS.get(kind, (("Name", "Age"), _plain))
    return {
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": {"resourceVersion": "1"},
        "columnDefinitions": [{"name": name, "type": "string"} for name in columns],
        "rows": [
            {"cells": cells(item, now), **_conditions(item), **_object(item, objects)}
            for item in items
        ],
    }


def _conditions(item: Json) -> Json:
    """A row of a pod that has run to its end is marked so."""
    phase = part(item, "status").get("phase")
    if item["kind"] != "Pod" or phase not in {"Succeeded", "Failed"}:
        return {}
    return {"conditions": [{"type": "Completed", "status": "True", "reason": phase}]}


def _object(item: Json, objects: Objects) -> Json:
    if objects == "None":
        return {}
    if objects == "Object":
        return {"object": item}
    head = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1"}
    return {"object": {**head, "metadata": item["metadata"]}}


def print_pod(pod: Json, now: datetime) -> Cells:
    """Name, ready, status, restarts, age, IP, node, nominated node, readiness gates."""
    spec, status = part(pod, "spec"), part(pod, "status")
    first = {c["name"]: c for c in parts(spec, "initContainers")}
    stays = {name for name, c in first.items() if c.get("restartPolicy") == "Always"}
    tally = _Tally(_phase(status), len(parts(spec, "containers")) + len(stays))
    _walk_inits(tally, status, stays, len(first))
    if not tally.initializing or _true(status, "Initialized"):
        _walk_mains(tally, status)
    _deletion(tally, pod)
    restarts = str(tally.restarts)
    if tally.restarts and tally.last:
        restarts = f"{restarts} ({print_span(now - parse_time(tally.last))} ago)"
    ready = f"{tally.ready}/{tally.total}"
    return [
        pod["metadata"]["name"],
        ready,
        tally.reason,
        restarts,
        _age(pod, now),
        status.get("podIP") or "<none>",
        spec.get("nodeName") or "<none>",
        status.get("nominatedNodeName") or "<none>",
        _gates(spec, status),
    ]


class _Tally:
    """What the walk over the containers adds up to."""

    def __init__(self, reason: str, total: int) -> None:
        self.reason = reason
        self.total = total
        self.ready = self.restarts = self.stayed = 0
        self.last = self.last_stayed = ""
        self.initializing = False

    def restarted(self, container: Json, *, stays: bool = False) -> None:
        count = container.get("restartCount") or 0
        ended = part(container, "lastState", "terminated").get("finishedAt") or ""
        self.restarts += count
        self.last = max(self.last, ended)
        if stays:
            self.stayed += count
            self.last_stayed = max(self.last_stayed, ended)


def _phase(status: Json) -> str:
    gated = any(c.get("reason") == "SchedulingGated" for c in parts(status, "conditions"))
    return "SchedulingGated" if gated else status.get("reason") or status.get("phase") or ""


def _walk_inits(tally: _Tally, status: Json, stays: set[str], count: int) -> None:
    for index, container in enumerate(parts(status, "initContainerStatuses")):
        staying = container["name"] in stays
        tally.restarted(container, stays=staying)
        state = part(container, "state")
        ended, waits = state.get("terminated"), part(state, "waiting")
        if ended is not None and not ended.get("exitCode"):
            continue
        if staying and container.get("started"):
            tally.ready += 1 if container.get("ready") else 0
            continue
        tally.initializing = True
        if ended is not None:
            tally.reason = f"Init:{_ended(ended)}"
        elif waits.get("reason") not in {None, "", "PodInitializing"}:
            tally.reason = f"Init:{waits['reason']}"
        else:
            tally.reason = f"Init:{index}/{count}"
        return


def _walk_mains(tally: _Tally, status: Json) -> None:
    tally.restarts, tally.last, running = tally.stayed, tally.last_stayed, False
    for container in reversed(parts(status, "containerStatuses")):
        tally.restarted(container)
        state = part(container, "state")
        waits, ended = part(state, "waiting"), state.get("terminated")
        if waits.get("reason"):
            tally.reason = waits["reason"]
        elif ended is not None:
            tally.reason = _ended(ended)
        elif container.get("ready") and "running" in state:
            running = True
            tally.ready += 1
    if tally.reason == "Completed" and running:
        tally.reason = "Running" if _true(status, "Ready") else "NotReady"


def _deletion(tally: _Tally, pod: Json) -> None:
    status = part(pod, "status")
    if "deletionTimestamp" not in pod["metadata"]:
        return
    if status.get("reason") == "NodeLost":
        tally.reason = "Unknown"
    elif status.get("phase") not in {"Succeeded", "Failed"}:
        tally.reason = "Terminating"


def _ended(ended: Json) -> str:
    if reason := ended.get("reason"):
        return reason
    signal = ended.get("signal")
    return f"Signal:{signal}" if signal else f"ExitCode:{ended.get('exitCode', 0)}"


def _true(status: Json, kind: str) -> bool:
    conditions = parts(status, "conditions")
    return any(c["type"] == kind and c["status"] == "True" for c in conditions)


def _gates(spec: Json, status: Json) -> str:
    gates = [g["conditionType"] for g in parts(spec, "readinessGates")]
    return f"{sum(_true(status, g) for g in gates)}/{len(gates)}" if gates else "<none>"


def _age(item: Json, now: datetime) -> str:
    return print_span(now - parse_time(item["metadata"]["creationTimestamp"]))


def _plain(item: Json, now: datetime) -> Cells:
    return [item["metadata"]["name"], _age(item, now)]


def _replica_set(item: Json, now: datetime) -> Cells:
    status = part(item, "status")
    counts = [item["spec"]["replicas"], status.get("replicas", 0), status.get("readyReplicas", 0)]
    containers = parts(item, "spec", "template", "spec", "containers")
    told = (",".join(str(each.get(k, "")) for each in containers) for k in ("name", "image"))
    return [item["metadata"]["name"], *counts, _age(item, now), *told]


def _ready_of(item: Json, now: datetime) -> Cells:
    ready = part(item, "status").get("readyReplicas", 0)
    return [item["metadata"]["name"], f"{ready}/{item['spec']['replicas']}", _age(item, now)]


def _daemon_set(item: Json, now: datetime) -> Cells:
    status = part(item, "status")
    names = ("desiredNumberScheduled", "currentNumberScheduled", "numberReady")
    return [item["metadata"]["name"], *(status.get(n, 0) for n in names), _age(item, now)]


def _job(item: Json, now: datetime) -> Cells:
    conditions = parts(item, "status", "conditions")
    held = [c["type"] for c in conditions if c["status"] == "True"]
    word = next((w for w in ("Complete", "Failed", "Suspended") if w in held), "Running")
    done = part(item, "status").get("succeeded", 0)
    return [
        item["metadata"]["name"],
        word,
        f"{done}/{item['spec'].get('completions', 1)}",
        _age(item, now),
    ]


def _node(item: Json, now: datetime) -> Cells:
    ready = "Ready" if _true(item["status"], "Ready") else "NotReady"
    unschedulable = ",SchedulingDisabled" if item["spec"].get("unschedulable") else ""
    return [item["metadata"]["name"], ready + unschedulable, "<none>", _age(item, now)]


def _namespace(item: Json, now: datetime) -> Cells:
    return [item["metadata"]["name"], "Active", _age(item, now)]


_POD = (
    "Name",
    "Ready",
    "Status",
    "Restarts",
    "Age",
    "IP",
    "Node",
    "Nominated Node",
    "Readiness Gates",
)
_SET = ("Name", "Desired", "Current", "Ready", "Age", "Containers", "Images")
_PRINTERS: Mapping[str, tuple[tuple[str, ...], Callable[[Json, datetime], Cells]]] = (
    MappingProxyType(
        {
            "Pod": (_POD, print_pod),
            "ReplicaSet": (_SET, _replica_set),
            "Deployment": (("Name", "Ready", "Age"), _ready_of),
            "StatefulSet": (("Name", "Ready", "Age"), _ready_of),
            "DaemonSet": (("Name", "Desired", "Current", "Ready", "Age"), _daemon_set),
            "Job": (("Name", "Status", "Completions", "Age"), _job),
            "Node": (("Name", "Status", "Roles", "Age"), _node),
            "Namespace": (("Name", "Status", "Age"), _namespace),
        }
    )
)
