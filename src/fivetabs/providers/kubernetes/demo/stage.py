"""The things of the demo cluster, as its controllers see and move them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from types import MappingProxyType

from fivetabs.providers.kubernetes.port import READS, Json, Resource, path_to
from fivetabs.providers.kubernetes.shapes.fields import part, parts

_CODE = str.maketrans("01aeiou3", "bcdfghjk")  # generated names have no vowels and no 0, 1, 3
PAGES: Mapping[str, Resource] = MappingProxyType(
    {each.kind: each for each in READS if not each.subresource}
)
Logs = dict[tuple[str, str, bool], str]


@dataclass(frozen=True, slots=True)
class Stage:
    """Objects by path and logs by pod, container and whether of the run before, at a time."""

    objects: dict[str, Json]
    logs: Logs
    now: datetime

    def put(self, raw: Json) -> None:
        """Create an object, or put it in the place of the former one."""
        self.objects[place_of(raw)] = raw

    def drop(self, raw: Json) -> None:
        """Delete an object."""
        del self.objects[place_of(raw)]

    def all(self, kind: str, namespace: str) -> Iterator[Json]:
        """The objects of a kind in a namespace, by name."""
        for _, raw in sorted(self.objects.items()):
            if raw["kind"] == kind and raw["metadata"].get("namespace", "") == namespace:
                yield raw

    def owned(self, kind: str, owner: Json) -> list[Json]:
        """The objects of a kind that another one owns."""
        uid, namespace = owner["metadata"]["uid"], owner["metadata"]["namespace"]
        every = self.all(kind, namespace)
        return [
            e
            for e in every
            if any(r["uid"] == uid for r in parts(e["metadata"], "ownerReferences"))
        ]


def place_of(raw: Json) -> str:
    """The path of an object."""
    head = raw["metadata"]
    return path_to(PAGES[raw["kind"]], head.get("namespace", ""), head["name"])


def code(text: str, length: int) -> str:
    """A name as generated names end, the same for the same text."""
    return sha256(text.encode()).hexdigest()[:length].translate(_CODE)


def owner_of(raw: Json) -> list[Json]:
    """The owner references of what this object makes."""
    head = raw["metadata"]
    about = {"apiVersion": raw["apiVersion"], "kind": raw["kind"], "name": head["name"]}
    return [{**about, "uid": head["uid"], "controller": True}]


def is_ready(raw: Json) -> bool:
    """Whether a pod or a node says that it is."""
    conditions = parts(part(raw, "status"), "conditions")
    return any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)
