"""Cases of the rules about storage."""

from typing import Any

from fivetabs.providers.kubernetes.demo.objects import event
from fivetabs.providers.kubernetes.port import Json
from tests.providers.kubernetes.estate_casting import Cases, cluster, made

MADE_BY_HAND = "kubernetes.io/no-provisioner"


def claim(phase: str = "Pending", /, **more: Any) -> Json:
    inner = {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": "5Gi"}},
        **more.pop("spec", {}),
    }
    return made("PersistentVolumeClaim", spec=inner, status={"phase": phase}, **more)


def of_class(name: str, **more: Any) -> Json:
    return claim(spec={"storageClassName": name}, **more)


def volume(**more: Any) -> Json:
    inner = {
        "capacity": {"storage": "1Gi"},
        "accessModes": ["ReadWriteOnce"],
        "storageClassName": "by-hand",
        **more.pop("spec", {}),
    }
    status = {"phase": "Available", **more.pop("status", {})}
    return made("PersistentVolume", "disk-cart", namespace="", spec=inner, status=status)


def storage_class(name: str, provisioner: str = MADE_BY_HAND, **more: Any) -> Json:
    return made("StorageClass", name, namespace="", provisioner=provisioner, **more)


def _failing(raw: Json) -> Json:
    said = "rpc error: code = ResourceExhausted desc = volume limit of this account reached"
    return event(raw, "PersistentVolumeClaim", "ProvisioningFailed", said)


CLOUD = storage_class("cloud", "ebs.csi.aws.com")
LAZY = storage_class("lazy", "ebs.csi.aws.com", volumeBindingMode="WaitForFirstConsumer")
BY_HAND = storage_class("by-hand")
LOST = claim("Lost", spec={"volumeName": "disk-cart"})
BROKEN = {"phase": "Failed", "message": "no deletable volume plugin matched"}

STORAGE: Cases = {
    "K8S421": (cluster(of_class("fsat"), storage_class("fast")), cluster(of_class("lazy"), LAZY)),
    "K8S422": (cluster(claim(), CLOUD), cluster(claim(created="10:13:58"), CLOUD)),
    "K8S423": (
        cluster(of_class("by-hand"), BY_HAND, volume()),
        cluster(of_class("lazy"), LAZY, volume()),
    ),
    "K8S424": (
        cluster(of_class("cloud"), CLOUD, events=[_failing(claim())]),
        cluster(claim("Bound"), CLOUD, events=[_failing(claim())]),
    ),
    "K8S425": (
        cluster(of_class("cloud"), CLOUD),
        cluster(of_class("cloud", created="10:12"), CLOUD, of_class("lazy"), LAZY),
    ),
    "K8S426": (cluster(LOST), cluster(claim("Bound"))),
    "K8S429": (cluster(volume(status=BROKEN)), cluster(volume())),
}
