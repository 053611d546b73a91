"""Cases of the rules about Services and Ingresses."""

from typing import Any

from fivetabs.providers.kubernetes.demo.objects import event, owned
from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot
from tests.providers.kubernetes.casting import case, crashed, with_meta
from tests.providers.kubernetes.estate_casting import Cases, cluster, made, workload

WEB = {"http": 8080}


def service(name: str = "cart", port: int = 80, target: int | str = 8080, /, **more: Any) -> Json:
    """A Service of the pods labelled `app=cart`, unless told otherwise."""
    ports = [{"port": port, "targetPort": target}, *more.pop("ports", ())]
    head = more.pop("head", {})
    spec: Json = {"selector": {"app": "cart"}, "ports": ports, **more}
    return made("Service", name, spec=spec, head=head)


def behind(name: str = "cart", *pods: str, ready: bool = True) -> Json:
    """The EndpointSlice of a Service, with one address for each pod."""
    ends = [
        {
            "addresses": [f"10.42.0.{index}"],
            "conditions": {"ready": ready},
            "targetRef": {"kind": "Pod", "name": pod},
        }
        for index, pod in enumerate(pods, 2)
    ]
    labels = {"kubernetes.io/service-name": name}
    return made("EndpointSlice", f"{name}-x", endpoints=ends, head={"labels": labels})


def serving(name: str = "cart", /, *, wanted: int = 3, **container: Any) -> Json:
    """A Deployment that is complete; its one container and its labels may be told."""
    labels = container.pop("labels", {"app": name})
    ports = [{"name": n, "containerPort": p} for n, p in container.pop("open", WEB).items()]
    inner = {"name": name, "image": f"{name}:1", "ports": ports, **container}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [inner]}}
    status = {"replicas": wanted, "readyReplicas": wanted, "updatedReplicas": wanted}
    return workload(
        "Deployment",
        name,
        spec={"replicas": wanted, "template": template},
        status={**status, "availableReplicas": wanted},
    )


def client(value: str = "http://cart:80", /, name: str = "web", **more: Any) -> Json:
    """A Deployment whose environment names an address."""
    return serving(name, env=[{"name": "CART_URL", "value": value}], **more)


def ingress(port: int = 80, /, name: str = "cart", **spec: Any) -> Json:
    """An Ingress to the Service `cart`."""
    backend = {"service": {"name": name, "port": {"number": port}}}
    rule = {"host": "cart.example", "http": {"paths": [{"path": "/", "backend": backend}]}}
    return made("Ingress", "cart", spec={"ingressClassName": "nginx", "rules": [rule], **spec})


def well(*more: Json, **cart: Any) -> Snapshot:
    """The Service `cart` with its pods, and whatever else there is."""
    return cluster(serving(**cart), service(), behind("cart", "cart-a", "cart-b"), CLASS, *more)


def failing() -> Any:
    """A crash-looping pod of `cart`, with the labels of its template."""
    labels = {"app": "cart", "pod-template-hash": "5f6d7c8b9"}
    return case(with_meta(crashed(1), labels=labels))


def refused() -> Any:
    """A crash-looping pod of the client `web`, whose log names the Service `cart`."""
    raw = with_meta(
        crashed(1),
        name="web-5f6d7c8b9-abcde",
        labels={"app": "web", "pod-template-hash": "5f6d7c8b9"},
        **owned("ReplicaSet", "web-5f6d7c8b9"),
    )
    return case(raw, words={"cart": ("FATAL dial tcp cart:80: connect: connection refused",)})


CLASS = made("IngressClass", "nginx", namespace="", spec={"controller": "k8s.io/nginx"})
OTHER = {"app": "cart", "tier": "front"}
COMPLAINT = event(
    made("Ingress"), "Ingress", "Rejected", "secret shop/cart-tls was not found", last="10:12:00"
)
OLD_COMPLAINT = event(
    made("Ingress"), "Ingress", "Rejected", "secret shop/cart-tls was not found", last="08:12:00"
)

NETWORK: Cases = {
    "K8S661": (
        cluster(serving(), service(selector={"app": "cart-web"}), behind()),
        cluster(  # Left behind by a version that is gone; the pods have a Service of their own.
            serving(),
            service(),
            behind("cart", "cart-a"),
            service("cart-old", selector={"app": "cart", "version": "v1"}),
            behind("cart-old"),
        ),
    ),
    "K8S662": (
        cluster(client(labels={"component": "x"}), service(selector={"app": "zzz"}), behind()),
        cluster(serving("web"), service(selector={"app": "zzz"}), behind()),
    ),
    "K8S663": (
        cluster(
            serving(),
            service(),
            behind("cart", "cart-5f6d7c8b9-abcde", ready=False),
            cases=[failing()],
        ),
        cluster(serving(), service(), behind("cart", "cart-b"), cases=[failing()]),
    ),
    "K8S664": (
        cluster(
            client("http://cart"),
            made("Service", spec={"type": "ExternalName", "externalName": "carts.shop.svc"}),
        ),
        cluster(
            client("http://cart"),
            made("Service", spec={"type": "ExternalName", "externalName": "carts.example.org"}),
        ),
    ),
    "K8S666": (
        cluster(serving(), service("cart", 80, "web"), behind("cart", "cart-a")),
        cluster(serving(), service("cart", 80, "http"), behind("cart", "cart-a")),
    ),
    "K8S667": (
        cluster(
            serving(),
            service("cart", 80, 8081),
            behind("cart", "cart-a"),
            client(),
            cases=[refused()],
        ),
        cluster(serving(), service("cart", 80, 8081), behind("cart", "cart-a"), client()),
    ),
    "K8S668": (
        cluster(
            serving(),
            service(ports=[{"port": 9102, "targetPort": 9102, "name": "metrics"}]),
            behind("cart", "cart-a"),
        ),
        cluster(serving(args=["--port=8081"]), service("cart", 80, 8081), behind("cart", "c")),
    ),
    "K8S665": (
        cluster(serving(wanted=0), service(), behind(), ingress(), CLASS),
        cluster(serving(wanted=0), service(), behind(), CLASS),
    ),
    "K8S671": (well(ingress(80, "carts")), well(ingress())),
    "K8S672": (well(ingress(8080)), well(ingress())),
    "K8S673": (
        well(ingress(80, ingressClassName="nginx-internal")),
        cluster(ingress(80, ingressClassName=None), service(), serving(), behind("cart", "c")),
    ),
    "K8S674": (
        cluster(ingress(), service(), serving(), behind("cart", "c"), CLASS, events=[COMPLAINT]),
        cluster(
            ingress(), service(), serving(), behind("cart", "c"), CLASS, events=[OLD_COMPLAINT]
        ),
    ),
}
