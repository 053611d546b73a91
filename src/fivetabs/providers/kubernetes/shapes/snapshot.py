"""The cluster as it was read once: everything that the diagnosis rests on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import TypeVar, cast

from fivetabs.core import Subject
from fivetabs.providers.kubernetes.shapes.cases import PodCase, WorkloadCase
from fivetabs.providers.kubernetes.shapes.controllers import CONTROLLERS, Controller
from fivetabs.providers.kubernetes.shapes.events import Event
from fivetabs.providers.kubernetes.shapes.owners import Owner
from fivetabs.providers.kubernetes.shapes.tables import PodRow, Row
from fivetabs.providers.kubernetes.shapes.things import Thing, subject_of

T = TypeVar("T", bound=Thing)
Shelf = tuple[Thing, ...]


@dataclass(frozen=True)
class Snapshot:
    """What was read, of one namespace or (empty `namespace`) of all.

    `pods` are all pods as kubectl prints them; `cases` the suspects among them, read whole.
    `sets` are the ReplicaSets as printed. `warnings` are the Warning events, folded, newest first.
    `shelves` hold every other kind; one that is not among them was not read, and of what it might
    hold nothing may be said (`knows`). `wide` are those read of all namespaces in any case.
    `missing` says what was not read, and why.
    """

    context: str
    now: datetime
    grace: timedelta
    namespace: str = ""
    pods: tuple[PodRow, ...] = ()
    cases: tuple[PodCase, ...] = ()
    shortages: tuple[WorkloadCase, ...] = ()
    sets: tuple[Row, ...] = ()
    warnings: tuple[Event, ...] = ()
    shelves: Mapping[type[Thing], Shelf] = field(default_factory=dict[type[Thing], Shelf])
    wide: frozenset[type[Thing]] = frozenset()
    missing: tuple[str, ...] = ()

    def all(self, kind: type[T]) -> tuple[T, ...]:
        """Every object of a kind, by namespace and name; none when it was not read."""
        return cast("tuple[T, ...]", self.shelves.get(kind, ()))

    def knows(self, kind: type[Thing], namespace: str = "") -> bool:
        """Whether the kind was read, and in this namespace: only then may something be absent."""
        near = not namespace or self.namespace in {"", namespace} or kind in self.wide
        return kind in self.shelves and near

    def find(self, kind: type[T], namespace: str, name: str) -> T | None:
        """One object; None when it is not there or was not read."""
        return cast("T | None", self._index.get((kind, namespace, name)))

    def subject(self, kind: str, namespace: str, name: str) -> Subject:
        """The identity of an object of this cluster."""
        return subject_of(self.context, kind, namespace, name)

    @cached_property
    def controllers(self) -> tuple[Controller, ...]:
        """Every workload that makes pods, of all kinds that were read."""
        return tuple(each for kind in CONTROLLERS for each in self.all(kind))

    @cached_property
    def homes(self) -> Mapping[str, tuple[PodRow, ...]]:
        """The pods of each namespace."""
        found: dict[str, list[PodRow]] = {}
        for row in self.pods:
            found.setdefault(row.namespace, []).append(row)
        return {namespace: tuple(rows) for namespace, rows in found.items()}

    def controller(self, namespace: str, owner: Owner | None) -> Controller | None:
        """The workload that an owner names, where it was read."""
        if owner is None:
            return None
        kinds = (kind for kind in CONTROLLERS if owner.kind == kind.KIND)
        return next((self.find(kind, namespace, owner.name) for kind in kinds), None)

    @cached_property
    def _index(self) -> Mapping[tuple[type[Thing], str, str], Thing]:
        return {
            (kind, each.namespace, each.name): each
            for kind, shelf in self.shelves.items()
            for each in shelf
        }
