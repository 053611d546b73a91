"""What a container is given: names of variables, mounts and the user it runs as. Never values."""

from collections.abc import Mapping
from dataclasses import dataclass

from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.fields import part, parts, words

_SOURCES = (
    ("configMap", "name", "configMap"),
    ("secret", "secretName", "secret"),
    ("persistentVolumeClaim", "claimName", "persistentVolumeClaim"),
    ("hostPath", "path", "hostPath"),
)
_SIMPLE = ("runAsUser", "runAsGroup", "runAsNonRoot", "readOnlyRootFilesystem")


@dataclass(frozen=True, slots=True)
class Mount:
    """Where something is mounted, and what it is: `configMap/settings`, `emptyDir`.

    `items` are the only keys that are mounted, where the volume chooses some.
    """

    path: str
    source: str
    read_only: bool = False
    items: tuple[str, ...] = ()

    def holds(self, path: str) -> bool:
        """Whether a path lies in it."""
        here = self.path.rstrip("/")
        return path == here or path.startswith(f"{here}/")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A container's variables by name, whole sources of variables, mounts and security settings."""

    variables: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    mounts: tuple[Mount, ...] = ()
    security: Mapping[str, str] | None = None

    def setting(self, name: str) -> str:
        """A security setting as it was written; empty where it was not."""
        return (self.security or {}).get(name, "")

    def mount_of(self, path: str) -> Mount | None:
        """The innermost mount that a path lies in."""
        around = [each for each in self.mounts if each.holds(path)]
        return max(around, key=lambda m: len(m.path), default=None)


def parse_surroundings(pod_spec: Json, container: Json) -> Surroundings:
    """What a container of a pod is given."""
    volumes = {each["name"]: each for each in parts(pod_spec, "volumes")}
    return Surroundings(
        variables=tuple(each["name"] for each in parts(container, "env")),
        sources=tuple(_bulk(each) for each in parts(container, "envFrom")),
        mounts=tuple(_mount(each, volumes) for each in parts(container, "volumeMounts")),
        security=_security(part(pod_spec, "securityContext"), part(container, "securityContext")),
    )


def _bulk(source: Json) -> str:
    for kind in ("configMap", "secret"):
        if found := source.get(f"{kind}Ref"):
            return f"{kind}/{found.get('name', '')}"
    return "unknown"


def _mount(raw: Json, volumes: Mapping[str, Json]) -> Mount:
    volume = volumes.get(raw.get("name", ""), {})
    for kind, field, word in _SOURCES:
        if told := volume.get(kind):
            source = f"{word}/{told.get(field, '')}"
            keys = tuple(item.get("path") or item.get("key", "") for item in parts(told, "items"))
            return Mount(raw["mountPath"], source, bool(raw.get("readOnly")), keys)
    kind = next((each for each in volume if each != "name"), "volume")
    return Mount(raw["mountPath"], kind, bool(raw.get("readOnly")))


def _security(pod: Json, container: Json) -> Mapping[str, str]:
    merged = {**pod, **container}
    found = {name: str(merged[name]).lower() for name in _SIMPLE if merged.get(name) is not None}
    if dropped := words(container, "capabilities", "drop"):
        found["drop"] = ", ".join(dropped)
    return found
