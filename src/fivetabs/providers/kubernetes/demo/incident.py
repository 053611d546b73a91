"""The cluster's share of docs/demo-incident.md, in the API's own form."""

from collections.abc import Mapping
from types import MappingProxyType

from fivetabs.providers.kubernetes.demo.controllers import controller_revision
from fivetabs.providers.kubernetes.demo.healthy import healthy
from fivetabs.providers.kubernetes.demo.network import network, settings
from fivetabs.providers.kubernetes.demo.objects import (
    LONG_AGO,
    condition,
    container,
    deployment,
    ended,
    event,
    member,
    meta,
    node,
    owned,
    pod,
    status_of,
    waiting,
    workload,
)
from fivetabs.providers.kubernetes.port import Json

_LOST = "Kubelet stopped posting node status."
_NO_NODE = (
    "0/3 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/unreachable: }, "
    "2 node(s) didn't match Pod's node affinity/selector. preemption: 0/3 nodes are available: "
    "3 Preemption is not helpful for scheduling."
)
_EXPORT_IMAGE = "registry.example/shop/report-export:2.4.0-rc"
_EXPORT_BEFORE = "registry.example/shop/report-export:2.3.1"
_NO_IMAGE = (
    f'failed to pull and unpack image "{_EXPORT_IMAGE}": failed to resolve reference '
    f'"{_EXPORT_IMAGE}": {_EXPORT_IMAGE}: not found'
)
_API_WORDS = (
    "2026-03-12T10:{minute}:{second}Z INFO  orders-api 1.8.2 starting on :8080\n"
    "2026-03-12T10:{minute}:{second}Z INFO  connecting to $DB_HOST:5432 (orders-db)\n"
    "2026-03-12T10:{minute}:{second}Z WARN  attempt 1 of 3 failed, retrying in 1s\n"
    "2026-03-12T10:{minute}:{second}Z WARN  attempt 2 of 3 failed, retrying in 1s\n"
    "FATAL could not connect to orders-db:5432: connection refused\n"
)


def objects() -> list[Json]:
    """Everything there is, in no particular order."""
    names = ("default", "kube-system", "shop")
    spaces = [{"apiVersion": "v1", "kind": "Namespace", "metadata": meta(n)} for n in names]
    sick = [*_nodes(), *_broken_app(), *_orders(), *_report_export()]
    return [*spaces, *sick, *healthy(), *network(), *settings()]


def logs() -> Mapping[tuple[str, str, bool], str]:
    """Log text by pod, container and whether it is that of the run before."""
    told: dict[tuple[str, str, bool], str] = {}
    for name, minute, second in (("x2k4p", "10", "52"), ("t7w9z", "11", "17")):
        text = _API_WORDS.format(minute=minute, second=second)
        for previous in (False, True):
            told[f"orders-api-6c9d8f7b5-{name}", "orders-api", previous] = text
    for suffix in ("4hq2n", "b8m5d", "z6r3v"):
        served = "\n".join(
            f'10.42.0.7 - "GET /products/{number} HTTP/1.1" 200 {number * 37 % 90 + 4}ms'
            for number in range(101, 161)
        )
        told[f"storefront-7d5b9c64f8-{suffix}", "storefront", False] = f"{served}\n"
    told["nightly-invoice-9p4ks", "invoice", False] = (
        "reading invoices of 2026-03-11\n118 invoices sent, 0 failed\n"
    )
    for suffix in ("h5d8w", "q9x2c"):
        told[f"coredns-5f7d8b9c6-{suffix}", "coredns", False] = (
            ".:53\n[INFO] plugin/reload: Running configuration\nCoreDNS-1.11.3\n"
        )
    return MappingProxyType(told)


def _nodes() -> list[Json]:
    ready = condition("Ready", "True", "2026-02-27T08:00:00Z", "KubeletReady", "kubelet is ready")
    lost = condition("Ready", "Unknown", "10:03", "NodeStatusUnknown", _LOST)
    taint = {"key": "node.kubernetes.io/unreachable", "effect": "NoSchedule"}
    a = node("worker-a", "aws:///eu-west-1a/i-0a1b2c3d4e5f60001", "10.0.1.11", ready)
    b = node("worker-b", "aws:///eu-west-1b/i-0b2c3d4e5f6a70002", "10.0.2.12", ready)
    c = node("worker-c", "aws:///eu-west-1c/i-0c3a5f7e9b1d20003", "10.0.3.13", lost, taints=[taint])
    c["metadata"]["labels"]["disk"] = "ssd"
    gone = event(
        c,
        "Node",
        "NodeNotReady",
        "Node worker-c status is now: NodeNotReady",
        type="Normal",
        last="10:03",
        source="node-controller",
    )
    return [a, b, c, gone]


