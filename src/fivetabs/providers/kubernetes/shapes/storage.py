"""Claims, volumes and storage classes."""

from dataclasses import dataclass
from typing import ClassVar

from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.fields import part, words
from fivetabs.providers.kubernetes.shapes.pods import Condition, parse_conditions
from fivetabs.providers.kubernetes.shapes.things import Thing, head_of

_DEFAULT = "storageclass.kubernetes.io/is-default-class"
_OLD_CLASS = "volume.beta.kubernetes.io/storage-class"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Thing):
    """A core/v1 PersistentVolumeClaim. `class_name` is None where it leaves that to the default."""

    KIND: ClassVar[str] = "PersistentVolumeClaim"

    phase: str
    class_name: str | None
    volume: str
    modes: tuple[str, ...]
    mode: str
    asked: str
    capacity: str
    selector: Json
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume(Thing):
    """A core/v1 PersistentVolume. `claim` is `namespace/name`; `handle` is the driver's own id."""

    KIND: ClassVar[str] = "PersistentVolume"

    phase: str
    reason: str
    class_name: str
    claim: str
    claim_uid: str
    modes: tuple[str, ...]
    mode: str
    capacity: str
    reclaim: str
    driver: str
    handle: str
    affinity: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageClass(Thing):
    """A storage.k8s.io/v1 StorageClass."""

    KIND: ClassVar[str] = "StorageClass"

    provisioner: str
    waits: bool
    default: bool
    expands: bool
    topologies: tuple[Json, ...]


def parse_claim(raw: Json) -> Claim:
    """Read a core/v1 PersistentVolumeClaim."""
    spec, status, head = part(raw, "spec"), part(raw, "status"), head_of(raw)
    return Claim(
        **head,
        phase=status.get("phase") or "Pending",
        class_name=spec.get("storageClassName", head["annotations"].get(_OLD_CLASS)),
        volume=spec.get("volumeName") or "",
        modes=words(spec, "accessModes"),
        mode=spec.get("volumeMode") or "Filesystem",
        asked=str(part(spec, "resources", "requests").get("storage") or ""),
        capacity=str(part(status, "capacity").get("storage") or ""),
        selector=part(spec, "selector"),
        conditions=parse_conditions(status),
    )


def parse_volume(raw: Json) -> Volume:
    """Read a core/v1 PersistentVolume."""
    spec, status = part(raw, "spec"), part(raw, "status")
    claim, csi = part(spec, "claimRef"), part(spec, "csi")
    return Volume(
        **head_of(raw),
        phase=status.get("phase") or "",
        reason=status.get("message") or status.get("reason") or "",
        class_name=spec.get("storageClassName") or "",
        claim=f"{claim.get('namespace', '')}/{claim['name']}" if claim.get("name") else "",
        claim_uid=claim.get("uid") or "",
        modes=words(spec, "accessModes"),
        mode=spec.get("volumeMode") or "Filesystem",
        capacity=str(part(spec, "capacity").get("storage") or ""),
        reclaim=spec.get("persistentVolumeReclaimPolicy") or "",
        driver=csi.get("driver") or "",
        handle=csi.get("volumeHandle") or part(spec, "awsElasticBlockStore").get("volumeID") or "",
        affinity=part(spec, "nodeAffinity"),
    )


def parse_storage_class(raw: Json) -> StorageClass:
    """Read a storage.k8s.io/v1 StorageClass."""
    head = head_of(raw)
    return StorageClass(
        **head,
        provisioner=raw.get("provisioner") or "",
        waits=raw.get("volumeBindingMode") == "WaitForFirstConsumer",
        default=head["annotations"].get(_DEFAULT) == "true",
        expands=bool(raw.get("allowVolumeExpansion")),
        topologies=tuple(raw.get("allowedTopologies") or ()),
    )
