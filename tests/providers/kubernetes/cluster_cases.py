"""Cases of the rules about nodes and the control plane."""

from typing import Any

from fivetabs.providers.kubernetes.port import Json
from tests.providers.kubernetes.casting import pending
from tests.providers.kubernetes.estate_casting import Cases, cluster, holds, made, workload

SILENT = holds(
    "Ready", "NodeStatusUnknown", "Kubelet stopped posting node status.", status="Unknown"
)
NO_NETWORK = holds(
    "Ready",
    "KubeletNotReady",
    "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady "
    "message:Network plugin returns error: cni plugin not initialized",
    status="False",
)
READY = holds("Ready", "KubeletReady", "kubelet is posting ready status")


def node(*conditions: Json, name: str = "worker-cart", **more: Any) -> Json:
    status = {"conditions": list(conditions), **more.pop("status", {})}
    return made("Node", name, namespace="", status=status, **more)


def kubelet(version: str, name: str) -> Json:
    return node(READY, name=name, status={"nodeInfo": {"kubeletVersion": version}})


def lease(name: str, renewed: str) -> Json:
    inner = {
        "holderIdentity": "cart-control-1_6f1c",
        "leaseDurationSeconds": 15,
        "renewTime": f"2026-03-12T{renewed}.000000Z",
    }
    return made("Lease", name, namespace="kube-system", spec=inner)


def seen(generation: int) -> Json:
    return workload(head={"generation": 4}, status={"observedGeneration": generation})


def served(reason: str, status: str) -> Json:
    told = holds("Available", reason, 'service "cart-metrics" not found', status=status)
    inner = {"service": {"namespace": "shop", "name": "cart-metrics"}}
    name = "v1beta1.metrics.k8s.io"
    return made("APIService", name, namespace="", spec=inner, status={"conditions": [told]})


def dns(ready: int) -> Json:
    return workload(
        "Deployment",
        "cart-dns",
        namespace="kube-system",
        head={"labels": {"k8s-app": "kube-dns"}},
        status={"readyReplicas": ready},
    )


def webhook(policy: str) -> Json:
    hook = {
        "name": "guard.cart.example",
        "failurePolicy": policy,
        "clientConfig": {"service": {"namespace": "shop", "name": "guard"}},
        "rules": [{"apiGroups": [""], "resources": ["pods"], "operations": ["CREATE"]}],
    }
    return made("ValidatingWebhookConfiguration", "guard", namespace="", webhooks=[hook])


WAITS = pending("0/1 nodes are available: 1 node(s) were unschedulable.")
PRESSED = holds("DiskPressure", "KubeletHasDiskPressure", "kubelet has disk pressure")

CLUSTER: Cases = {
    "K8S431": (cluster(node(SILENT)), cluster(node(READY), node(NO_NETWORK, created="10:12"))),
    "K8S432": (cluster(node(READY, PRESSED)), cluster(node(READY))),
    "K8S433": (
        cluster(node(READY, spec={"unschedulable": True}), cases=[WAITS]),
        cluster(node(READY, spec={"unschedulable": True})),
    ),
    "K8S434": (
        cluster(kubelet("v1.29.3", "worker-cart"), kubelet("v1.34.4", "worker-b")),
        cluster(kubelet("v1.32.3", "worker-cart"), kubelet("v1.34.4", "worker-b")),
    ),
    "K8S851": (
        cluster(lease("kube-scheduler", "10:02:00")),
        cluster(lease("kube-scheduler", "10:13:50")),
    ),
    "K8S852": (
        cluster(seen(3)),
        cluster(seen(4), lease("kube-controller-manager", "10:13:50")),
    ),
    "K8S853": (cluster(served("ServiceNotFound", "False")), cluster(served("Passed", "True"))),
    "K8S854": (cluster(dns(0)), cluster(dns(2))),
    "K8S841": (cluster(webhook("Fail")), cluster(webhook("Ignore"))),
}