def _broken_app() -> list[Json]:
    spec = container("broken-app", "busybox:1.36")
    looping = waiting(
        "CrashLoopBackOff",
        "back-off 5m0s restarting failed container=broken-app pod=broken-app-5d4f8c7b9-k7x2m",
    )
    last = ended(0, "Completed", "10:12:41", "10:12:41")
    status = status_of(spec, looping, last=last, restarts=14)
    head = member("broken-app", "default", "5d4f8c7b9", "k7x2m", "09:24")
    sick = pod(head, {"nodeName": "worker-a", "containers": [spec]}, [status], since="09:24")
    back_off = event(
        sick,
        "Pod",
        "BackOff",
        "Back-off restarting failed container broken-app in pod broken-app-5d4f8c7b9-k7x2m",
        count=231,
        first="09:24",
        last="10:13:52",
        field="spec.containers{broken-app}",
    )
    made = deployment(
        "broken-app",
        "default",
        {"containers": [spec]},
        "5d4f8c7b9",
        wanted=1,
        ready=0,
        created="09:24",
    )
    return [*made, sick, back_off]


def _orders() -> list[Json]:
    api = container(
        "orders-api",
        "registry.example/shop/orders-api:1.8.2",
        env=[
            {"name": "DB_HOST", "value": "orders-db"},
            {
                "name": "DB_PASSWORD",
                "valueFrom": {"secretKeyRef": {"name": "orders-db", "key": "password"}},
            },
        ],
        ports=[{"containerPort": 8080}],
        resources={"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "256Mi"}},
        readinessProbe={"httpGet": {"path": "/ready", "port": 8080}, "periodSeconds": 5},
    )
    made = deployment("orders-api", "shop", {"containers": [api]}, "6c9d8f7b5", wanted=2, ready=0)
    return [
        *made,
        *_api_pod(api, "x2k4p", "worker-a", "10:10", "52"),
        *_api_pod(api, "t7w9z", "worker-b", "10:11", "17"),
        *_database(),
    ]


def _api_pod(spec: Json, suffix: str, place: str, minute: str, second: str) -> list[Json]:
    head = member("orders-api", "shop", "6c9d8f7b5", suffix, "2026-03-03T09:12:00Z")
    back_off = f"restarting failed container=orders-api pod={head['name']}"
    looping = waiting("CrashLoopBackOff", f"back-off 5m0s {back_off}")
    last = ended(1, "Error", f"{minute}:{int(second) - 3}", f"{minute}:{second}")
    status = status_of(spec, looping, last=last, restarts=6)
    sick = pod(head, {"nodeName": place, "containers": [spec]}, [status], since="10:05")
    sick["status"]["podIP"] = "10.42.1.23" if place == "worker-a" else "10.42.2.31"
    told = event(
        sick,
        "Pod",
        "BackOff",
        f"Back-off restarting failed container orders-api in pod {head['name']}",
        count=38,
        first="10:05:24",
        last="10:13:40",
        field="spec.containers{orders-api}",
    )
    return [sick, told]


def _postgres() -> Json:
    return container(
        "postgres",
        "postgres:16.4",
        ports=[{"containerPort": 5432}],
        resources={"requests": {"cpu": "500m", "memory": "1Gi"}, "limits": {"memory": "2Gi"}},
        volumeMounts=[{"name": "data", "mountPath": "/var/lib/postgresql/data"}],
    )


def _database() -> list[Json]:
    spec = _postgres()
    volume = {"name": "data", "persistentVolumeClaim": {"claimName": "data-orders-db-0"}}
    inner = {"containers": [spec], "nodeSelector": {"disk": "ssd"}, "volumes": [volume]}
    head = meta(
        "orders-db-0",
        "shop",
        created="10:05",
        labels={"app": "orders-db"},
        **owned("StatefulSet", "orders-db"),
    )
    pending = pod(head, inner, [], phase="Pending")
    pending["status"]["conditions"] = [
        condition("PodScheduled", "False", "10:05", "Unschedulable", _NO_NODE)
    ]
    when = {"first": "10:05", "last": "10:10:31", "source": "default-scheduler"}
    told = event(pending, "Pod", "FailedScheduling", _NO_NODE, count=4, **when)
    made = _database_set(inner)
    return [pending, told, made, controller_revision(made, 1, LONG_AGO)]


def _database_set(inner: Json) -> Json:
    return workload(
        "StatefulSet",
        meta("orders-db", "shop"),
        inner,
        wanted=1,
        ready=0,
        updateStrategy={"type": "RollingUpdate"},
        serviceName="orders-db",
    )


def _report_export() -> list[Json]:
    spec = container("report-export", _EXPORT_IMAGE)
    told = f'Back-off pulling image "{_EXPORT_IMAGE}": ErrImagePull: {_NO_IMAGE}'
    status = status_of(spec, waiting("ImagePullBackOff", told))
    head = member("report-export", "shop", "84c6d5f97", "m3j8t", "09:41")
    inner = {"nodeName": "worker-b", "containers": [spec]}
    sick = pod(head, inner, [status], phase="Pending", since="09:41")
    failed = event(
        sick,
        "Pod",
        "Failed",
        f'Failed to pull image "{_EXPORT_IMAGE}": {_NO_IMAGE}',
        count=11,
        first="09:41",
        last="10:12:20",
        field="spec.containers{report-export}",
    )
    before = {"containers": [container("report-export", _EXPORT_BEFORE)]}
    made = deployment(
        "report-export",
        "shop",
        {"containers": [spec]},
        "84c6d5f97",
        wanted=1,
        ready=0,
        created="09:41",
        former=(before, "6b9f7c4d58", LONG_AGO),
    )
    return [*made, sick, failed]
