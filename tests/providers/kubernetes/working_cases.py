"""Cases of the rules about workloads, schedules, scaling and deletions."""

from typing import Any

from fivetabs.providers.kubernetes.demo.objects import event, meta, owned, running
from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.cases import PodCase
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot
from tests.providers.kubernetes.casting import cart, case, crashed, with_meta
from tests.providers.kubernetes.estate_casting import Cases, cluster, holds, made, workload

LATE = holds(
    "Progressing",
    "ProgressDeadlineExceeded",
    'ReplicaSet "cart-5f6d7c8b9" has timed out progressing.',
    status="False",
)
GOING = holds("Progressing", "ReplicaSetUpdated", 'ReplicaSet "cart-5f6d7c8b9" is progressing.')
GAVE_UP = holds("Failed", "BackoffLimitExceeded", "Job has reached the specified backoff limit")
NO_METRICS = (
    "the HPA was unable to compute the replica count: failed to get cpu utilization: unable to "
    "get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server "
    "could not find the requested resource (get pods.metrics.k8s.io)"
)
UNREADY = (
    "the HPA was unable to compute the replica count: failed to get cpu utilization: did not "
    "receive metrics for targeted pods (pods might be unready)"
)
FULL = "the desired replica count is more than the maximum replica count"
LEFT = "Some resources are remaining: configmaps. has 1 resource instances"


def rolling(*conditions: Json, updated: int = 1, **more: Any) -> Json:
    status = {"readyReplicas": 2, "updatedReplicas": updated, "conditions": list(conditions)}
    return workload(status=status, **more)


def pod_of(kind: str, name: str, raw: Json) -> PodCase:
    """The suspect pod `name` of a StatefulSet or DaemonSet called `cart`."""
    head = meta(name, "shop", created="09:00", **owned(kind, "cart"))
    return case(raw | {"metadata": head})


def job(name: str = "cart", /, **more: Any) -> Json:
    status, inner = more.pop("status", {}), more.pop("spec", {})
    return made("Job", name, spec={"template": {}, **inner}, status=status, **more)


def run_of_cart(name: str, created: str, **status: Any) -> Json:
    return job(name, created=created, head=owned("CronJob", "cart"), status=status)


def cron(schedule: str = "*/10 * * * *", /, **more: Any) -> Json:
    last = more.pop("last", "2026-03-12T10:10:00Z")
    inner: Json = {"schedule": schedule, "jobTemplate": {}, **more.pop("spec", {})}
    name = more.pop("name", "cart")
    return made("CronJob", name, spec=inner, status={"lastScheduleTime": last}, **more)


def scaler(*conditions: Json, **more: Any) -> Json:
    inner = {
        "scaleTargetRef": {"kind": "Deployment", "name": more.pop("target", "cart")},
        "maxReplicas": 3,
    }
    status = {"currentReplicas": 3, "desiredReplicas": 3, "conditions": list(conditions)}
    return made("HorizontalPodAutoscaler", spec=inner, status=status, **more)


def unmeasured(said: str, **more: Any) -> Snapshot:
    told = holds("ScalingActive", "FailedGetResourceMetric", said, status="False", **more)
    return cluster(scaler(told), rolling(GOING))


def budget(allowed: int) -> Json:
    inner = {"maxUnavailable": 0, "selector": {"matchLabels": {"app": "cart"}}}
    status = {
        "disruptionsAllowed": allowed,
        "currentHealthy": 1,
        "desiredHealthy": 1,
        "expectedPods": 1,
    }
    return made("PodDisruptionBudget", spec=inner, status=status)


def labelled() -> Json:
    return with_meta(cart(running("09:00")), labels={"app": "cart"})


CLOSED = made(
    "Node",
    "worker-a",
    namespace="",
    spec={"unschedulable": True},
    status={"conditions": [holds("Ready", "KubeletReady")]},
)
OPEN: Json = {**CLOSED, "spec": {}}
ORDERED = workload(
    "StatefulSet",
    status={"replicas": 1, "readyReplicas": 0, "currentRevision": "a", "updateRevision": "a"},
)
FIRST = pod_of("StatefulSet", "cart-0", crashed(1))
SOME = workload("DaemonSet", status={"desiredNumberScheduled": 3, "numberReady": 2})
ALL = workload("DaemonSet", status={"desiredNumberScheduled": 3, "numberReady": 3})
ON_DELETE = {"updateStrategy": {"type": "OnDelete"}}
OLD = {"currentRevision": "a", "updateRevision": "b", "updatedReplicas": 1, "replicas": 3}
FORBID = {"spec": {"concurrencyPolicy": "Forbid"}}


