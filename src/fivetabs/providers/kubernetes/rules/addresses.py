"""What configuration names against what exists: hosts, ports and protocols of Services."""

from collections.abc import Iterator

from fivetabs.core import Evidence, Found, Severity, rule
from fivetabs.providers.kubernetes.rules.naming import noted
from fivetabs.providers.kubernetes.rules.saying import seen
from fivetabs.providers.kubernetes.shapes.links import who
from fivetabs.providers.kubernetes.shapes.mistakes import (
    Mistake,
    Sort,
    mistakes_of,
    strays_of,
)
from fivetabs.providers.kubernetes.shapes.needs import heard
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot
from fivetabs.providers.kubernetes.shapes.spoken import names_host
from fivetabs.providers.kubernetes.shapes.wiring import Wire


@rule("K8S701", Severity.CRITICAL, basic=True)
def host_unknown(snapshot: Snapshot) -> Iterator[Found]:
    """A workload fails, and its configuration names a Service that does not exist.

    Correct the host name; a Service of another namespace is named `name.namespace`.
    """
    yield from _told(snapshot, Sort.NAME, hits=True)


@rule("K8S702", Severity.WARNING, basic=True)
def host_doubtful(snapshot: Snapshot) -> Iterator[Found]:
    """Configuration names a Service that does not exist, though one of nearly this name does.

    Correct the host name; a Service of another namespace is named `name.namespace`.
    """
    yield from _told(snapshot, Sort.NAME, hits=False)


@rule("K8S703", Severity.CRITICAL, basic=True)
def port_unknown(snapshot: Snapshot) -> Iterator[Found]:
    """A workload fails, and its configuration names a port that the Service does not have.

    Correct the port, or add it to the Service.
    """
    yield from _told(snapshot, Sort.PORT, hits=True)


@rule("K8S704", Severity.WARNING, basic=True)
def port_doubtful(snapshot: Snapshot) -> Iterator[Found]:
    """Configuration names a port that the Service does not have.

    Correct the port, or add it to the Service.
    """
    yield from _told(snapshot, Sort.PORT, hits=False)


@rule("K8S705", Severity.WARNING, basic=True)
def protocol_wrong(snapshot: Snapshot) -> Iterator[Found]:
    """Configuration speaks http where the Service speaks https, or the other way round.

    Correct the scheme, or the port that it goes with.
    """
    yield from _told(snapshot, Sort.PROTOCOL, hits=None)


@rule("K8S706", Severity.CRITICAL, basic=True)
def resolver_wrong(snapshot: Snapshot) -> Iterator[Found]:
    """A workload fails, and its pods do not ask the cluster's DNS for the names that they need.

    Set dnsPolicy to ClusterFirst (ClusterFirstWithHostNet on the node's network).
    """
    yield from _outside(snapshot, hits=True)


@rule("K8S707", Severity.WARNING, basic=True)
def resolver_doubtful(snapshot: Snapshot) -> Iterator[Found]:
    """A workload is told names of Services, and its pods do not ask the cluster's DNS.

    Set dnsPolicy to ClusterFirst (ClusterFirstWithHostNet on the node's network).
    """
    yield from _outside(snapshot, hits=False)


def _outside(snapshot: Snapshot, *, hits: bool) -> Iterator[Found]:
    for stray in snapshot.once(strays_of):
        wire, user = stray.need.wire, stray.need.wire.user
        if stray.hits is hits:
            yield Found(
                who(snapshot, user),
                f"{user.owner} in {user.namespace} is told to use {wire.address} ({wire.via}), but "
                f"its pods do not ask the cluster's DNS for names ({stray.how})",
                (noted(stray.how, f"{user.owner} pod template"), *_line(snapshot, wire)),
                fold=user.key,
            )


def _told(snapshot: Snapshot, sort: Sort, *, hits: bool | None) -> Iterator[Found]:
    """One finding for each address and place where it is written, however many read it there."""
    for mistake in snapshot.once(mistakes_of):
        if mistake.sort is sort and hits in {None, mistake.hits}:
            yield _found(snapshot, mistake)


def _found(snapshot: Snapshot, mistake: Mistake) -> Found:
    wire = mistake.need.wire
    user, subject = wire.user, mistake.subject(snapshot)
    failing = snapshot.failing(user) if mistake.hits else ()
    told = f", and {len(failing)} of its pods fail" if failing else ""
    proof = [noted(str(wire.address), f"{wire.via} of {user.owner}")]
    return Found(
        subject,
        f"{user.owner} in {user.namespace} is told to use {wire.address} ({wire.via}), but "
        f"{mistake.what}{told}",
        (*proof, *_line(snapshot, wire)),
        fold=f"{subject}|{wire.address}",
    )


def _line(snapshot: Snapshot, wire: Wire) -> tuple[Evidence, ...]:
    """The line of a failing pod that names the host."""
    for case in snapshot.failing(wire.user):
        for line in heard(case):
            if names_host(line, wire.address.host):
                return (seen(line, f"log of {case.pod.namespace}/{case.pod.name}", None),)
    return ()
