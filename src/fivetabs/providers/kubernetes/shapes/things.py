"""What every object of the API has: its name, its age, its labels and who owns it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from fivetabs.core import Subject
from fivetabs.providers.kubernetes.port import Json, Resource
from fivetabs.providers.kubernetes.shapes.fields import pairs, words
from fivetabs.providers.kubernetes.shapes.owners import Owner, parse_controller
from fivetabs.providers.kubernetes.shapes.times import parse_when

T = TypeVar("T", bound="Thing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """An object of the API. `KIND` is its class's; `namespace` is empty where it has none."""

    KIND: ClassVar[str] = ""

    namespace: str
    name: str
    uid: str
    created: datetime | None
    deleted: datetime | None
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    finalizers: tuple[str, ...]
    owner: Owner | None

    @property
    def place(self) -> str:
        """`shop/orders-db`, or the bare name of what is in no namespace."""
        return f"{self.namespace}/{self.name}" if self.namespace else self.name

    @property
    def told(self) -> str:
        """`Service shop/orders-db`, as sentences name it."""
        return f"{self.KIND} {self.place}"

    def subject(self, context: str) -> Subject:
        """Its identity in the cluster of this context."""
        return subject_of(context, self.KIND, self.namespace, self.name)


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """A kind that is listed whole, and how one of its objects is read."""

    resource: Resource
    shape: type[T]
    parse: Callable[[Json], T]


def subject_of(context: str, kind: str, namespace: str, name: str) -> Subject:
    """The identity of an object."""
    where = (namespace,) if namespace else ()
    return Subject("k8s", context, (*where, kind, name))


def head_of(raw: Json) -> dict[str, Any]:
    """The fields that a `Thing` has, from an object's metadata."""
    meta = raw["metadata"]
    return {
        "namespace": meta.get("namespace", ""),
        "name": meta["name"],
        "uid": meta.get("uid", ""),
        "created": parse_when(meta.get("creationTimestamp")),
        "deleted": parse_when(meta.get("deletionTimestamp")),
        "labels": dict(pairs(meta, "labels")),
        "annotations": dict(pairs(meta, "annotations")),
        "finalizers": words(meta, "finalizers"),
        "owner": parse_controller(meta),
    }
