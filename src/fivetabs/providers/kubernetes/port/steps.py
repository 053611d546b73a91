"""What can be done to a cluster: roll the pods of a workload, or write exactly these fields."""

from dataclasses import dataclass
from typing import Any

from fivetabs.core import Denied
from fivetabs.providers.kubernetes.port.paths import path_to
from fivetabs.providers.kubernetes.port.resources import CHANGES, RESTARTABLE, Resource

Json = dict[str, Any]

FIELDS = ("spec", "data", "binaryData", "immutable", "metadata/labels", "metadata/annotations")
"""All of an object that may be written, as JSON pointers without their first slash."""


@dataclass(frozen=True, slots=True)
class Restart:
    """Roll the pods of one workload, as `kubectl rollout restart` does.

    `uid` and `template` (a digest of the pod template) say which workload, in which form, was
    looked at. What moves by itself (resourceVersion, the time) is read when it is carried out.
    """

    kind: str
    namespace: str
    name: str
    uid: str
    template: str


@dataclass(frozen=True, slots=True)
class Fact:
    """What stands at a JSON pointer (RFC 6901), by its digest; an empty one: nothing does."""

    pointer: str
    was: str


@dataclass(frozen=True, slots=True)
class Field:
    """One field: what stood there, by its digest, and the JSON text that is to; empty: nothing."""

    pointer: str
    was: str
    value: str


@dataclass(frozen=True, slots=True)
class Edit:
    """Write these fields of one object, one after the other, all of them or none.

    `uid`, what stood in each field, and `held` (what else has to be as it was, so that an index of
    a list means the element that was looked at) say which object, in which form, was looked at.
    Former values are digests, so that no secret and no foreign text is part of a step.
    """

    kind: str
    namespace: str
    name: str
    uid: str
    changes: tuple[Field, ...]
    held: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A patch that can only be tried out. `patch` is JSON text.

    `merge`: it is a strategic merge patch, else a JSON Patch (RFC 6902).
    """

    kind: str
    namespace: str
    name: str
    patch: str
    merge: bool


Step = Restart | Edit


def changeable(kind: str) -> Resource:
    """The kind, if objects of it may be changed.

    Raises:
        Denied: If they may not.
    """
    for resource in CHANGES:
        if resource.kind == kind:
            return resource
    raise Denied(f"{kind} is not among what this server changes")


def path_of(step: Step | Draft) -> str:
    """The path of the object that a step changes.

    Raises:
        Denied: If the step would change what may not be changed: another kind, or another field.
    """
    resource = changeable(step.kind)
    if isinstance(step, Restart) and resource not in RESTARTABLE:
        raise Denied(f"a {step.kind} is not restarted")
    for each in step.changes if isinstance(step, Edit) else ():
        if not writable(each.pointer):
            raise Denied(f"{each.pointer} is not among the fields this server writes")
    return path_to(resource, step.namespace, step.name)


def writable(pointer: str) -> bool:
    """Whether a JSON pointer names one of `FIELDS`, or something in it."""
    return any(f"{pointer}/".startswith(f"/{each}/") for each in FIELDS)
