"""NetworkPolicies that cut a path which the pods' own configuration names."""

from collections.abc import Iterator

from fivetabs.core import Found, Severity, rule
from fivetabs.providers.kubernetes.rules.naming import listed, noted
from fivetabs.providers.kubernetes.shapes.mistakes import Doubt, doubt_of
from fivetabs.providers.kubernetes.shapes.paths import Cut, cuts_of
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot


@rule("K8S681", Severity.CRITICAL, basic=True)
def path_cut(snapshot: Snapshot) -> Iterator[Found]:
    """A workload fails, and a NetworkPolicy forbids what its configuration needs.

    Allow this path in the policy, by labels of both ends and the pods' own port; DNS needs port 53.
    """
    yield from _told(snapshot, hit=True)


@rule("K8S682", Severity.WARNING, basic=True)
def path_forbidden(snapshot: Snapshot) -> Iterator[Found]:
    """A NetworkPolicy forbids a path that configuration names.

    Allow the path in the policy, or take the address out of the configuration.
    """
    yield from _told(snapshot, hit=False)


def _told(snapshot: Snapshot, *, hit: bool) -> Iterator[Found]:
    for cut in snapshot.once(cuts_of):
        if (doubt_of(snapshot, cut.wire) is not Doubt.QUIET) is hit:
            yield _found(snapshot, cut)


def _found(snapshot: Snapshot, cut: Cut) -> Found:
    policy, user, wire = cut.policies[0], cut.wire.user, cut.wire
    names = listed((each.name for each in cut.policies), 3)
    many = len(cut.policies) > 1
    verb = "let" if many else "lets"
    whose = f"{user.owner} in {user.namespace}"
    return Found(
        policy.subject(snapshot.context),
        f"NetworkPolicy {policy.namespace}/{names} ({cut.side}) {verb} {whose} not reach "
        f"{cut.what}, though it is told to use {wire.address} ({wire.via})",
        (
            noted(f"podSelector {policy.pods}", f"NetworkPolicy {policy.name} spec"),
            noted(str(wire.address), f"{wire.via} of {user.owner}"),
        ),
        fold=f"{policy.place}|{cut.side}|{cut.what}",
    )
