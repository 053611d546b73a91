"""Whether NetworkPolicies let a workload reach what its configuration names.

As networking.k8s.io/v1 has it: a pod that no policy of a direction chooses is open in that
direction; else what any of them allows is allowed, and both ends must agree.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fivetabs.providers.kubernetes.shapes.machines import Namespace
from fivetabs.providers.kubernetes.shapes.needs import Need, needs_of, own
from fivetabs.providers.kubernetes.shapes.policies import Allowance, NetworkPolicy, Peer, Span
from fivetabs.providers.kubernetes.shapes.services import Service, ServicePort
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot
from fivetabs.providers.kubernetes.shapes.specs import PodSpec
from fivetabs.providers.kubernetes.shapes.wiring import Wire

_DNS = 53
_SYSTEM = "kube-system"
_DNS_LABEL = "k8s-app"
_DNS_NAME = "kube-dns"
_OWN_NAME = "kubernetes.io/metadata.name"


@dataclass(frozen=True, slots=True)
class End:
    """One end of a path: pods of a namespace, with the ports that they name."""

    namespace: str
    labels: Mapping[str, str]
    spec: PodSpec | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """A path that the policies of one end forbid; `what` names it, `side` is egress or ingress."""

    wire: Wire
    policies: tuple[NetworkPolicy, ...]
    side: str
    what: str


def cuts_of(snapshot: Snapshot) -> Iterator[Cut]:
    """Every path that configuration names and policies forbid, the asking end's first."""
    if not snapshot.all(NetworkPolicy) or not snapshot.knows(Namespace):
        return
    blind: set[str] = set()
    for wire in snapshot.wires:
        user = wire.user
        if not user.idle and user.key not in blind and (cut := _dns(snapshot, wire)):
            blind.add(user.key)
            yield cut
    for need in snapshot.once(needs_of):
        user, service = need.wire.user, need.service
        sees = not user.idle and user.key not in blind and not own(snapshot, need.wire)
        if service and sees:
            yield from _cut(snapshot, need, service)


def _cut(snapshot: Snapshot, need: Need, service: Service) -> Iterator[Cut]:
    user = need.wire.user
    source = End(user.namespace, user.spec.labels, user.spec)
    reached = need.wire.address.reached
    ports = [p for p in service.ports if p.number == reached or len(service.ports) == 1]
    for server in [each for each in snapshot.chosen(service) if not each.idle][:1]:
        target = End(server.namespace, server.spec.labels, server.spec)
        for port in ports[:1]:
            number = _number(server.spec, port)
            what = f"{server.owner} in {server.namespace} on port {number or port.target}"
            for side, here, there in (("egress", source, target), ("ingress", target, source)):
                policies = _choosing(snapshot, here, side)
                let = _lets(snapshot, policies, side, there)
                open_ = any(_covers(span, port.protocol, number, server.spec) for span in let)
                if policies and not open_:
                    yield Cut(need.wire, policies, side, what)
                    return


def _dns(snapshot: Snapshot, wire: Wire) -> Cut | None:
    """Whether the pods of a user may not ask for names at all, though they are told some."""
    user, host = wire.user, wire.address.host
    if host.replace(".", "").isdecimal() or host.startswith("$"):
        return None
    here = End(user.namespace, user.spec.labels, user.spec)
    policies = _choosing(snapshot, here, "egress")
    there = End(_SYSTEM, {_DNS_LABEL: _DNS_NAME})
    if not policies:
        return None
    for span in _lets(snapshot, policies, "egress", there):
        if _covers(span, "UDP", _DNS, None) or _covers(span, "TCP", _DNS, None):
            return None
    return Cut(wire, policies, "egress", "the cluster's DNS on port 53, so no name resolves")


def _choosing(snapshot: Snapshot, end: End, side: str) -> tuple[NetworkPolicy, ...]:
    """The policies of a direction that choose these pods; none for pods on their node's network."""
    if end.spec is not None and end.spec.host_network:
        return ()
    return tuple(
        each
        for each in snapshot.all(NetworkPolicy)
        if each.namespace == end.namespace
        and _rules(each, side) is not None
        and each.pods.chooses(end.labels)
    )


def _rules(policy: NetworkPolicy, side: str) -> tuple[Allowance, ...] | None:
    return policy.egress if side == "egress" else policy.ingress


def _lets(
    snapshot: Snapshot, policies: Sequence[NetworkPolicy], side: str, other: End
) -> Iterator[Span | None]:
    """The ports on which any policy allows the other end; None for all of them."""
    for policy in policies:
        for rule in _rules(policy, side) or ():
            peers = rule.peers
            if not peers or any(_is_peer(snapshot, policy, each, other) for each in peers):
                yield from rule.ports or (None,)


def _is_peer(snapshot: Snapshot, policy: NetworkPolicy, peer: Peer, other: End) -> bool:
    """Whether pods of the other end are meant. A block of addresses may well hold them."""
    if peer.block:
        return True
    if peer.namespaces is None:
        here = other.namespace == policy.namespace
    else:
        space = snapshot.find(Namespace, "", other.namespace)
        labels = {_OWN_NAME: other.namespace, **(space.labels if space else {})}
        here = peer.namespaces.chooses(labels)
    return here and (peer.pods is None or peer.pods.chooses(other.labels))


def _number(spec: PodSpec, port: ServicePort) -> int:
    """The number behind a target port; 0 for a name that no container has."""
    if port.target.isdecimal():
        return int(port.target)
    named = (p.number for c in spec.mains for p in c.ports if p.name == port.target)
    return next(named, 0)


def _covers(span: Span | None, protocol: str, number: int, spec: PodSpec | None) -> bool:
    if span is None:
        return True
    if span.protocol != protocol:
        return False
    if not span.port:
        return True
    if span.port.isdecimal():
        return int(span.port) <= number <= max(span.end, int(span.port))
    named = {p.name: p.number for c in (spec.mains if spec else ()) for p in c.ports}
    return named.get(span.port) == number if spec else span.port.startswith("dns")
