"""Services whose ports no container behind them opens."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fivetabs.core import Found, Severity, rule
from fivetabs.providers.kubernetes.rules.naming import listed, noted, used_by
from fivetabs.providers.kubernetes.shapes.configs import ConfigMap
from fivetabs.providers.kubernetes.shapes.mistakes import Doubt, doubt_of
from fivetabs.providers.kubernetes.shapes.needs import needs_of
from fivetabs.providers.kubernetes.shapes.services import Service, ServicePort
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot
from fivetabs.providers.kubernetes.shapes.specs import Port
from fivetabs.providers.kubernetes.shapes.usage import uses_of
from fivetabs.providers.kubernetes.shapes.wiring import User


@dataclass(frozen=True, slots=True)
class _Door:
    """A Service with the workloads behind it and the ports that their containers declare."""

    service: Service
    users: tuple[User, ...]
    declared: tuple[Port, ...]

    @property
    def whose(self) -> str:
        """The workloads, in words."""
        return listed((user.owner for user in self.users), 2)


@rule("K8S666", Severity.CRITICAL, basic=True)
def target_name_unknown(snapshot: Snapshot) -> Iterator[Found]:
    """A Service's target port is a name that no container behind it gives to a port.

    Name the container's port so, or let the Service target the name or number that is there.
    """
    for door in _doors(snapshot):
        for port in door.service.ports:
            named = not port.target.isdecimal()
            if named and not any(port.target == each.name for each in door.declared):
                yield _found(snapshot, door, port, _declares(door), critical=True)


@rule("K8S667", Severity.CRITICAL, basic=True)
def target_not_open(snapshot: Snapshot) -> Iterator[Found]:
    """A Service sends to a port on which nothing behind it listens, as far as all else tells.

    Let the Service target a port on which the containers listen.
    """
    for door in _doors(snapshot):
        for port in _undeclared(snapshot, door):
            if why := _borne_out(snapshot, door, port):
                yield _found(snapshot, door, port, f"{_declares(door)}; {why}", critical=True)


@rule("K8S668", Severity.INFO, basic=True)
def target_doubtful(snapshot: Snapshot) -> Iterator[Found]:
    """A Service leads to a port that nothing behind it speaks of; something may listen there.

    See on which port the program listens, and let the Service target that.
    """
    for door in _doors(snapshot):
        for port in _undeclared(snapshot, door):
            if not _borne_out(snapshot, door, port):
                yield _found(snapshot, door, port, _declares(door), critical=False)


def _borne_out(snapshot: Snapshot, door: _Door, port: ServicePort) -> str:
    """What else says that a target port is wrong; empty where nothing does.

    A declared port is a note and not needed: without another sign the program may well listen
    where the Service sends.
    """
    if not any(each.ready for each in snapshot.endpoints(door.service)):
        return ""  # Then the pods themselves are the matter.
    probed = {p for user in door.users for c in user.spec.mains for p in c.probed}
    for each in door.declared:
        meant = each.number == port.number or (each.name and each.name == port.name)
        if meant and not {str(each.number), each.name}.isdisjoint(probed):
            return f"the one it is named for, {each.number}, is probed and answers"
        if meant and any(_speaks_of(snapshot, user, str(each.number)) for user in door.users):
            return f"the one it is named for, {each.number}, is also in their own settings"
    for need in snapshot.once(needs_of):
        asked = need.service is door.service and need.wire.address.reached in {0, port.number}
        if asked and doubt_of(snapshot, need.wire) is not Doubt.QUIET:
            return f"{need.wire.user.owner}, which is told to use it, does not reach it"
    return ""


def _found(
    snapshot: Snapshot, door: _Door, port: ServicePort, instead: str, *, critical: bool
) -> Found:
    service = door.service
    told = f"Service {service.place} sends port {port} to target port {port.target}"
    used = uses_of(snapshot).get((service.namespace, service.name), ()) if critical else ()
    return Found(
        service.subject(snapshot.context),
        f"{told}, which no container of {door.whose} has: {instead}{used_by(used)}",
        (noted(f"port: {port.number}, targetPort: {port.target}", f"Service {service.name} spec"),),
        fold=f"{service.place}|{port.number}",
    )


def _declares(door: _Door) -> str:
    ports = [
        f"{each.number}"
        + (f" ({each.name})" if each.name else "")
        + (f"/{each.protocol}" if each.protocol != "TCP" else "")
        for each in door.declared
    ]
    if ports:
        return f"they declare {listed(dict.fromkeys(ports))}"
    probed = (p for user in door.users for c in user.spec.mains for p in c.probed)
    return f"they declare none, and their probes ask {listed(dict.fromkeys(probed))}"


def _doors(snapshot: Snapshot) -> Iterator[_Door]:
    """Services that choose workloads which should run, and send to ports of theirs."""
    for service in snapshot.all(Service):
        users = tuple(user for user in snapshot.chosen(service) if not user.idle)
        if users and not service.deleted:
            declared = (p for user in users for c in user.spec.mains for p in c.ports)
            yield _Door(service, users, tuple(dict.fromkeys(declared)))


def _undeclared(snapshot: Snapshot, door: _Door) -> Sequence[ServicePort]:
    """Ports by number that nothing speaks of: neither a declaration, nor a probe, nor a setting."""
    if door.service.headless:
        return ()  # A headless Service is a name for pods; its ports redirect nothing.
    probed = {p for user in door.users for c in user.spec.mains for p in c.probed}
    if not door.declared and not any(each.isdecimal() for each in probed):
        return ()
    open_ = {(str(each.number), each.protocol) for each in door.declared}
    return [
        port
        for port in door.service.ports
        if port.target.isdecimal()
        and (port.target, port.protocol) not in open_
        and port.target not in probed
        and not any(_speaks_of(snapshot, user, port.target) for user in door.users)
    ]


def _speaks_of(snapshot: Snapshot, user: User, number: str) -> bool:
    """Whether arguments, variables or files of a user hold the number as one word."""
    word = re.compile(rf"(?<!\d){number}(?!\d)")
    texts: list[str] = []
    for each in user.spec.containers:
        texts += (*each.command, *each.args, *(variable.value for variable in each.env))
    for reference in user.spec.references:
        config = snapshot.find(ConfigMap, user.namespace, reference.name)
        if reference.kind == "ConfigMap" and config:
            texts += config.data.values()
    return any(word.search(text) for text in texts)
