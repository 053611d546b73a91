"""Addresses in configuration that cannot work, measured against the Services that exist."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from fivetabs.core import Subject, near
from fivetabs.providers.kubernetes.shapes.links import who
from fivetabs.providers.kubernetes.shapes.machines import Namespace, Node
from fivetabs.providers.kubernetes.shapes.needs import Need, heard, needs_of, own
from fivetabs.providers.kubernetes.shapes.services import Service, ServicePort
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot
from fivetabs.providers.kubernetes.shapes.specs import PodSpec
from fivetabs.providers.kubernetes.shapes.spoken import about_network, names_host
from fivetabs.providers.kubernetes.shapes.wiring import User, Wire

_TLS_PORTS = frozenset({443, 8443, 9443})
_SLIP = 0.8
_RUNS = frozenset({"Job", "CronJob"})  # these come to an end, and serve nobody


class Doubt(StrEnum):
    """How far the user's own pods bear a mistake out."""

    NAMED = "named"  # They fail, and their last words name the host.
    LIKELY = "likely"  # They fail, and nothing they say speaks against it.
    QUIET = "quiet"  # They are well, or fail for something else.


class Sort(StrEnum):
    """What is wrong about an address."""

    NAME = "name"
    PORT = "port"
    PROTOCOL = "protocol"


@dataclass(frozen=True, slots=True)
class Mistake:
    """An address that cannot work; `what` says why, in this case's names."""

    need: Need
    sort: Sort
    what: str
    doubt: Doubt

    @property
    def hits(self) -> bool:
        """Whether the user fails of it."""
        return self.doubt is not Doubt.QUIET

    def subject(self, snapshot: Snapshot) -> Subject:
        """Where it is written: a ConfigMap, or the workload's own template."""
        wire = self.need.wire
        if wire.config:
            return snapshot.subject("ConfigMap", wire.user.namespace, wire.config)
        return who(snapshot, wire.user)


def mistakes_of(snapshot: Snapshot) -> Iterator[Mistake]:
    """Every mistake in the configuration of what should run."""
    nodes = frozenset(node.name for node in snapshot.all(Node))
    for need in snapshot.once(needs_of):
        wire = need.wire
        if wire.user.idle or _elsewhere_resolved(wire, nodes):
            continue
        doubt = doubt_of(snapshot, wire)
        if need.service is None:
            what = _unknown(snapshot, need, doubt)
            if what:
                yield Mistake(need, Sort.NAME, what, doubt)
        elif not need.place.pod and not own(snapshot, wire):
            yield from _wrong_port(need, need.service, doubt)


def _elsewhere_resolved(wire: Wire, nodes: frozenset[str]) -> bool:
    """Names that the cluster's DNS is not asked for."""
    spec = wire.user.spec
    return bool(elsewhere_resolved(spec)) or wire.address.host in {*spec.aliases, *nodes}


def elsewhere_resolved(spec: PodSpec) -> str:
    """The setting by which a pod does not ask the cluster's DNS; empty where it does."""
    policy = spec.raw.get("dnsPolicy")
    if policy in {"Default", "None"}:
        return f"dnsPolicy: {policy}"
    if spec.host_network and policy != "ClusterFirstWithHostNet":
        return "hostNetwork: true without dnsPolicy ClusterFirstWithHostNet"
    return ""


@dataclass(frozen=True, slots=True)
class Stray:
    """A Service that is named to pods which look names up on their node or elsewhere, and `how`."""

    need: Need
    how: str
    hits: bool


def strays_of(snapshot: Snapshot) -> Iterator[Stray]:
    """Names of Services told to pods that do not ask the cluster's DNS.

    On the node's network, or with resolvers of their own, only where they fail over names.
    """
    for need in snapshot.once(needs_of):
        user, host = need.wire.user, need.wire.address.host
        how = elsewhere_resolved(user.spec)
        known = host.startswith("$") or host in user.spec.aliases
        address = host.replace(".", "").isdecimal()
        if user.idle or need.service is None or not how or known or address:
            continue
        hit = doubt_of(snapshot, need.wire) is not Doubt.QUIET
        if hit or how == "dnsPolicy: Default":
            yield Stray(need, how, hit)


