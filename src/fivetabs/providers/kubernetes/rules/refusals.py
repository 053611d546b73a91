"""What the API server refused a workload: which right, whose, and what grants it or does not."""

from collections.abc import Iterator
from dataclasses import dataclass

from fivetabs.core import Evidence, Found, Severity, rule
from fivetabs.core.patterns import Pattern
from fivetabs.providers.kubernetes.rules.naming import listed
from fivetabs.providers.kubernetes.rules.saying import seen
from fivetabs.providers.kubernetes.shapes.access import (
    Account,
    Binding,
    ClusterBinding,
    ClusterRole,
    Role,
)
from fivetabs.providers.kubernetes.shapes.needs import heard
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot

_REFUSED = Pattern(
    r"[Uu]ser \\?\"system:serviceaccount:([a-z0-9.-]+):([a-z0-9.-]+)\\?\" cannot "
    r"(\w+) resource \\?\"([a-z0-9./-]+)\\?\" in API group \\?\"([a-z0-9.-]*)\\?\""
    r"(?: in the namespace \\?\"([a-z0-9.-]+)\\?\")?"
)
_TIGHT = 40


@dataclass(frozen=True, slots=True, order=True)
class _Refusal:
    """One right that one service account lacks; an empty `where` is the whole cluster."""

    space: str
    account: str
    verb: str
    resource: str
    group: str
    where: str

    @property
    def words(self) -> str:
        """`list pods in namespace shop`."""
        of = f"{self.resource}.{self.group}" if self.group else self.resource
        return f"{self.verb} {of} {f'in namespace {self.where}' if self.where else 'cluster-wide'}"


@rule("K8S721", Severity.CRITICAL, basic=True)
def right_missing(snapshot: Snapshot) -> Iterator[Found]:
    """A workload's service account lacks a right that its program needs.

    Add the verb and resource to a role that is bound to the account.
    """
    seen_: dict[_Refusal, Evidence] = {}
    for text, source in _texts(snapshot):
        for found in _REFUSED.finditer(text):
            refusal = _Refusal(*(found[i] or "" for i in (1, 2, 3, 4, 5, 6)))
            seen_.setdefault(refusal, seen(text, source, None))
    for refusal, proof in sorted(seen_.items(), key=lambda pair: pair[0]):
        if not _granted(snapshot, refusal):
            yield Found(
                snapshot.subject("ServiceAccount", refusal.space, refusal.account),
                f"ServiceAccount {refusal.space}/{refusal.account} may not {refusal.words}: "
                f"{_why(snapshot, refusal)}",
                (proof,),
                fold=f"{refusal.space}/{refusal.account}",
            )


def refused(snapshot: Snapshot) -> bool:
    """Whether anything speaks of a refused right, so that the roles are worth reading."""
    return any(_REFUSED.search(text) for text, _ in _texts(snapshot))


def _texts(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    for case in snapshot.cases:
        for line in heard(case):
            yield line, f"log of {case.pod.namespace}/{case.pod.name}"
    for event in snapshot.warnings:
        yield event.message, f"event {event.reason} of {event.kind} {event.namespace}/{event.name}"


def _bindings(snapshot: Snapshot, refusal: _Refusal) -> Iterator[Binding]:
    """Bindings of the account that hold where it was refused."""
    me = f"ServiceAccount/{refusal.space}/{refusal.account}"
    groups = {f"Group//system:serviceaccounts:{refusal.space}", "Group//system:serviceaccounts"}
    for binding in (*snapshot.all(Binding), *snapshot.all(ClusterBinding)):
        here = not binding.namespace or binding.namespace == refusal.where
        if here and {me, *groups} & set(binding.subjects):
            yield binding


def _role(snapshot: Snapshot, binding: Binding) -> Role | None:
    if binding.role_kind == "Role":
        return snapshot.find(Role, binding.namespace, binding.role)
    return snapshot.find(ClusterRole, "", binding.role)


def _granted(snapshot: Snapshot, refusal: _Refusal) -> bool:
    """Whether it has the right by now: then the refusal is old."""
    roles = (_role(snapshot, binding) for binding in _bindings(snapshot, refusal))
    asked = (refusal.verb, refusal.group, refusal.resource)
    return any(grant.allows(*asked) for role in roles if role for grant in role.grants)


def _why(snapshot: Snapshot, refusal: _Refusal) -> str:
    """Which role lacks it, or that none is bound."""
    if not snapshot.knows(ClusterBinding) or not snapshot.knows(ClusterRole):
        return "which roles it has was not read"
    if snapshot.knows(Account, refusal.space) and not snapshot.find(
        Account, refusal.space, refusal.account
    ):
        return "there is no such account any more"
    told: list[str] = []
    for binding in _bindings(snapshot, refusal):
        if binding.name.startswith("system:"):
            continue  # Every account has these, for what the cluster itself asks of it.
        role = _role(snapshot, binding)
        name = f"{binding.role_kind} {binding.role} ({binding.KIND} {binding.name})"
        told.append(f"{name} {'does not grant it' if role else 'does not exist'}")
    return listed(told, 2) if told else "no role is bound to it"
