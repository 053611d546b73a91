"""The demo cluster's Services with their endpoints, its Ingress, settings and storage."""

from collections.abc import Sequence
from typing import Any

from fivetabs.providers.kubernetes.demo.objects import meta
from fivetabs.providers.kubernetes.port import Json

_WEB = (
    ("4hq2n", "worker-a", "10.42.1.11"),
    ("b8m5d", "worker-b", "10.42.2.12"),
    ("z6r3v", "worker-a", "10.42.1.13"),
)
_API = (("x2k4p", "worker-a", "10.42.1.23"), ("t7w9z", "worker-b", "10.42.2.31"))
_DNS = (("h5d8w", "worker-a", "10.42.1.2"), ("q9x2c", "worker-b", "10.42.2.2"))


def network() -> list[Json]:
    """What leads to the pods: Services, EndpointSlices, an Ingress and its class."""
    web = [_endpoint(f"storefront-7d5b9c64f8-{s}", n, a, ready=True) for s, n, a in _WEB]
    api = [_endpoint(f"orders-api-6c9d8f7b5-{s}", n, a, ready=False) for s, n, a in _API]
    dns = [_endpoint(f"coredns-5f7d8b9c6-{s}", n, a, ready=True) for s, n, a in _DNS]
    apiserver = [{"addresses": ["10.0.0.10"], "conditions": {"ready": True}}]
    return [
        *_service("kubernetes", "default", 443, "10.43.0.1", apiserver, selector=None),
        *_service("kube-dns", "kube-system", 53, "10.43.0.10", dns, selector={"app": "coredns"}),
        *_service("storefront", "shop", 8080, "10.43.17.20", web),
        *_service("orders-api", "shop", 8080, "10.43.17.21", api),
        *_service("orders-db", "shop", 5432, "None", []),
        _thing(
            "networking.k8s.io/v1", "IngressClass", "nginx", spec={"controller": "k8s.io/nginx"}
        ),
        _ingress(),
    ]


def settings() -> list[Json]:
    """ConfigMaps, service accounts, and the claim of the database with its volume."""
    names = ("default", "kube-system", "shop")
    return [
        *(_thing("v1", "ServiceAccount", "default", space) for space in names),
        _thing("v1", "ConfigMap", "storefront", "shop", data={"THEME": "autumn"}),
        *_storage(),
    ]


def _thing(api: str, kind: str, name: str, namespace: str = "", **more: Any) -> Json:
    return {"apiVersion": api, "kind": kind, "metadata": meta(name, namespace), **more}


def _service(  # noqa: PLR0913, PLR0917  (a Service in one line)
    name: str,
    namespace: str,
    port: int,
    address: str,
    endpoints: Sequence[Json],
    selector: Json | None = None,
) -> list[Json]:
    """A Service and its one EndpointSlice."""
    spec: Json = {
        "type": "ClusterIP",
        "clusterIP": address,
        "ports": [{"port": port, "targetPort": port, "protocol": "TCP"}],
    }
    if name != "kubernetes":
        spec["selector"] = selector or {"app": name}
    found = _thing("v1", "Service", name, namespace, spec=spec)
    slice_ = _thing(
        "discovery.k8s.io/v1",
        "EndpointSlice",
        f"{name}-9x7bd",
        namespace,
        addressType="IPv4",
        ports=[{"name": "", "port": port, "protocol": "TCP"}] if endpoints else None,
        endpoints=list(endpoints) or None,
    )
    slice_["metadata"]["labels"] = {"kubernetes.io/service-name": name}
    return [found, slice_]


def _endpoint(pod: str, node: str, address: str, *, ready: bool) -> Json:
    return {
        "addresses": [address],
        "conditions": {"ready": ready, "serving": ready, "terminating": False},
        "nodeName": node,
        "targetRef": {"kind": "Pod", "name": pod},
    }


def _ingress() -> Json:
    def path(where: str, service: str) -> Json:
        backend = {"service": {"name": service, "port": {"number": 8080}}}
        return {"path": where, "pathType": "Prefix", "backend": backend}

    rule = {
        "host": "shop.example",
        "http": {"paths": [path("/", "storefront"), path("/orders", "orders-api")]},
    }
    spec = {"ingressClassName": "nginx", "rules": [rule]}
    status = {"loadBalancer": {"ingress": [{"ip": "203.0.113.20"}]}}
    return _thing("networking.k8s.io/v1", "Ingress", "shop", "shop", spec=spec, status=status)


def _storage() -> list[Json]:
    claim = {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": "20Gi"}},
        "storageClassName": "gp3",
        "volumeName": "pvc-7f3c1b52",
    }
    bound = {"phase": "Bound", "capacity": {"storage": "20Gi"}, "accessModes": ["ReadWriteOnce"]}
    volume = {
        "accessModes": ["ReadWriteOnce"],
        "capacity": {"storage": "20Gi"},
        "claimRef": {"namespace": "shop", "name": "data-orders-db-0"},
        "csi": {"driver": "ebs.csi.aws.com", "volumeHandle": "vol-0f4e3d2c1b0a90005"},
        "persistentVolumeReclaimPolicy": "Delete",
        "storageClassName": "gp3",
    }
    kind = "PersistentVolumeClaim"
    gp3: Json = {"provisioner": "ebs.csi.aws.com", "volumeBindingMode": "WaitForFirstConsumer"}
    return [
        _thing("v1", kind, "data-orders-db-0", "shop", spec=claim, status=bound),
        _thing("v1", "PersistentVolume", "pvc-7f3c1b52", spec=volume, status={"phase": "Bound"}),
        _thing("storage.k8s.io/v1", "StorageClass", "gp3", **gp3),
    ]
