"""A pod as it is created, and the status its kubelet would have written."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bench.world.plan import NODES, Slot

Json = dict[str, Any]
IMAGE = "images.example/team/{name}:4.2.1"
_NETWORK = '[{"name":"mesh","interface":"eth0","ips":["10.4.0.9"],"mac":"0a:58:0a:04:00:09"}]'
_FEATURES = "search,cart,coupons,giftcards,express,preorder,wishlist,reviews"


def ago(**span: float) -> str:
    """A moment in the past, as the API writes it."""
    return (datetime.now(UTC) - timedelta(**span)).strftime("%Y-%m-%dT%H:%M:%SZ")


def manifest(slot: Slot, owner: Json) -> Json:
    """What is posted."""
    work = slot.workload
    labels = {"app.kubernetes.io/name": work.name, "team": work.namespace.split("-")[0]}
    spec: Json = {
        "containers": [_container(work.name, slot.trouble)],
        "volumes": [{"name": "config", "configMap": {"name": f"{work.name}-config"}}],
        "restartPolicy": "Never" if work.kind == "Job" else "Always",
        "serviceAccountName": "default",
    }
    if slot.trouble != "unschedulable":
        spec["nodeName"] = node_of(slot)
    if slot.trouble == "init":
        spec["initContainers"] = [{"name": "migrate", "image": IMAGE.format(name="migrate")}]
    about = {
        "name": slot.name,
        "namespace": work.namespace,
        "labels": {**labels, "pod-template-hash": work.maker.rpartition("-")[2]},
        "annotations": {"network.example/status": _NETWORK, "metrics.example/port": "8080"},
        "ownerReferences": [{**owner, "controller": True, "blockOwnerDeletion": True}],
    }
    return {"apiVersion": "v1", "kind": "Pod", "metadata": about, "spec": spec}


def node_of(slot: Slot) -> str:
    """The node it was put on."""
    return f"node-{sum(slot.name.encode()) % NODES:02}"


def status(slot: Slot) -> Json:
    """The status of a pod that is well: running and ready, or a Job's that has ended."""
    done = slot.workload.kind == "Job"
    name = slot.workload.name
    state = running(hours=50) if not done else ended(0, "Completed", hours=2)
    container = container_status(name, state, ready=not done)
    return {
        "phase": "Succeeded" if done else "Running",
        "conditions": conditions(ready=not done, why="PodCompleted" if done else ""),
        "hostIP": "10.0.0.7",
        "podIP": f"10.4.{sum(slot.name.encode()) % 250}.9",
        "startTime": ago(hours=50),
        "containerStatuses": [container],
    }


def container_status(name: str, state: Json, *, ready: bool = False, restarts: int = 0) -> Json:
    """One container's part of a status."""
    return {
        "name": name,
        "image": IMAGE.format(name=name),
        "imageID": f"images.example/team/{name}@sha256:{'0a1b2c3d' * 8}",
        "containerID": f"containerd://{'4e5f6a7b' * 8}",
        "ready": ready,
        "started": ready,
        "restartCount": restarts,
        "state": state,
    }


def running(**span: float) -> Json:
    """A container that has been running for so long."""
    return {"running": {"startedAt": ago(**span)}}


def waiting(reason: str, message: str = "") -> Json:
    """A container that waits."""
    return {"waiting": {"reason": reason, "message": message}}


def ended(code: int, reason: str, **span: float) -> Json:
    """A container whose program ended so long ago, two seconds after it began."""
    end = {"exitCode": code, "reason": reason, "startedAt": ago(**span), "finishedAt": ago(**span)}
    return {"terminated": {**end, "containerID": f"containerd://{'4e5f6a7b' * 8}"}}


def conditions(
    *, ready: bool, why: str = "", message: str = "", started: bool = True
) -> list[Json]:
    """The five conditions a kubelet keeps."""
    at, word = ago(hours=50 if ready else 1), str(ready)
    told = {"reason": why or "ContainersNotReady", "message": message} if not ready else {}
    rows: list[Json] = [
        {"type": "PodReadyToStartContainers", "status": str(started)},
        {"type": "Initialized", "status": str(started)},
        {"type": "Ready", "status": word, **told},
        {"type": "ContainersReady", "status": word, **told},
        {"type": "PodScheduled", "status": "True"},
    ]
    return [{**row, "lastTransitionTime": at} for row in rows]


def _container(name: str, trouble: str) -> Json:
    probe = {"httpGet": {"path": "/health", "port": 8080}, "periodSeconds": 10}
    env: list[Json] = [
        {"name": f"{name.upper().replace('-', '_')}_SETTING_{n}", "value": _FEATURES}
        for n in range(6)
    ]
    if trouble == "config":
        key = {"name": f"{name}-settings", "key": "url"}
        env.append({"name": "DATABASE_URL", "valueFrom": {"configMapKeyRef": key}})
    return {
        "name": name,
        "image": IMAGE.format(name=name),
        "env": env,
        "ports": [{"containerPort": 8080, "name": "http"}],
        "resources": {
            "requests": {"cpu": "100m", "memory": "128Mi"},
            "limits": {"memory": "256Mi"},
        },
        "readinessProbe": probe,
        "livenessProbe": probe,
        "volumeMounts": [{"name": "config", "mountPath": "/etc/app"}],
    }
