"""What workloads need of the cluster itself: its schedulers, controllers, DNS and APIs."""

from collections.abc import Iterator

from fivetabs.core import Link, Relation
from fivetabs.core.patterns import Pattern
from fivetabs.providers.kubernetes.shapes.admission import ApiService
from fivetabs.providers.kubernetes.shapes.controllers import CronJob, DaemonSet, Deployment, Job
from fivetabs.providers.kubernetes.shapes.machines import Lease, Namespace, Node
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot

_SYSTEM = "kube-system"
_UNRESOLVED = Pattern(
    r"(?i)no such host|bad address|can't resolve|could not resolve|name resolution"
    r"|ENOTFOUND|EAI_AGAIN|UnknownHost|name or service not known"
)


def ties(snapshot: Snapshot) -> Iterator[Link]:
    """Links from what waits to the part of the cluster that should act."""
    yield from _unseen(snapshot)
    yield from _closed(snapshot)
    yield from _unheeded(snapshot)
    yield from _scheduled(snapshot)
    yield from _leaving(snapshot)
    yield from _unresolved(snapshot)


def _unseen(snapshot: Snapshot) -> Iterator[Link]:
    lease = snapshot.find(Lease, _SYSTEM, "kube-scheduler")
    for case in snapshot.cases:
        waits = case.pod.phase == "Pending" and not case.pod.node
        if lease is not None and waits and case.pod.condition("PodScheduled") is None:
            target = lease.subject(snapshot.context)
            yield Link(case.subject, Relation.DEPENDS_ON, target, "no scheduler has looked at it")


def _closed(snapshot: Snapshot) -> Iterator[Link]:
    """A pod that finds no place needs the nodes that are closed to it, where that is the reason."""
    for case in snapshot.cases:
        placed = case.pod.condition("PodScheduled")
        if placed is None or placed.status == "True" or "were unschedulable" not in placed.message:
            continue
        for node in snapshot.all(Node):
            if node.cordoned and not node.lost:
                target = node.subject(snapshot.context)
                yield Link(case.subject, Relation.DEPENDS_ON, target, "the node is cordoned")


def _unheeded(snapshot: Snapshot) -> Iterator[Link]:
    lease = snapshot.find(Lease, _SYSTEM, "kube-controller-manager")
    for made in snapshot.controllers:
        known = made.status.get("observedGeneration") or 0
        if lease is not None and made.generation and known < made.generation:
            source, target = made.subject(snapshot.context), lease.subject(snapshot.context)
            yield Link(source, Relation.DEPENDS_ON, target, "its controller has not seen it")


def _scheduled(snapshot: Snapshot) -> Iterator[Link]:
    """From a CronJob to its Jobs, and from a Job to the pods that it still has."""
    for job in snapshot.all(Job):
        if job.owner is not None and job.owner.kind == CronJob.KIND:
            source = snapshot.subject(CronJob.KIND, job.namespace, job.owner.name)
            yield Link(source, Relation.MADE_OF, job.subject(snapshot.context))


def _leaving(snapshot: Snapshot) -> Iterator[Link]:
    """A namespace that goes needs every API to list what is left in it."""
    for space in snapshot.all(Namespace):
        said = " ".join(c.message for c in space.conditions if c.status == "True")
        for api in snapshot.all(ApiService):
            version, _, group = api.name.partition(".")
            if space.deleted and api.service is not None and f"{group}/{version}" in said:
                source, target = space.subject(snapshot.context), api.subject(snapshot.context)
                yield Link(source, Relation.DEPENDS_ON, target, "what is left cannot be listed")


def _unresolved(snapshot: Snapshot) -> Iterator[Link]:
    """A program that cannot look up a name needs the cluster's DNS."""
    servers = [
        made
        for made in (*snapshot.all(Deployment), *snapshot.all(DaemonSet))
        if made.namespace == _SYSTEM and is_dns(made)
    ]
    for case in snapshot.cases:
        lines = [line for said in case.words.values() for line in said]
        if servers and any(_UNRESOLVED.search(line) for line in lines):
            for made in servers:
                target = made.subject(snapshot.context)
                yield Link(case.subject, Relation.DEPENDS_ON, target, "its log: a name is unknown")


def is_dns(made: Deployment | DaemonSet) -> bool:
    """Whether a workload of kube-system is the cluster's DNS."""
    known = made.labels.get("k8s-app") in {"kube-dns", "coredns"}
    return known or made.name in {"coredns", "kube-dns", "rke2-coredns-rke2-coredns"}
