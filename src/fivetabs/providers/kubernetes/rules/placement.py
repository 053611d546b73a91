"""Pods that have no node, lost it, or were sent away from it."""

from collections.abc import Iterator
from datetime import datetime

from fivetabs.core import Found, Severity, age, rule, term
from fivetabs.providers.kubernetes.rules.predicates import explained
from fivetabs.providers.kubernetes.rules.saying import accuse, quote, seen
from fivetabs.providers.kubernetes.shapes.cases import PodCase

# Until a provisioner has made a volume, the scheduler says so of every pod that waits for it.
_PROVISIONED = "unbound immediate PersistentVolumeClaims"


@rule("K8S401", Severity.CRITICAL)
def unschedulable(case: PodCase) -> Iterator[Found]:
    """No node can take a pod.

    Bring back or add a node that fits, or change what the pod asks for: see the scheduler's counts.
    """
    placed = case.pod.condition("PodScheduled")
    if placed is None or placed.status != "False" or placed.reason != "Unschedulable":
        return
    if case.pod.node or case.settled:
        return
    if _PROVISIONED in placed.message and not case.older_than(placed.since, case.grace):
        return
    since = age(placed.since, case.now) if placed.since else "some time"
    event = case.told("FailedScheduling")
    proof = (
        seen(_verdict(event.message), f"event {event.reason} x{event.count}", event.last)
        if event is not None
        else seen(placed.message, f"{case.pod.name} condition PodScheduled", placed.since)
    )
    why = explained(case, placed.message) or _asks(case)
    verdict = quote(_verdict(placed.message))
    yield accuse(
        case,
        f"{case.whose} has been Pending for {since}: no node takes it"
        + (f": {why} ({verdict})" if why else f": {verdict}"),
        proof,
        fold=placed.message,
        since=placed.since,
    )


@rule("K8S406", Severity.CRITICAL)
def unseen(case: PodCase) -> Iterator[Found]:
    """No scheduler has looked at a pod.

    See whether the scheduler that the pod names runs; most pods are the default-scheduler's.
    """
    waits = case.pod.phase == "Pending" and not case.pod.node and not case.pod.deleted
    if not waits or case.pod.condition("PodScheduled") is not None:
        return
    if case.older_than(case.pod.created, case.grace):
        name = case.pod.spec.raw.get("schedulerName") or "default-scheduler"
        yield accuse(
            case,
            f"{case.whose} has been Pending for "
            f"{age(case.pod.created, case.now) if case.pod.created else 'some time'}: the "
            f"scheduler {term(name)} has not looked at it",
            seen(f"schedulerName: {name}", f"{case.pod.name} spec", case.pod.created),
            fold=name,
            since=case.pod.created,
        )


@rule("K8S402", Severity.CRITICAL)
def node_lost(case: PodCase) -> Iterator[Found]:
    """A pod's node does not answer any more.

    Bring the node back, or remove it from the cluster so that its pods are made anew elsewhere.
    """
    gone = case.pod.phase == "Unknown" or case.pod.reason == "NodeLost" or case.status == "Unknown"
    if case.settled or not case.pod.node or not (case.node_lost or gone):
        return
    why = case.node_lost or case.pod.message or "its kubelet does not report"
    ready = case.pod.condition("Ready")
    yield accuse(
        case,
        f"node {case.pod.node} of {case.whose} is lost ({quote(why)}); kubectl shows the pod "
        f"as {case.status}",
        seen(why, f"node {case.pod.node}", ready.since if ready else None),
        fold=case.pod.node,
    )


@rule("K8S403", Severity.WARNING)
def evicted(case: PodCase) -> Iterator[Found]:
    """A pod was evicted from its node.

    Free what the node ran short of, or give the pod requests that fit its use; delete what is left.
    """
    if case.pod.reason in {"Evicted", "Preempting", "Terminated", "NodeShutdown", "Shutdown"}:
        at = f" from node {case.pod.node}" if case.pod.node else ""
        yield accuse(
            case,
            f"a pod of {case.whose} was sent away{at} ({case.pod.reason}): "
            f"{quote(case.pod.message) or 'no reason given'}",
            seen(case.pod.message or case.pod.reason, f"{case.pod.name} status", _ended(case)),
            fold=case.pod.reason,
        )


@rule("K8S404", Severity.WARNING)
def stuck_terminating(case: PodCase) -> Iterator[Found]:
    """A deleted pod does not go away.

    See to whom its finalizers belong, or whether its node still answers; force nothing before that.
    """
    deleted = case.pod.deleted
    if deleted is None or (case.settled and not case.pod.finalizers):
        return
    if not case.older_than(deleted, case.grace):
        return
    held = ", ".join(case.pod.finalizers)
    why = f"finalizer {held} still holds it" if held else f"node {case.pod.node} has not ended it"
    yield accuse(
        case,
        f"a pod of {case.whose} should have been gone {age(deleted, case.now)} ago and is still "
        f"{case.status}: {why}",
        seen(f"finalizers: {held or 'none'}", f"{case.pod.name} metadata", deleted),
        fold=held or case.pod.node,
    )


@rule("K8S405", Severity.WARNING)
def failed(case: PodCase) -> Iterator[Found]:
    """A pod was ended by the cluster itself.

    Read the reason; its workload makes a new pod where it can, the remains may be deleted.
    """
    if case.pod.phase == "Failed" and case.pod.reason:
        yield accuse(
            case,
            f"a pod of {case.whose} failed ({case.pod.reason}): "
            f"{quote(case.pod.message) or 'no message'}",
            seen(case.pod.message or case.pod.reason, f"{case.pod.name} status", _ended(case)),
            fold=case.pod.reason,
        )


def _verdict(message: str) -> str:
    """The scheduler's counts, without what it says of preemption."""
    for tail in (" no new claims to deallocate", " preemption:"):
        message = message.partition(tail)[0]
    return message


def _asks(case: PodCase) -> str:
    """What the pod asks of a node, where no reason of the scheduler's says more."""
    return f"it asks for {', '.join(map(term, case.pod.selector))}" if case.pod.selector else ""


def _ended(case: PodCase) -> datetime | None:
    ends = [c.state.finished for c in case.pod.containers if c.state.finished]
    return max(ends) if ends else case.pod.created
