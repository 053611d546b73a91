"""Cases of the rules about what configuration names, and about what logs say."""

from typing import Any

from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.cases import PodCase
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot
from tests.providers.kubernetes.casting import case, crashed
from tests.providers.kubernetes.estate_casting import Cases, cluster, made
from tests.providers.kubernetes.network_cases import behind, client, service, serving

REFUSED = (
    'pods is forbidden: User "system:serviceaccount:shop:cart" cannot list resource "pods" in API '
    'group "" in the namespace "shop"'
)
ROLE = made(
    "Role",
    rules=[{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}],
)
BINDING = made(
    "RoleBinding",
    roleRef={"kind": "Role", "name": "cart"},
    subjects=[{"kind": "ServiceAccount", "namespace": "shop", "name": "cart"}],
)
LISTS = made("Role", rules=[{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]}])


def said(*words: str) -> PodCase:
    """A crash loop of `cart` whose last words these were."""
    return case(crashed(1), words={"cart": words})


def named(value: str, *words: str, fails: bool = True) -> Snapshot:
    """`cart` is told to use an address; `stock` is a Service of port 80 with ready pods."""
    return cluster(
        client(value, name="cart"),
        serving("stock"),
        service("stock", selector={"app": "stock"}),
        behind("stock", "stock-a"),
        *SPACES,
        cases=[said(*words)] if fails else (),
    )


def looking_up(policy: str, *, fails: bool) -> Snapshot:
    """`cart` is told of the Service `stock` by its name, and looks names up in this way."""
    told = client("http://stock:80", name="cart")
    told["spec"]["template"]["spec"]["dnsPolicy"] = policy
    return cluster(
        told,
        serving("stock"),
        service("stock", selector={"app": "stock"}),
        behind("stock", "stock-a"),
        *SPACES,
        cases=[said("lookup stock: no such host")] if fails else (),
    )


SPACES: tuple[Json, ...] = (made("Namespace", "shop", namespace=""),)
ACCOUNT = made("ServiceAccount")


def guarded(*policies: Json, fails: bool = True) -> Snapshot:
    """`cart` is told to use `stock`, and there are policies."""
    words = ("dial stock:80: i/o timeout",)
    return cluster(
        client("http://stock:80", name="cart"),
        serving("stock"),
        service("stock", selector={"app": "stock"}),
        behind("stock", "stock-a"),
        *SPACES,
        *policies,
        cases=[said(*words)] if fails else (),
    )


def policy(app: str, /, **spec: Any) -> Json:
    """A policy for the pods of one application."""
    return made("NetworkPolicy", spec={"podSelector": {"matchLabels": {"app": app}}, **spec})


CARTS: Json = {"from": [{"podSelector": {"matchLabels": {"app": "cart"}}}]}
ON_NAME: Json = {**CARTS, "ports": [{"port": "http"}]}
ON_RANGE: Json = {**CARTS, "ports": [{"port": 8000, "endPort": 8100}]}
DNS: Json = {"ports": [{"port": 53, "protocol": "UDP"}]}


def using(memory: str) -> Snapshot:
    """A pod of `cart` that uses so much of 256Mi."""
    used = [{"name": "cart", "usage": {"cpu": "5m", "memory": memory}}]
    return cluster(
        serving(resources={"limits": {"memory": "256Mi"}}),
        made("PodMetrics", "cart-a", containers=used),
    )


NAMED: Cases = {
    "K8S706": (looking_up("Default", fails=True), looking_up("ClusterFirst", fails=True)),
    "K8S707": (looking_up("Default", fails=False), looking_up("None", fails=False)),
    "K8S681": (
        guarded(policy("stock", policyTypes=["Ingress"])),
        guarded(policy("stock", ingress=[ON_NAME])),
    ),
    "K8S682": (
        guarded(policy("cart", policyTypes=["Egress"], egress=[DNS]), fails=False),
        guarded(policy("stock", ingress=[ON_RANGE]), fails=False),
    ),
    "K8S701": (
        named("http://stok", "FATAL lookup stok: no such host"),
        named("http://stok", "FATAL the licence has run out"),
    ),
    "K8S702": (named("http://stok", fails=False), named("http://elsewhere", fails=False)),
    "K8S703": (
        named("http://stock:8080", "dial stock:8080: i/o timeout"),
        named("http://stock:80", "dial stock:80: i/o timeout"),
    ),
    "K8S704": (named("http://stock:8080", fails=False), named("http://stock", fails=False)),
    "K8S705": (named("https://stock:80", fails=False), named("http://stock:80", fails=False)),
    "K8S711": (
        said('FATAL: password authentication failed for user "cart"'),
        said("FATAL: out of luck"),
    ),
    "K8S712": (said('FATAL: database "carts" does not exist'), said("FATAL: out of luck")),
    "K8S713": (said("FATAL: sorry, too many clients already"), said("FATAL: out of luck")),
    "K8S714": (
        said("ERROR: cannot execute INSERT in a read-only transaction"),
        said("FATAL: out of luck"),
    ),
    "K8S715": (
        said("tls: first record does not look like a TLS handshake"),
        said("FATAL: out of luck"),
    ),
    "K8S721": (
        cluster(ACCOUNT, ROLE, BINDING, cases=[said(REFUSED)]),
        cluster(ACCOUNT, LISTS, BINDING, cases=[said(REFUSED)]),
    ),
    "K8S731": (using("250Mi"), using("120Mi")),
}
