"""For every rule one case that fires and one that stays quiet."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
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


def _terminating(deleted: str, **more: Any) -> PodCase:
    raw = cart(running("09:00"))
    return case(with_meta(raw, deletionTimestamp=f"2026-03-12T{deleted}:00Z", **more))


def _unready(since: str, **spec: Any) -> Json:
    raw = cart(running("09:00"), spec=spec)
    raw["status"]["containerStatuses"][0]["ready"] = False
    raw["status"]["conditions"][0] |= {
        "status": "False",
        "lastTransitionTime": f"2026-03-12T{since}Z",
    }
    return raw


def _gate(since: str, reason: str) -> PodCase:
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
ALIVE: dict[str, Any] = {"spec": {"livenessProbe": PROBE}}
ONE_EXIT = case(crashed(1), words={"cart": ("loading", "FATAL no licence key")})
EXEC_ERROR = (
    "failed to create containerd task: failed to create shim task: OCI runtime create failed: "
    'exec: "/app/cart": stat /app/cart: no such file or directory: unknown'
)
NO_MAP = 'configmap "cart-settings" not found'
NO_VOLUME = 'MountVolume.SetUp failed for volume "settings" : configmap "cart" not found'
NO_NODES = "0/3 nodes are available: 3 Insufficient cpu."
NO_SANDBOX = "Failed to create pod sandbox: rpc error: network plugin is not ready"

CASES: Mapping[str, tuple[object, object]] = MappingProxyType(
    {
        "K8S101": (case(crashed(0, "Completed")), DONE),
        "K8S102": (ONE_EXIT, RECOVERED),
        "K8S103": (
            case(crashed(137, "OOMKilled", spec={"resources": {"limits": {"memory": "64Mi"}}})),
            case(crashed(137)),
        ),
        "K8S104": (case(crashed(137)), case(crashed(137, "OOMKilled"))),
        "K8S105": (case(crashed(139)), case(crashed(1))),
        "K8S106": (case(crashed(143)), case(crashed(1))),
        "K8S107": (
            case(waits("RunContainerError", EXEC_ERROR, spec={"command": ["/app/cart"]})),
            case(crashed(1)),
        ),
        "K8S108": (
            told(crashed(137, **ALIVE), "Unhealthy", "Liveness probe failed: HTTP 500"),
            case(crashed(137, **ALIVE)),
        ),
        "K8S109": (
            told(crashed(137), "FailedPostStartHook", "PostStartHook failed"),
            case(crashed(137)),
        ),
        "K8S110": (case(crashed(2, role="init", phase="Pending")), case(crashed(2))),
        "K8S111": (
            case(cart(running("10:00"), role="init", phase="Pending")),
            case(cart(running("10:13:30"), role="init", phase="Pending")),
        ),
        "K8S201": (pull(f"{IMAGE}: not found"), pull("unauthorized")),
        "K8S202": (pull("authorization failed: no basic auth credentials"), pull("not found")),
        "K8S203": (pull("dial tcp: lookup registry.example: no such host"), pull("not found")),
        "K8S204": (case(waits("InvalidImageName")), WELL),
        "K8S205": (case(waits("ErrImageNeverPull")), WELL),
        "K8S206": (pull("toomanyrequests: slow down"), WELL),
        "K8S301": (case(waits("CreateContainerConfigError", NO_MAP)), WELL),
        "K8S302": (case(waits("CreateContainerError", "no command specified")), WELL),
        "K8S303": (
            told(waits("ContainerCreating"), "FailedMount", NO_VOLUME),
            told(waits("ContainerCreating", created="10:13:30"), "FailedMount", NO_VOLUME),
        ),
        "K8S304": (
            told(waits("ContainerCreating"), "FailedCreatePodSandBox", NO_SANDBOX),
            told(cart(running("09:00")), "FailedCreatePodSandBox", NO_SANDBOX),
        ),
        "K8S305": (
            case(waits("ContainerCreating")),
            case(waits("ContainerCreating", created="10:12")),
        ),
        "K8S306": (
            case(
                waits(
                    "CreateContainerConfigError",
                    "container has runAsNonRoot and image will run as root",
                )
            ),
            WELL,
        ),
        "K8S401": (pending(NO_NODES), pending("waiting", "SchedulingGated")),
        "K8S402": (
            case(
                cart(running("09:00")),
                node_lost="not heard of: Kubelet stopped posting node status.",
            ),
            WELL,
        ),
        "K8S403": (
            case(
                with_status(
                    cart(ended(137, "Error", "09:00", "09:30")),
                    phase="Failed",
                    reason="Evicted",
                    message="The node was low on resource: memory.",
                )
            ),
            WELL,
        ),
        "K8S404": (
            _terminating("10:00", finalizers=["example.com/hold"]),
            _terminating("10:14"),
        ),
        "K8S405": (
            case(
                with_status(
                    cart(ended(137, "Error", "09:00", "09:30")),
                    phase="Failed",
                    reason="DeadlineExceeded",
                    message="Pod was active longer than allowed",
                )
            ),
            DONE,
        ),
        "K8S501": (
            told(
                _unready("09:00:00", readinessProbe=PROBE, ports=[{"containerPort": 8080}]),
                "Unhealthy",
                "Readiness probe failed: connection refused",
            ),
            case(_unready("10:13:40", readinessProbe=PROBE)),
        ),
        "K8S502": (
            _gate("09:00", "ReadinessGatesNotReady"),
            _gate("10:13:30", "ReadinessGatesNotReady"),
        ),
        "K8S599": (case(waits("SomethingNew", "a word nobody knows yet")), WELL),
        "K8S601": (
            short("exceeded quota: team, requested: pods=1, used: pods=1, limited: pods=1"),
            short("maximum memory usage per Container is 64Mi"),
        ),
        "K8S602": (
            short("maximum memory usage per Container is 64Mi, but limit is 1Gi"),
            short(""),
        ),
        "K8S603": (short('violates PodSecurity "restricted:latest": privileged'), short("")),
        "K8S604": (
            short("error looking up service account shop/cart: serviceaccount not found"),
            short(""),
        ),
        "K8S605": (short("something new"), short("")),
        "K8S606": (
            short(
                "",
                "Job",
                conditions=[
                    condition(
                        "Failed",
                        "True",
                        "10:00",
                        "BackoffLimitExceeded",
                        "Job has reached the specified backoff limit",
                    )
                ],
            ),
            short("", "Job", conditions=[condition("Complete", "True", "10:00")]),
        ),
    }
)
