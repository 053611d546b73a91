"""What rules see of pods and workloads in a certain state, written short."""

from datetime import UTC, datetime, timedelta
from typing import Any

from fivetabs.providers.kubernetes.demo.objects import (
    condition,
    container,
    ended,
    event,
    meta,
    owned,
    pod,
    running,
    status_of,
    waiting,
)
from fivetabs.providers.kubernetes.demo.printing import print_pod
from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.cases import PodCase, WorkloadCase
from fivetabs.providers.kubernetes.shapes.events import fold_events, parse_event
from fivetabs.providers.kubernetes.shapes.pods import parse_pod
from fivetabs.providers.kubernetes.shapes.workloads import parse_workload

NOW = datetime(2026, 3, 12, 10, 14, tzinfo=UTC)
IMAGE = "registry.example/shop/cart:1.0"
LOOP = waiting("CrashLoopBackOff", "back-off 5m0s restarting failed container")
PROBE = {"httpGet": {"path": "/live", "port": 9090}, "periodSeconds": 10}


def case(raw: Json, *events: Json, **more: Any) -> PodCase:
    """What the rules would see of this pod."""
    return PodCase(
        context="shop-eu",
        status=print_pod(raw, NOW)[2],
        pod=parse_pod(raw),
        events=fold_events(parse_event(each) for each in events),
        now=NOW,
        grace=timedelta(seconds=60),
        **more,
    )


def cart(
    state: Json,
    *,
    last: Json | None = None,
    restarts: int = 0,
    role: str = "container",
    **more: Any,
) -> Json:
    """A pod of the Deployment `cart` with one container in a state."""
    created, phase = more.pop("created", "09:00"), more.pop("phase", "Running")
    since = more.pop("since", "09:00")
    spec = container("cart", IMAGE, **more.pop("spec", {}))
    head = meta(
        "cart-5f6d7c8b9-abcde",
        "shop",
        created=created,
        labels={"pod-template-hash": "5f6d7c8b9"},
        **owned("ReplicaSet", "cart-5f6d7c8b9"),
    )
    status = status_of(spec, state, last=last, restarts=restarts)
    inner = {"nodeName": "worker-a", "containers": [spec], **more}
    raw = pod(head, inner, [status], phase=phase, since=since)
    if role == "init":
        raw["spec"] |= {"initContainers": [spec], "containers": [container("main", IMAGE)]}
        first = raw["status"].pop("containerStatuses")
        idle = status_of(container("main", IMAGE), waiting("PodInitializing"))
        raw["status"] |= {"initContainerStatuses": first, "containerStatuses": [idle]}
    return raw


def crashed(code: int, reason: str = "Error", /, **more: Any) -> Json:
    """A pod in a crash loop whose last run ended so."""
    last = ended(code, reason, "10:11:50", "10:12:00")
    return cart(LOOP, last=last, restarts=7, **more)


def waits(reason: str, message: str = "", **more: Any) -> Json:
    """A pod whose container waits."""
    return cart(waiting(reason, message), phase="Pending", **more)


def with_status(raw: Json, **fields: Any) -> Json:
    raw["status"] |= fields
    return raw


def with_meta(raw: Json, **fields: Any) -> Json:
    raw["metadata"] |= fields
    return raw


def told(raw: Json, reason: str, message: str, **more: Any) -> PodCase:
    """A case with one event about its container."""
    field = more.pop("field", "spec.containers{cart}")
    return case(raw, event(raw, "Pod", reason, message, last="10:12:00", field=field, **more))


def pull(error: str) -> PodCase:
    message = f'Back-off pulling image "{IMAGE}": ErrImagePull: {error}'
    return case(waits("ImagePullBackOff", message))


def pending(message: str, reason: str = "Unschedulable") -> PodCase:
    raw = cart(running("09:00"), phase="Pending")
    del raw["spec"]["nodeName"]
    raw["status"]["containerStatuses"] = []
    raw["status"]["conditions"] = [condition("PodScheduled", "False", "10:05", reason, message)]
    return case(raw)


def unlooked(created: str) -> PodCase:
    """A pod of which no scheduler has said anything."""
    raw = cart(running("09:00"), phase="Pending", created=created)
    del raw["spec"]["nodeName"]
    raw["status"] |= {"containerStatuses": [], "conditions": []}
    return case(raw)


def short(message: str, kind: str = "ReplicaSet", **status: Any) -> WorkloadCase:
    head = meta("cart-5f6d7c8b9", "shop", **owned("Deployment", "cart"))
    raw = {"metadata": head, "spec": {"replicas": 3}, "status": status}
    return WorkloadCase(
        context="shop-eu",
        workload=parse_workload(raw, kind),
        whose="Deployment/cart",
        lacking=2,
        message=f'pods "cart-5f6d7c8b9-" is forbidden: {message}' if message else "",
        source="event FailedCreate x12",
        time=NOW,
    )


def terminating(deleted: str, **more: Any) -> PodCase:
    raw = cart(running("09:00"))
    return case(with_meta(raw, deletionTimestamp=f"2026-03-12T{deleted}:00Z", **more))


def unready(since: str, **spec: Any) -> Json:
    raw = cart(running("09:00"), spec=spec)
    raw["status"]["containerStatuses"][0]["ready"] = False
    raw["status"]["conditions"][0] |= {
        "status": "False",
        "lastTransitionTime": f"2026-03-12T{since}Z",
    }
    return raw


def gate(since: str, reason: str) -> PodCase:
    raw = cart(running("09:00"))
    raw["status"]["conditions"][0] = condition(
        "Ready", "False", since, reason, "the status of pod readiness gate is not True"
    )
    return case(raw)


WELL = case(cart(running("09:00")))
RECOVERED = case(
    cart(
        running("2026-03-03T09:31:08Z"),
        restarts=1,
        last=ended(1, "Error", "2026-03-01T08:00:00Z", "2026-03-03T09:31:07Z"),
    )
)
DONE = case(cart(ended(0, "Completed", "09:00", "09:01"), phase="Succeeded", restartPolicy="Never"))
