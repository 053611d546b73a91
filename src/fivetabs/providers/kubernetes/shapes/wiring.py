"""What a workload's own configuration says it talks to, and which Service that means."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from fivetabs.core import term
from fivetabs.providers.kubernetes.shapes.addresses import (
    Address,
    addresses_in,
    addresses_of,
    addresses_within,
)
from fivetabs.providers.kubernetes.shapes.configs import ConfigMap
from fivetabs.providers.kubernetes.shapes.owners import Owner
from fivetabs.providers.kubernetes.shapes.specs import ContainerSpec, PodSpec, Reference

Find = Callable[[str, str], ConfigMap | None]
_LOCAL = frozenset({"localhost", "127.0.0.1", "0.0.0.0", "host.docker.internal"})  # noqa: S104
_TWO, _THREE = 2, 3


@dataclass(frozen=True, slots=True)
class User:
    """A workload, or a pod without one, and what its pods are made like.

    `idle`: it is meant to have no pods now.
    """

    namespace: str
    owner: Owner
    spec: PodSpec
    idle: bool = False

    @property
    def key(self) -> str:
        """What tells it from all other users."""
        return f"{self.namespace}/{self.owner}"


@dataclass(frozen=True, slots=True)
class Wire:
    """An address that a user's configuration names, and where.

    `config` is the ConfigMap whose text it stands in, empty when the pod template itself says it.
    """

    user: User
    address: Address
    via: str
    config: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """The Service that a host name means inside the cluster; `pod` of a headless one."""

    namespace: str
    service: str
    pod: str = ""


def wires_of(user: User, find: Find) -> Iterator[Wire]:
    """Every address that the templates, and the ConfigMaps they name, hold; each once."""
    seen: set[tuple[Address, str]] = set()
    for wire in _all(user, find):
        key = (wire.address, wire.config)
        if wire.address.host not in _LOCAL and key not in seen:
            seen.add(key)
            yield wire


def _all(user: User, find: Find) -> Iterator[Wire]:
    for container in user.spec.containers:
        yield from _variables(user, container, find)
        text = " ".join((*container.command, *container.args))
        for address in addresses_in(text):
            yield Wire(user, address, f"arguments of container {container.name}")
    for reference in user.spec.references:
        if reference.kind == "ConfigMap" and reference.via.startswith("volume"):
            yield from _text(user, reference, find)


def _variables(user: User, container: ContainerSpec, find: Find) -> Iterator[Wire]:
    own = {each.name: each.value for each in container.env if each.source is None}
    for name, value in own.items():
        for address in addresses_of(name, value, own):
            yield Wire(user, address, f"env {term(name)} of container {container.name}")
    for each in container.env:
        source = each.source
        if source is not None and source.kind == "ConfigMap":
            config = find(user.namespace, source.name)
            data = config.data if config else dict[str, str]()
            via = f"key {term(source.key)} of ConfigMap {term(source.name)}, env {term(each.name)}"
            for address in addresses_of(each.name, data.get(source.key, ""), data):
                yield Wire(user, address, via, source.name)
    for reference in user.spec.references:
        if reference.via == f"envFrom of container {container.name}":
            yield from _whole(user, reference, find)


def _whole(user: User, reference: Reference, find: Find) -> Iterator[Wire]:
    config = find(user.namespace, reference.name) if reference.kind == "ConfigMap" else None
    data = config.data if config else dict[str, str]()
    for key, value in data.items():
        for address in addresses_of(key, value, data):
            yield Wire(user, address, f"key {key} of ConfigMap {reference.name}", reference.name)


def _text(user: User, reference: Reference, find: Find) -> Iterator[Wire]:
    config = find(user.namespace, reference.name)
    for key, text in config.data.items() if config else ():
        if reference.key in {"", key}:
            for address, line in addresses_within(text):
                via = f"key {key} of ConfigMap {reference.name}, line {line}"
                yield Wire(user, address, via, reference.name)


def place_of(
    host: str, namespace: str, services: Mapping[tuple[str, str], object], spaces: frozenset[str]
) -> Place | None:
    """The Service that a pod of `namespace` reaches by this name; None: not in this cluster.

    The forms are those of the cluster's DNS (`name`, `name.ns`, `name.ns.svc[.domain]`, and
    `pod.name...` of headless ones) and the variables that kubelets set (`$NAME` here).
    """
    if host.startswith("$"):
        return _by_variable(host[1:], namespace, services)
    pieces = host.split(".")
    if "svc" in pieces[2:]:
        at = pieces.index("svc", 2)
        return Place(pieces[at - 1], pieces[at - 2], ".".join(pieces[: at - 2]))
    if len(pieces) == 1:
        return Place(namespace, host)
    return _by_search(pieces, namespace, services, spaces)


def _by_search(
    pieces: list[str],
    namespace: str,
    services: Mapping[tuple[str, str], object],
    spaces: frozenset[str],
) -> Place | None:
    """`pod.service`, `service.namespace` or `pod.service.namespace`, if there is such a thing."""
    if (namespace, pieces[1]) in services and len(pieces) == _TWO:
        return Place(namespace, pieces[1], pieces[0])
    if pieces[1] in spaces and len(pieces) == _TWO:
        return Place(pieces[1], pieces[0])
    if len(pieces) == _THREE and (pieces[2], pieces[1]) in services:
        return Place(pieces[2], pieces[1], pieces[0])
    return None


def _by_variable(
    name: str, namespace: str, services: Mapping[tuple[str, str], object]
) -> Place | None:
    for space, service in services:
        if space == namespace and service.upper().replace("-", "_") == name:
            return Place(space, service)
    return None
