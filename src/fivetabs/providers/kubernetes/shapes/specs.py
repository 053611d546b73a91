"""What a pod template asks for: containers with their environment, and the objects it names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fivetabs.core import term
from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.fields import pairs, part, parts, words

_KEPT = (
    "affinity",
    "tolerations",
    "dnsPolicy",
    "topologySpreadConstraints",
    "schedulerName",
)


@dataclass(frozen=True, slots=True)
class Reference:
    """An object that a pod names: its kind and name, a key of it, and where it is named.

    `optional` is what the pod says: it starts all the same when the object is not there.
    """

    kind: str
    name: str
    via: str
    key: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable: a value written out, or a reference."""

    name: str
    value: str = ""
    source: Reference | None = None


@dataclass(frozen=True, slots=True)
class Port:
    """A port that a container declares; `host` is the node's port it takes, 0 for none."""

    name: str
    number: int
    protocol: str
    host: int = 0


@dataclass(frozen=True, slots=True)
class ContainerSpec:
    """One container as it was asked for. `role` is container, init or sidecar.

    `probed` are the ports its probes ask, by number or name. `requests` and `limits` as written.
    """

    name: str
    role: str
    image: str
    command: tuple[str, ...]
    args: tuple[str, ...]
    env: tuple[Variable, ...]
    ports: tuple[Port, ...]
    probed: tuple[str, ...]
    mounts: Mapping[str, str]
    requests: Mapping[str, str]
    limits: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PodSpec:
    """A pod template, or the spec of one pod. `volumes` are what its volumes come from, by name."""

    labels: Mapping[str, str]
    containers: tuple[ContainerSpec, ...]
    references: tuple[Reference, ...]
    volumes: Mapping[str, str]
    service_account: str
    host_network: bool
    node_selector: Mapping[str, str]
    priority_class: str
    runtime_class: str
    aliases: tuple[str, ...]
    raw: Json

    @property
    def mains(self) -> tuple[ContainerSpec, ...]:
        """The containers that stay: main ones and sidecars."""
        return tuple(each for each in self.containers if each.role != "init")


def parse_spec(spec: Json, labels: Mapping[str, str]) -> PodSpec:
    """Read a core/v1 PodSpec; `labels` are those of its template."""
    return PodSpec(
        labels=dict(labels),
        containers=_containers(spec),
        references=tuple(dict.fromkeys(_references(spec))),
        volumes={v["name"]: _source(v) for v in parts(spec, "volumes")},
        service_account=spec.get("serviceAccountName") or "default",
        host_network=bool(spec.get("hostNetwork")),
        node_selector=dict(pairs(spec, "nodeSelector")),
        priority_class=spec.get("priorityClassName") or "",
        runtime_class=spec.get("runtimeClassName") or "",
        aliases=tuple(h for a in parts(spec, "hostAliases") for h in words(a, "hostnames")),
        raw={k: spec[k] for k in _KEPT if k in spec},
    )


def parse_template(template: Json) -> PodSpec:
    """Read a core/v1 PodTemplateSpec."""
    return parse_spec(part(template, "spec"), dict(pairs(template, "metadata", "labels")))


def _containers(spec: Json) -> tuple[ContainerSpec, ...]:
    found: list[ContainerSpec] = []
    for each in parts(spec, "initContainers"):
        stays = each.get("restartPolicy") == "Always"
        found.append(_container(each, "sidecar" if stays else "init"))
    found += [_container(each, "container") for each in parts(spec, "containers")]
    return tuple(found)


def _container(raw: Json, role: str) -> ContainerSpec:
    return ContainerSpec(
        name=raw["name"],
        role=role,
        image=raw.get("image") or "",
        command=words(raw, "command"),
        args=words(raw, "args"),
        env=tuple(_variable(each, raw["name"]) for each in parts(raw, "env")),
        ports=tuple(
            Port(
                p.get("name", ""),
                p["containerPort"],
                p.get("protocol") or "TCP",
                p.get("hostPort") or 0,
            )
            for p in parts(raw, "ports")
        ),
        probed=tuple(dict.fromkeys(_probed(raw))),
        mounts={m["mountPath"]: m["name"] for m in parts(raw, "volumeMounts")},
        requests=dict(pairs(raw, "resources", "requests")),
        limits=dict(pairs(raw, "resources", "limits")),
    )


def _probed(raw: Json) -> Iterator[str]:
    for kind in ("readinessProbe", "livenessProbe", "startupProbe"):
        for action in ("httpGet", "tcpSocket", "grpc"):
            if port := part(raw, kind, action).get("port"):
                yield str(port)


def _variable(raw: Json, container: str) -> Variable:
    source = part(raw, "valueFrom")
    via = f"env {term(raw['name'])} of container {container}"
    for field, kind in (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")):
        if ref := source.get(field):
            return Variable(raw["name"], source=_reference(kind, ref, via))
    return Variable(raw["name"], str(raw.get("value") or ""))


def _reference(kind: str, ref: Json, via: str, name: str = "name") -> Reference:
    return Reference(
        kind, ref.get(name) or "", via, ref.get("key") or "", bool(ref.get("optional"))
    )


def _references(spec: Json) -> Iterator[Reference]:
    for container in (*parts(spec, "initContainers"), *parts(spec, "containers")):
        for source in parts(container, "envFrom"):
            for field, kind in (("configMapRef", "ConfigMap"), ("secretRef", "Secret")):
                if ref := source.get(field):
                    yield _reference(kind, ref, f"envFrom of container {container['name']}")
        for each in parts(container, "env"):
            if source := _variable(each, container["name"]).source:
                yield source
    for volume in parts(spec, "volumes"):
        yield from _mounted(volume)
    for secret in parts(spec, "imagePullSecrets"):
        yield Reference("Secret", secret.get("name") or "", "imagePullSecrets", optional=True)


def _mounted(volume: Json) -> Iterator[Reference]:
    via = f"volume {volume['name']}"
    sources = [volume, *parts(volume, "projected", "sources")]
    for source in sources:
        if config := source.get("configMap"):
            yield from _keys("ConfigMap", config, via, "name")
        if secret := source.get("secret"):
            yield from _keys("Secret", secret, via, "secretName" if source is volume else "name")
    if claim := volume.get("persistentVolumeClaim"):
        yield _reference("PersistentVolumeClaim", claim, via, "claimName")
    if "ephemeral" in volume:
        yield Reference("PersistentVolumeClaim", "", via)


def _keys(kind: str, ref: Json, via: str, name: str) -> Iterator[Reference]:
    """The whole object, or the keys of it that a volume asks for."""
    items = parts(ref, "items")
    optional = bool(ref.get("optional"))
    if not items:
        yield Reference(kind, ref.get(name) or "", via, "", optional)
    for item in items:
        yield Reference(kind, ref.get(name) or "", via, item["key"], optional)


def _source(volume: Json) -> str:
    """The kind of a volume's source, as the API names the field."""
    return next((field for field in sorted(volume) if field != "name"), "emptyDir")
