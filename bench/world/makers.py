"""What makes the pods: Deployments with their ReplicaSets, StatefulSets, DaemonSets and Jobs."""

from bench.world.plan import Workload
from bench.world.pods import IMAGE, Json, ago

_PLURALS = {
    "Deployment": "apps/v1/namespaces/{}/deployments",
    "ReplicaSet": "apps/v1/namespaces/{}/replicasets",
    "StatefulSet": "apps/v1/namespaces/{}/statefulsets",
    "DaemonSet": "apps/v1/namespaces/{}/daemonsets",
    "Job": "batch/v1/namespaces/{}/jobs",
}


def path_of(made: Json) -> str:
    """The collection an object is posted to."""
    return f"/apis/{_PLURALS[made['kind']].format(made['metadata']['namespace'])}"


def deployment(work: Workload) -> tuple[Json, Json]:
    """A Deployment and its status."""
    spec = {"replicas": work.replicas, **_selecting(work)}
    ready = work.replicas - work.sick
    counts = {"replicas": work.replicas, "updatedReplicas": work.replicas, "readyReplicas": ready}
    status = {**counts, "availableReplicas": ready, "observedGeneration": 1}
    return _object("Deployment", work, work.name, spec), status


def replica_set(work: Workload, owner: Json, *, old: bool = False) -> tuple[Json, Json]:
    """The ReplicaSet that owns a Deployment's pods, or the one before it, scaled to zero."""
    wanted = 0 if old else work.replicas
    ready = max(0, wanted - work.sick)
    name = f"{work.name}-6f5d4c3b2z" if old else work.maker
    made = _object("ReplicaSet", work, name, {"replicas": wanted, **_selecting(work, name)})
    made["metadata"]["ownerReferences"] = [{**owner, "controller": True}]
    counts = {"replicas": wanted, "readyReplicas": ready, "availableReplicas": ready}
    return made, {**counts, "fullyLabeledReplicas": wanted, "observedGeneration": 1}


def other(work: Workload) -> tuple[Json, Json]:
    """A StatefulSet, a DaemonSet or a Job, and its status."""
    made = {"StatefulSet": _stateful_set, "DaemonSet": _daemon_set, "Job": _job}[work.kind](work)
    return _object(work.kind, work, work.name, made[0]), made[1]


def _stateful_set(work: Workload) -> tuple[Json, Json]:
    count = work.replicas
    spec = {"replicas": count, "serviceName": work.name, **_selecting(work)}
    counts = {"replicas": count, "readyReplicas": count, "currentReplicas": count}
    more = {"updatedReplicas": count, "availableReplicas": count, "observedGeneration": 1}
    return spec, {**counts, **more}


def _daemon_set(work: Workload) -> tuple[Json, Json]:
    count = work.replicas
    counts = {
        "currentNumberScheduled": count,
        "desiredNumberScheduled": count,
        "numberReady": count,
        "observedGeneration": 1,
    }
    more = {"numberMisscheduled": 0, "numberAvailable": count, "updatedNumberScheduled": count}
    return _selecting(work), {**counts, **more}


def _job(work: Workload) -> tuple[Json, Json]:
    spec: Json = {"template": _template(work, "Never"), "backoffLimit": 1, "completions": 1}
    if work.sick:
        why = {"reason": "BackoffLimitExceeded", "message": "Job has reached its back-off limit"}
        rows = [_condition("FailureTarget", **why), _condition("Failed", **why)]
        return spec, {"failed": work.sick, "startTime": ago(hours=3), "conditions": rows}
    rows = [_condition("SuccessCriteriaMet"), _condition("Complete")]
    ends = {"startTime": ago(hours=3), "completionTime": ago(hours=2)}
    tries = {"succeeded": 1} | ({"failed": work.replicas - 1} if work.replicas > 1 else {})
    return spec, {**tries, **ends, "conditions": rows}


def _condition(kind: str, **told: str) -> Json:
    return {"type": kind, "status": "True", "lastTransitionTime": ago(hours=2), **told}


def _selecting(work: Workload, maker: str = "") -> Json:
    labels = {"app.kubernetes.io/name": work.name} | ({"maker": maker} if maker else {})
    template = _template(work, "Always")
    template["metadata"]["labels"] = labels
    return {"selector": {"matchLabels": labels}, "template": template}


def _template(work: Workload, restart: str) -> Json:
    container = {"name": work.name, "image": IMAGE.format(name=work.name)}
    spec = {"containers": [container], "restartPolicy": restart}
    return {"metadata": {"labels": {"app.kubernetes.io/name": work.name}}, "spec": spec}


def _object(kind: str, work: Workload, name: str, spec: Json) -> Json:
    version = "batch/v1" if kind == "Job" else "apps/v1"
    about = {"name": name, "namespace": work.namespace}
    return {"apiVersion": version, "kind": kind, "metadata": about, "spec": spec}
