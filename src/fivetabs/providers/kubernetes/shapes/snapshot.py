"""The cluster as it was read once: everything that the diagnosis rests on."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar, cast

from fivetabs.core import Finding, Subject
from fivetabs.providers.kubernetes.shapes.cases import PodCase, WorkloadCase
from fivetabs.providers.kubernetes.shapes.configs import ConfigMap
from fivetabs.providers.kubernetes.shapes.controllers import CONTROLLERS, Controller
from fivetabs.providers.kubernetes.shapes.events import Event
from fivetabs.providers.kubernetes.shapes.machines import Namespace
from fivetabs.providers.kubernetes.shapes.owners import Owner
from fivetabs.providers.kubernetes.shapes.services import Endpoint, EndpointSlice, Service
from fivetabs.providers.kubernetes.shapes.tables import PodRow, Row
from fivetabs.providers.kubernetes.shapes.things import Thing, subject_of
from fivetabs.providers.kubernetes.shapes.wiring import Place, User, Wire, place_of, wires_of

T = TypeVar("T", bound=Thing)
R = TypeVar("R")
Shelf = tuple[Thing, ...]


@dataclass(frozen=True)
class Snapshot:
    """What was read, of one namespace or (empty `namespace`) of all.

    `pods` are all pods as kubectl prints them; `cases` the suspects among them, read whole.
    `sets` are the ReplicaSets as printed. `warnings` are the Warning events, folded, newest first.
    `shelves` hold every other kind; one that is not among them was not read, and of what it might
    hold nothing may be said (`knows`). `wide` are those read of all namespaces in any case.
    `findings` are what the rules say of the suspects and the shortages. `missing` says what was not
    read, and why. `record`: it is no living cluster; `now` is then its own last sign.
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
    findings: tuple[Finding, ...] = ()
    missing: tuple[str, ...] = ()
    record: bool = False

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
    def users(self) -> tuple[User, ...]:
        """Whatever makes pods, and the suspect pods that nothing makes."""
        made = [
            User(each.namespace, Owner(each.KIND, each.name), each.pods, each.idle)
            for each in self.controllers
            if each.owner is None and not _over(each)
        ]
        alone = [
            User(case.pod.namespace, Owner("Pod", case.pod.name), case.pod.spec)
            for case in self.cases
            if case.pod.owner is None
        ]
        return (*made, *alone)

    @cached_property
    def wires(self) -> tuple[Wire, ...]:
        """Every address that the configuration of what makes pods names."""

        def find(namespace: str, name: str) -> ConfigMap | None:
            return self.find(ConfigMap, namespace, name)

        return tuple(wire for user in self.users for wire in wires_of(user, find))

    def place(self, host: str, namespace: str) -> Place | None:
        """The Service that a host name means to pods of a namespace; None: nothing in here."""
        if host in self._by_address:
            service = self._by_address[host]
            return Place(service.namespace, service.name)
        return place_of(host, namespace, self._services, self.spaces)

    @cached_property
    def spaces(self) -> frozenset[str]:
        """The names of the namespaces."""
        return frozenset(each.name for each in self.all(Namespace))

    def endpoints(self, service: Service) -> tuple[Endpoint, ...]:
        """What stands behind a Service: each pod or address once, though it has two families."""
        found: dict[tuple[str, ...], Endpoint] = {}
        for each in self.slices.get((service.namespace, service.name), ()):
            for endpoint in each.endpoints:
                found.setdefault((endpoint.pod,) if endpoint.pod else endpoint.addresses, endpoint)
        return tuple(found.values())

    @cached_property
    def slices(self) -> Mapping[tuple[str, str], tuple[EndpointSlice, ...]]:
        """The EndpointSlices of each Service, by namespace and name."""
        found: dict[tuple[str, str], list[EndpointSlice]] = {}
        for each in self.all(EndpointSlice):
            found.setdefault((each.namespace, each.service), []).append(each)
        return {place: tuple(several) for place, several in found.items()}

    def once(self, work: Callable[["Snapshot"], Iterable[R]]) -> tuple[R, ...]:
        """What a pure function makes of this snapshot, worked out the first time it is asked."""
        if work not in self._made:
            self._made[work] = tuple(work(self))
        return self._made[work]

    @cached_property
    def _made(self) -> dict[object, tuple[Any, ...]]:
        return {}

    def chosen(self, service: Service) -> tuple[User, ...]:
        """The users whose pods a Service selects."""
        return self._chosen.get((service.namespace, service.name), ())

    @cached_property
    def _chosen(self) -> Mapping[tuple[str, str], tuple[User, ...]]:
        return {
            (each.namespace, each.name): tuple(
                user
                for user in self._users_in.get(each.namespace, ())
                if each.selector.items() <= user.spec.labels.items()
            )
            for each in self.all(Service)
            if each.selector
        }

    @cached_property
    def sick(self) -> frozenset[str]:
        """The subjects of the findings, and those that fold under them."""
        return frozenset(each for f in self.findings for each in (f.subject, *f.symptoms))

    def failing(self, user: User) -> tuple[PodCase, ...]:
        """The pods of a user that a rule accuses."""
        return tuple(each for each in self.suspects(user) if str(each.subject) in self.sick)

    def suspects(self, user: User) -> tuple[PodCase, ...]:
        """The suspect pods of a user."""
        return self._suspects.get((user.namespace, user.owner), ())

    @cached_property
    def _users_in(self) -> Mapping[str, tuple[User, ...]]:
        found: dict[str, list[User]] = {}
        for user in self.users:
            found.setdefault(user.namespace, []).append(user)
        return {namespace: tuple(users) for namespace, users in found.items()}

    @cached_property
    def _suspects(self) -> Mapping[tuple[str, Owner], tuple[PodCase, ...]]:
        found: dict[tuple[str, Owner], list[PodCase]] = {}
        for case in sorted(self.cases, key=lambda c: (c.pod.namespace, c.pod.name)):
            owner = case.pod.owner or Owner("Pod", case.pod.name)
            found.setdefault((case.pod.namespace, owner), []).append(case)
        return {key: tuple(cases) for key, cases in found.items()}

    @cached_property
    def _services(self) -> Mapping[tuple[str, str], Service]:
        return {(each.namespace, each.name): each for each in self.all(Service)}

    @cached_property
    def _by_address(self) -> Mapping[str, Service]:
        return {each.address: each for each in self.all(Service) if each.address}

    @cached_property
    def _index(self) -> Mapping[tuple[type[Thing], str, str], Thing]:
        return {
            (kind, each.namespace, each.name): each
            for kind, shelf in self.shelves.items()
            for each in shelf
        }


def _over(controller: Controller) -> bool:
    """A Job that has come to its end."""
    ends = {"Complete", "Failed", "SuccessCriteriaMet", "FailureTarget"}
    conditions = controller.state.conditions
    return any(c.type in ends and c.status == "True" for c in conditions)
