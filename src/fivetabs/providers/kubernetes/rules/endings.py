"""Things that were deleted and do not go away."""

from collections.abc import Iterator
from types import MappingProxyType

from fivetabs.core import Found, Severity, age, rule, term
from fivetabs.providers.kubernetes.rules.saying import quote
from fivetabs.providers.kubernetes.rules.witness import (
    accuse_thing,
    from_condition,
    from_state,
    older,
)
from fivetabs.providers.kubernetes.shapes.machines import Namespace, Node
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot
from fivetabs.providers.kubernetes.shapes.storage import Claim, Volume
from fivetabs.providers.kubernetes.shapes.things import Thing

_REMAINING = (
    "NamespaceDeletionDiscoveryFailure",
    "NamespaceDeletionGroupVersionParsingFailure",
    "NamespaceDeletionContentFailure",
    "NamespaceFinalizersRemaining",
    "NamespaceContentRemaining",
)
_MEANING = MappingProxyType(
    {
        "kubernetes.io/pvc-protection": "a pod still uses it",
        "kubernetes.io/pv-protection": "a claim is still bound to it",
        "foregroundDeletion": "what it made is not gone yet",
        "service.kubernetes.io/load-balancer-cleanup": "its cloud load balancer is not gone yet",
    }
)


@rule("K8S441", Severity.WARNING)
def namespace_stuck(snapshot: Snapshot) -> Iterator[Found]:
    """A deleted namespace does not go away.

    Remove what is left in it; mend the controller that owns its finalizer, or the API that is down.
    """
    for space in snapshot.all(Namespace):
        if space.deleted is None or not older(snapshot, space.deleted, snapshot.grace):
            continue
        told = [c for kind in _REMAINING for c in space.conditions if c.type == kind]
        held = [c for c in told if c.status == "True"]
        if held:
            said = "; ".join(quote(c.message) for c in held if c.message)
            yield accuse_thing(
                snapshot,
                space,
                f"namespace {space.name} has been terminating for "
                f"{age(space.deleted, snapshot.now)}: {said}",
                *(from_condition(space, c) for c in held[:2]),
                since=space.deleted,
            )


@rule("K8S442", Severity.WARNING)
def deletion_stuck(snapshot: Snapshot) -> Iterator[Found]:
    """A deleted object is kept by its finalizers.

    See to the controller that should remove the finalizer; take it off by hand only as the last.
    """
    for thing in _deleted(snapshot):
        held = ", ".join(term(each) for each in thing.finalizers)
        meaning = next((_MEANING[f] for f in thing.finalizers if f in _MEANING), "")
        why = f": {meaning}{_user(snapshot, thing)}" if meaning else ""
        yield accuse_thing(
            snapshot,
            thing,
            f"{thing.told} was deleted {_ago(snapshot, thing)} ago and is held by the finalizer "
            f"{held}{why}",
            from_state(thing, f"finalizers: {', '.join(thing.finalizers)}", thing.deleted),
            since=thing.deleted,
            fold=f"{thing.KIND}/{thing.namespace}/{held}",
        )


def _deleted(snapshot: Snapshot) -> Iterator[Thing]:
    """What should be gone by now; of a namespace that goes only the namespace is told."""
    leaving = {space.name for space in snapshot.all(Namespace) if space.deleted}
    for kind, shelf in snapshot.shelves.items():
        if kind in {Namespace, Node}:
            continue
        for thing in shelf:
            late = older(snapshot, thing.deleted, snapshot.grace)
            if late and thing.finalizers and thing.namespace not in leaving:
                yield thing


def _user(snapshot: Snapshot, thing: Thing) -> str:
    if isinstance(thing, Claim):
        for user in snapshot.users:
            named = (r for r in user.spec.references if r.kind == thing.KIND)
            if user.namespace == thing.namespace and any(r.name == thing.name for r in named):
                return f" ({user.owner})"
    if isinstance(thing, Volume) and thing.claim:
        return f" ({thing.claim})"
    return ""


def _ago(snapshot: Snapshot, thing: Thing) -> str:
    return age(thing.deleted, snapshot.now) if thing.deleted else "some time"