def _gone(kind: str, deleted: str, **more: Any) -> Json:
    when = f"2026-03-12T{deleted}:00Z"
    return made(kind, head={"deletionTimestamp": when, **more.pop("head", {})}, **more)


def _leaving(deleted: str) -> Json:
    told = [holds("NamespaceContentRemaining", "SomeResourcesRemain", LEFT)]
    status = {"phase": "Terminating", "conditions": told}
    return _gone("Namespace", deleted, namespace="", status=status)


WORKING: Cases = {
    "K8S811": (
        cluster(rolling(LATE)),
        cluster(rolling(GOING), rolling(GOING, updated=3, created="10:13:50")),
    ),
    "K8S812": (
        cluster(rolling(GOING, spec={"paused": True})),
        cluster(rolling(GOING, updated=3, spec={"paused": True})),
    ),
    "K8S813": (cluster(ORDERED, cases=[FIRST]), cluster(ORDERED)),
    "K8S814": (
        cluster(SOME, cases=[pod_of("DaemonSet", "cart-x2x4p", crashed(1))]),
        cluster(ALL, cases=[pod_of("DaemonSet", "cart-x2x4p", crashed(1))]),
    ),
    "K8S815": (
        cluster(workload("StatefulSet", spec=ON_DELETE, status=OLD)),
        cluster(workload("StatefulSet", spec=ON_DELETE, status={"replicas": 3})),
    ),
    "K8S816": (
        cluster(workload(spec={"replicas": 0})),
        cluster(workload(spec={"replicas": 0}, head=owned("Application", "cart"))),
    ),
    "K8S821": (
        cluster(job(status={"conditions": [GAVE_UP], "failed": 7})),
        cluster(
            run_of_cart("cart-29554800", "10:00", conditions=[GAVE_UP]),
            run_of_cart("cart-29554810", "10:10", completionTime="2026-03-12T10:11:00Z"),
            cron(),
        ),
    ),
    "K8S822": (
        cluster(job(spec={"suspend": True})),
        cluster(job(spec={"suspend": True}, created="10:13:50")),
    ),
    "K8S823": (
        cluster(cron(**FORBID), run_of_cart("cart-29554780", "09:40", active=1)),
        cluster(cron(**FORBID), run_of_cart("cart-29554810", "10:10", active=1)),
    ),
    "K8S824": (
        cluster(cron(last="2026-03-12T09:30:00Z", spec={"timeZone": "Etc/UTC"})),
        cluster(cron(), cron("0 3 * * *", last="2026-03-11T17:00:00Z", name="zoned")),
    ),
    "K8S825": (
        cluster(
            cron(),
            events=[event(cron(), "CronJob", "UnknownTimeZone", 'invalid timeZone: "Mars"')],
        ),
        cluster(cron()),
    ),
    "K8S826": (
        cluster(
            cron(),
            events=[
                event(cron(), "CronJob", "FailedCreate", 'Error creating job: exceeded quota "x"')
            ],
        ),
        cluster(cron()),
    ),
    "K8S831": (cluster(scaler(target="crat"), rolling(GOING)), cluster(scaler(), rolling(GOING))),
    "K8S832": (unmeasured(NO_METRICS), unmeasured(NO_METRICS, since="10:13")),
    "K8S835": (unmeasured(UNREADY), unmeasured(UNREADY, since="10:13")),
    "K8S833": (
        cluster(scaler(holds("ScalingLimited", "TooManyReplicas", FULL)), rolling(GOING)),
        cluster(scaler(holds("ScalingLimited", "DesiredWithinRange", status="False")), rolling()),
    ),
    "K8S834": (
        cluster(budget(0), CLOSED, pods=[labelled()]),
        cluster(budget(0), OPEN, pods=[labelled()]),
    ),
    "K8S441": (cluster(_leaving("10:00")), cluster(_leaving("10:14"))),
    "K8S442": (
        cluster(
            _gone(
                "PersistentVolumeClaim",
                "10:00",
                head={"finalizers": ["kubernetes.io/pvc-protection"]},
            )
        ),
        cluster(_gone("PersistentVolumeClaim", "10:14", head={"finalizers": ["x.example/hold"]})),
    ),
}