def doubt_of(snapshot: Snapshot, wire: Wire) -> Doubt:
    """How far the pods of a wire's user bear out that it does not work."""
    failing = snapshot.failing(wire.user)
    words = [line for case in failing for line in heard(case)]
    if any(names_host(line, wire.address.host) for line in words):
        return Doubt.NAMED
    ran = any(each.state.word for case in failing for each in case.pod.containers)
    waits = all(case.pod.phase == "Pending" for case in failing)
    if not failing or waits or not ran or (words and not about_network(words)):
        return Doubt.QUIET
    return Doubt.LIKELY


def _unknown(snapshot: Snapshot, need: Need, doubt: Doubt) -> str:
    """Why a name means nothing; empty where it may well be meant so."""
    place = need.place
    if snapshot.knows(Namespace) and place.namespace not in snapshot.spaces:
        meant = near(place.namespace, snapshot.spaces)
        return f"there is no namespace {place.namespace}" + _instead(meant)
    services = snapshot.all(Service)
    elsewhere = [each.namespace for each in services if each.name == place.service]
    gone = f"there is no Service {place.service} in {place.namespace}"
    if elsewhere:
        return f"{gone}; it is in {', '.join(elsewhere[:3])}"
    for user in snapshot.users:
        same = (user.namespace, user.owner.name) == (place.namespace, place.service)
        if same and not user.idle and user.owner.kind not in _RUNS:
            return f"{gone}; {user.owner} is there, without one"
    names = [each.name for each in services if each.namespace == place.namespace]
    close = near(place.service, names)
    if doubt is Doubt.QUIET:
        close = tuple(each for each in close if _slip(each, place.service))
    if close or doubt is Doubt.NAMED:
        return gone + _instead(close)
    return ""


def _instead(names: tuple[str, ...]) -> str:
    return f"; there is {' and '.join(names[:2])}" if names else ""


def _slip(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other).ratio() >= _SLIP


def _wrong_port(need: Need, service: Service, doubt: Doubt) -> Iterator[Mistake]:
    address = need.wire.address
    if service.external or not service.ports or not address.reached:
        return
    port = next((each for each in service.ports if each.number == address.reached), None)
    if port is None and not service.headless:
        have = ", ".join(map(str, service.ports))
        told = address.reached if address.port else f"{address.reached} (of {address.scheme})"
        what = f"Service {service.place} has no port {told}; it has {have}"
        yield Mistake(need, Sort.PORT, what, doubt)
    elif port is not None and (what := _protocol(address.scheme, port)):
        yield Mistake(need, Sort.PROTOCOL, f"port {port} of Service {service.place} {what}", doubt)


def _protocol(scheme: str, port: ServicePort) -> str:
    """What contradicts a scheme: the port's own protocol or name, or its well-known number."""
    named = (port.app_protocol or port.name.partition("-")[0]).lower()
    secure = named == "https" or (named != "http" and port.number in _TLS_PORTS)
    plain = named == "http" or (named != "https" and port.number == 80)  # noqa: PLR2004  (HTTP's)
    if scheme == "http" and secure:
        return "speaks https, not http"
    if scheme == "https" and plain:
        return "speaks http, not https"
    return ""


def guilty(snapshot: Snapshot) -> frozenset[tuple[str, str, str]]:
    """Workloads whose own template holds a mistake they fail of: namespace, kind and name.

    Their pods fail because of them, so the link between the two is turned round.
    """
    found: set[tuple[str, str, str]] = set()
    for mistake in snapshot.once(mistakes_of):
        user: User = mistake.need.wire.user
        if mistake.hits and not mistake.need.wire.config:
            found.add((user.namespace, user.owner.kind, user.owner.name))
    for stray in snapshot.once(strays_of):
        if stray.hits:
            user = stray.need.wire.user
            found.add((user.namespace, user.owner.kind, user.owner.name))
    return frozenset(found)
