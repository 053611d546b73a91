"""Objects of the Kubernetes API, written short. Times are UTC."""

from hashlib import sha256
from typing import Any

from fivetabs.providers.kubernetes.port import Json

DAY = "2026-03-12"
LONG_AGO = "2026-02-27T08:00:00Z"
_REVISION = "deployment.kubernetes.io/revision"


def at(time: str) -> str:
    """`10:05` on the day of the incident; a whole time stays as it is."""
    if "T" in time:
        return time
    return f"{DAY}T{time}{':00' if time.count(':') == 1 else ''}Z"


def meta(name: str, namespace: str = "", *, created: str = LONG_AGO, **more: Any) -> Json:
    """The metadata of an object; its uid follows from its name."""
    uid = sha256(f"{namespace}/{name}/{created}".encode()).hexdigest()
    head = {"name": name, **({"namespace": namespace} if namespace else {})}
    dashed = "-".join((uid[:8], uid[8:12], f"4{uid[13:16]}", f"a{uid[17:20]}", uid[20:32]))
    return {**head, "uid": dashed, "creationTimestamp": at(created), "resourceVersion": "1", **more}


def owned(kind: str, name: str) -> Json:
    """The metadata field that says who made an object."""
    api = "batch/v1" if kind == "Job" else "apps/v1"
    return {
        "ownerReferences": [
            {
                "apiVersion": api,
                "kind": kind,
                "name": name,
                "uid": f"uid-{name}",
                "controller": True,
            }
        ]
    }


def running(since: str) -> Json:
    """A container that runs."""
    return {"running": {"startedAt": at(since)}}


def waiting(reason: str, message: str = "") -> Json:
    """A container that waits."""
    return {"waiting": {"reason": reason, **({"message": message} if message else {})}}


def ended(code: int, reason: str, started: str, finished: str) -> Json:
    """A container that came to an end."""
    times = {"startedAt": at(started), "finishedAt": at(finished)}
    return {"terminated": {"exitCode": code, "reason": reason, **times}}


def container(name: str, image: str, **more: Any) -> Json:
    """A container as a pod's spec has it."""
    return {"name": name, "image": image, "imagePullPolicy": "IfNotPresent", **more}


def status_of(spec: Json, state: Json, *, last: Json | None = None, restarts: int = 0) -> Json:
    """A container as a pod's status has it; it is ready when it runs."""
    runs = "running" in state
    return {
        "name": spec["name"],
        "image": spec["image"],
        "ready": runs,
        "started": runs,
        "restartCount": restarts,
        "state": state,
        "lastState": last or {},
    }


def condition(kind: str, status: str, since: str, reason: str = "", message: str = "") -> Json:
    """A condition of any object."""
    told = {"reason": reason, "message": message}
    head = {"type": kind, "status": status, "lastTransitionTime": at(since)}
    return {**head, **{k: v for k, v in told.items() if v}}


def pod(
    head: Json, spec: Json, statuses: list[Json], *, phase: str = "Running", since: str = LONG_AGO
) -> Json:
    """A pod, with the conditions that follow from its containers."""
    names = [s["name"] for s in statuses if not s["ready"]]
    told = f"containers with unready status: [{' '.join(names)}]"
    done = phase == "Succeeded"
    why = "PodCompleted" if done else "ContainersNotReady"
    ready = (
        [condition("Ready", "False", since, why, "" if done else told)]
        if names
        else [condition("Ready", "True", since)]
    )
    bound = condition("PodScheduled", "True", head["creationTimestamp"])
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": head,
        "spec": {"restartPolicy": "Always", "serviceAccountName": "default", **spec},
        "status": {
            "phase": phase,
            "qosClass": "Burstable",
            "conditions": [*ready, bound],
            "containerStatuses": statuses,
        },
    }


def workload(
    kind: str, head: Json, template: Json, *, wanted: int, ready: int, **spec: Any
) -> Json:
    """A Deployment, ReplicaSet or StatefulSet."""
    labels = {"app": head["name"]}
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": {**head, "generation": 1},
        "spec": {
            "replicas": wanted,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": template},
            **spec,
        },
        "status": {
            "observedGeneration": 1,
            "replicas": wanted,
            "readyReplicas": ready,
            "updatedReplicas": wanted,
            "availableReplicas": ready,
        },
    }


def node(name: str, provider: str, address: str, ready: Json, **spec: Any) -> Json:
    """A node of the cluster; `ready` is its Ready condition."""
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": meta(name, labels={"kubernetes.io/hostname": name}),
        "spec": {"providerID": provider, **spec},
        "status": {
            "conditions": [ready],
            "addresses": [{"type": "InternalIP", "address": address}],
            "capacity": {"cpu": "2", "memory": "8Gi", "pods": "29"},
        },
    }


def event(about: Json, kind: str, reason: str, message: str, **more: Any) -> Json:
    """An event; `more` may give type, count, first, last and field."""
    head, last = about["metadata"], more.get("last", "10:13")
    source = more.get("source", "kubelet")
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": meta(
            f"{head['name']}.{reason.lower()}",
            head.get("namespace", "default"),
            created=more.get("first", last),
        ),
        "involvedObject": {
            "kind": kind,
            "namespace": head.get("namespace", ""),
            "name": head["name"],
            "uid": head["uid"],
            "fieldPath": more.get("field", ""),
        },
        "type": more.get("type", "Warning"),
        "reason": reason,
        "message": message,
        "count": more.get("count", 1),
        "firstTimestamp": at(more.get("first", last)),
        "lastTimestamp": at(last),
        "source": {"component": source},
    }


def deployment(name: str, namespace: str, spec: Json, code: str, **more: Any) -> list[Json]:
    """A Deployment and its ReplicaSets; `more` gives wanted, ready, created and `former`.

    `former` is the spec, the code and the time of the revision before, which is the second.
    """
    wanted, ready = more["wanted"], more["ready"]
    created = more.get("created", "2026-02-27T08:00:00Z")
    head = meta(name, namespace, created=created, annotations={_REVISION: "3"})
    rolling = {"strategy": {"type": "RollingUpdate"}}
    made = workload("Deployment", head, spec, wanted=wanted, ready=ready, **rolling)
    sets = [replica_set(made, spec, code, "3", created, wanted=wanted, ready=ready)]
    if former := more.get("former"):
        old, old_code, since = former
        sets.append(replica_set(made, old, old_code, "2", since, wanted=0, ready=0))
    return [made, *sets]


def replica_set(  # noqa: PLR0913  (a ReplicaSet in one line)
    made: Json, spec: Json, code: str, revision: str, created: str, *, wanted: int, ready: int
) -> Json:
    """A revision of a Deployment."""
    about, template = made["metadata"], made["spec"]["template"]
    name = f"{about['name']}-{code}"
    head = meta(
        name,
        about["namespace"],
        created=created,
        annotations={_REVISION: revision},
        **owned("Deployment", about["name"]),
    )
    raw = workload("ReplicaSet", head, spec, wanted=wanted, ready=ready)
    labels = {**template["metadata"]["labels"], "pod-template-hash": code}
    raw["metadata"]["labels"] = labels
    raw["spec"] |= {
        "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": spec},
    }
    return raw


def member(name: str, namespace: str, code: str, suffix: str, created: str) -> Json:
    """The metadata of a Deployment's pod."""
    made = f"{name}-{code}"
    labels = {"app": name, "pod-template-hash": code}
    return meta(
        f"{made}-{suffix}", namespace, created=created, labels=labels, **owned("ReplicaSet", made)
    )
