"""The cluster's share of the incident in docs/demo-incident.md, as manifests."""

from collections.abc import Mapping

from tests.rig.kubernetes import catalogue
from tests.rig.kubernetes.api import Manifest
from tests.rig.kubernetes.objects import (
    container,
    deployment,
    job,
    named,
    namespace,
    service,
    spec,
    stateful_set,
)

LAST_WORDS = "FATAL could not connect to orders-db:5432: connection refused"
DEFAULT_SIGNS: Mapping[str, tuple[str, ...]] = {"broken-app": ("CrashLoopBackOff", "exit:0")}
SIGNS: Mapping[str, tuple[str, ...]] = {
    "orders-db": ("Unschedulable",),
    "orders-api": ("CrashLoopBackOff", "exit:1"),
    "report-export": ("ErrImagePull|ImagePullBackOff",),
    "storefront": ("Available", "Ready"),
    "nightly-invoice": ("Complete",),
}
API_SCRIPT = f"""\
echo "orders-api 1.8.2 starting"
echo "connecting to $DB_HOST:5432"
echo "{LAST_WORDS}" >&2
exit 1
"""
WEB_SCRIPT = """\
mkdir -p /tmp/www && echo ok > /tmp/www/index.html
trap 'exit 0' TERM
httpd -f -p 8080 -h /tmp/www & wait
"""
READY_WEB = {"httpGet": {"path": "/", "port": 8080}, "periodSeconds": 2, "timeoutSeconds": 5}


def _default() -> list[Manifest]:
    no_command = container("busybox", image=catalogue.BUSYBOX, command=None)
    return [*namespace("default")[1:], deployment("broken-app", "default", spec(no_command))]


def _failing() -> list[Manifest]:
    api = container(
        "orders-api",
        API_SCRIPT,
        image=catalogue.API,
        env=[{"name": "DB_HOST", "value": "orders-db"}],
    )
    export = container("report-export", image=catalogue.REPORT, command=None)
    return [
        deployment("orders-api", "shop", spec(api), replicas=2),
        deployment("report-export", "shop", spec(export)),
        service("orders-db", "shop", 5432),
        service("orders-api", "shop", 8080),
    ]


def of_the_lost_node() -> list[Manifest]:
    """What can only run on the node that is lost: its label is nowhere else."""
    database = container("postgres", image=catalogue.DATABASE)
    return [stateful_set("orders-db", "shop", spec(database, nodeSelector={"disk": "ssd"}))]


def _healthy() -> list[Manifest]:
    web = container(
        "storefront",
        WEB_SCRIPT,
        image=catalogue.STOREFRONT,
        ports=[{"containerPort": 8080}],
        readinessProbe=READY_WEB,
        envFrom=[{"configMapRef": {"name": "storefront"}}],
    )
    invoice = container("invoice", "echo '118 invoices sent'", image=catalogue.INVOICE)
    canary = container("canary", image=catalogue.CANARY)
    return [
        named("ConfigMap", "v1", "storefront", "shop", data={"THEME": "autumn"}),
        named("Secret", "v1", "orders-db", "shop", stringData={"password": "not-a-real-secret"}),
        deployment("storefront", "shop", spec(web), replicas=3),
        service("storefront", "shop", 8080),
        job("nightly-invoice", "shop", spec(invoice)),
        deployment("canary", "shop", spec(canary), replicas=0),
    ]


def manifests() -> list[Manifest]:
    """Everything of the incident but the nodes, in the order in which it is to be applied."""
    dns = container("coredns", image=catalogue.COREDNS)
    kube_dns = deployment("coredns", "kube-system", spec(dns))
    system = [*namespace("kube-system")[1:], kube_dns]
    return [*_default(), *namespace("shop"), *_failing(), *_healthy(), *system]
