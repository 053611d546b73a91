"""Who a pod belongs to, up to the thing people deploy."""

from dataclasses import dataclass

from fivetabs.core import term
from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.fields import part, parts

_CRON_DIGITS = 8


@dataclass(frozen=True, slots=True, order=True)
class Owner:
    """A workload, written `Deployment/orders-api`.

    A reference to an owner may hold any text: the API checks neither kind nor name.
    """

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{term(self.kind)}/{term(self.name)}"


def parse_controller(meta: Json) -> Owner | None:
    """The object that made this one (its controller reference), if any."""
    for ref in parts(meta, "ownerReferences"):
        if ref.get("controller") and ref.get("kind") and ref.get("name"):
            return Owner(ref["kind"], ref["name"])
    return None


def parse_owner(meta: Json) -> Owner | None:
    """The workload a pod belongs to, read from the pod's metadata alone.

    A ReplicaSet named `<name>-<pod-template-hash>` is a Deployment's, a Job whose name ends in the
    minutes since 1970 is a CronJob's: both are how their controllers name what they make.
    """
    owner = parse_controller(meta)
    if owner is None:
        return None
    labels: Json = part(meta, "labels")
    suffix = f"-{labels.get('pod-template-hash', '')}"
    if owner.kind == "ReplicaSet" and len(suffix) > 1 and owner.name.endswith(suffix):
        return Owner("Deployment", owner.name.removesuffix(suffix))
    stem, _, digits = owner.name.rpartition("-")
    if owner.kind == "Job" and stem and digits.isdecimal() and len(digits) >= _CRON_DIGITS:
        return Owner("CronJob", stem)
    return owner
