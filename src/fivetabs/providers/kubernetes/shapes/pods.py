"""A pod: where it runs, who it belongs to, what it says of itself."""

from dataclasses import dataclass
from datetime import datetime

from fivetabs.core import term
from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.containers import Container, parse_containers
from fivetabs.providers.kubernetes.shapes.fields import pairs, part, parts, words
from fivetabs.providers.kubernetes.shapes.owners import Owner, parse_controller, parse_owner
from fivetabs.providers.kubernetes.shapes.specs import PodSpec, parse_spec
from fivetabs.providers.kubernetes.shapes.times import parse_when


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of an object, and since when it has held."""

    type: str
    status: str
    reason: str
    message: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Pod:
    """What the API says of one pod. `volumes` are what it mounts, as `configMap/name`."""

    namespace: str
    name: str
    uid: str
    created: datetime | None
    deleted: datetime | None
    finalizers: tuple[str, ...]
    owner: Owner | None
    controller: Owner | None
    phase: str
    reason: str
    message: str
    node: str
    address: str
    qos: str
    service_account: str
    restart_policy: str
    selector: tuple[str, ...]
    conditions: tuple[Condition, ...]
    containers: tuple[Container, ...]
    volumes: tuple[str, ...]
    spec: PodSpec

    def condition(self, kind: str) -> Condition | None:
        """The condition of this type, if the pod has it."""
        return next((c for c in self.conditions if c.type == kind), None)


def parse_pod(raw: Json) -> Pod:
    """Read a core/v1 Pod."""
    meta, spec, status = raw["metadata"], part(raw, "spec"), part(raw, "status")
    labels = dict(pairs(meta, "labels"))
    return Pod(
        namespace=meta.get("namespace", ""),
        name=meta["name"],
        uid=meta.get("uid", ""),
        created=_born(meta, status),
        deleted=parse_when(meta.get("deletionTimestamp")),
        finalizers=tuple(map(term, words(meta, "finalizers"))),
        owner=parse_owner(meta),
        controller=parse_controller(meta),
        phase=term(status.get("phase") or "Unknown"),
        reason=term(status.get("reason") or ""),
        message=status.get("message") or "",
        node=spec.get("nodeName") or "",
        address=status.get("podIP") or "",
        qos=term(status.get("qosClass") or ""),
        service_account=term(spec.get("serviceAccountName") or ""),
        restart_policy=term(spec.get("restartPolicy") or "Always"),
        selector=tuple(term(f"{k}={v}") for k, v in pairs(spec, "nodeSelector")),
        conditions=parse_conditions(status),
        containers=parse_containers(raw),
        volumes=_references(spec),
        spec=parse_spec(spec, labels),
    )


def _born(meta: Json, status: Json) -> datetime | None:
    """When it was made; of one that was put into another API server, when it was first heard of."""
    times = (parse_when(meta.get("creationTimestamp")), parse_when(status.get("startTime")))
    return min((when for when in times if when), default=None)


def parse_conditions(status: Json) -> tuple[Condition, ...]:
    """The conditions of any object's status."""
    return tuple(
        Condition(
            type=term(c["type"]),
            status=term(c["status"]),
            reason=term(c.get("reason") or ""),
            message=c.get("message") or "",
            since=parse_when(c.get("lastTransitionTime")),
        )
        for c in parts(status, "conditions")
    )


def _references(spec: Json) -> tuple[str, ...]:
    """ConfigMaps, Secrets and claims by name; projected tokens and scratch space are left out.

    The API takes any text for most of these names, so they are terms.
    """
    found: list[str] = []
    for volume in parts(spec, "volumes"):
        if config := volume.get("configMap"):
            found.append(f"configMap/{term(config.get('name', ''))}")
        elif secret := volume.get("secret"):
            found.append(f"secret/{term(secret.get('secretName', ''))}")
        elif claim := volume.get("persistentVolumeClaim"):
            found.append(f"persistentVolumeClaim/{term(claim.get('claimName', ''))}")
        elif host := volume.get("hostPath"):
            found.append(f"hostPath {term(host.get('path', ''))}")
    for container in (*parts(spec, "initContainers"), *parts(spec, "containers")):
        found += _environment(container)
    return tuple(dict.fromkeys(found))


def _environment(container: Json) -> list[str]:
    """What a container's environment is read from: names only, never values."""
    found: list[str] = []
    for source in parts(container, "envFrom"):
        if config := source.get("configMapRef"):
            found.append(f"configMap/{term(config.get('name', ''))} (env)")
        if secret := source.get("secretRef"):
            found.append(f"secret/{term(secret.get('name', ''))} (env)")
    for variable in parts(container, "env"):
        source = part(variable, "valueFrom")
        if config := source.get("configMapKeyRef"):
            found.append(f"configMap/{_key_of(config)} (env)")
        if secret := source.get("secretKeyRef"):
            found.append(f"secret/{_key_of(secret)} (env)")
    return found


def _key_of(source: Json) -> str:
    return term(f"{source.get('name', '')}:{source.get('key', '')}")
