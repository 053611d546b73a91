"""Nodes that are lost, short of something, closed, or of another age."""

from collections.abc import Iterator
from datetime import timedelta

from fivetabs.core import Found, Severity, age, rule, term
from fivetabs.core.patterns import Pattern
from fivetabs.providers.kubernetes.rules.saying import quote
from fivetabs.providers.kubernetes.rules.witness import (
    accuse_thing,
    from_condition,
    from_state,
    older,
)
from fivetabs.providers.kubernetes.shapes.machines import Lease, Node
from fivetabs.providers.kubernetes.shapes.pods import Condition
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot

_JOINING = timedelta(minutes=5)
_PRESSURES = (
    ("MemoryPressure", "is short of memory"),
    ("DiskPressure", "is short of disk space"),
    ("PIDPressure", "is short of process ids"),
    ("NetworkUnavailable", "has no network set up"),
)
_WORDS = (
    ("stopped posting", "its kubelet has stopped reporting"),
    ("networkpluginnotready", "its network plug-in is not ready"),
    ("cni plugin not initialized", "its network plug-in is not ready"),
    ("container runtime is down", "its container runtime is down"),
    ("container runtime not ready", "its container runtime is not ready"),
    ("pleg is not healthy", "its container runtime answers too slowly (PLEG)"),
    ("csinode is not yet initialized", "its storage driver is not ready"),
    ("never posted node status", "its kubelet has never reported"),
    ("shutting down", "it is shutting down"),
)
_MINOR = Pattern(r"v?1\.(\d+)")
_SKEW = 3  # a kubelet may be three minor versions older than the API server


@rule("K8S431", Severity.CRITICAL)
def node_not_ready(snapshot: Snapshot) -> Iterator[Found]:
    """A node is not ready, so its pods are lost or stand still.

    See the machine behind it, then its kubelet, container runtime and network plug-in.
    """
    pods: dict[str, int] = {}
    for row in snapshot.pods:
        if not row.end:
            pods[row.node] = pods.get(row.node, 0) + 1
    for node in snapshot.all(Node):
        ready = node.condition("Ready")
        if ready is None or ready.status == "True" or _joins(snapshot, node, ready):
            continue
        if not older(snapshot, ready.since, snapshot.grace / 2):
            continue
        for_ = f" for {age(ready.since, snapshot.now)}" if ready.since else ""
        yield accuse_thing(
            snapshot,
            node,
            f"node {node.name} has not been ready{for_}: {_why(ready.message)}"
            f"{_silence(snapshot, node)}; {_count(pods.get(node.name, 0))} on it",
            from_condition(node, ready),
            since=ready.since,
        )


@rule("K8S432", Severity.WARNING)
def node_under_pressure(snapshot: Snapshot) -> Iterator[Found]:
    """A node is short of something, evicts pods and takes no new ones.

    Free what it is short of, or move pods away; see which pod uses most of it.
    """
    for node in snapshot.all(Node):
        for kind, what in _PRESSURES:
            told = node.condition(kind)
            if told is not None and told.status == "True" and not node.lost:
                said = f": {quote(told.message)}" if told.message else ""
                yield accuse_thing(
                    snapshot,
                    node,
                    f"node {node.name} {what} ({kind}){said}",
                    from_condition(node, told),
                    since=told.since,
                )


@rule("K8S433", Severity.WARNING)
def cordoned_with_work(snapshot: Snapshot) -> Iterator[Found]:
    """A node is closed for new pods while pods find no place.

    Open the node again (kubectl uncordon), or add another one.
    """
    waiting = [
        case.pod
        for case in snapshot.cases
        if (placed := case.pod.condition("PodScheduled")) is not None
        and placed.status == "False"
        and ("were unschedulable" in placed.message or "/unschedulable" in placed.message)
    ]
    for node in snapshot.all(Node):
        if node.cordoned and not node.lost and waiting:
            first = min(f"{pod.namespace}/{pod.name}" for pod in waiting)
            yield accuse_thing(
                snapshot,
                node,
                f"node {node.name} is cordoned, and {_count(len(waiting))} such as {first} "
                f"find{'s' if len(waiting) == 1 else ''} no other place",
                from_state(node, "unschedulable: true"),
                since=None,
            )


@rule("K8S434", Severity.INFO)
def versions_apart(snapshot: Snapshot) -> Iterator[Found]:
    """A node's kubelet is too many versions behind the others.

    Upgrade the node: a kubelet may be at most three minor versions older than the API server.
    """
    known = {
        node.name: int(m[1]) for node in snapshot.all(Node) if (m := _MINOR.match(node.kubelet))
    }
    newest = max(known.values(), default=0)
    for node in snapshot.all(Node):
        if newest - known.get(node.name, newest) > _SKEW:
            yield accuse_thing(
                snapshot,
                node,
                f"node {node.name} runs kubelet {term(node.kubelet)} while others run 1.{newest}",
                from_state(node, f"kubeletVersion: {node.kubelet}"),
                since=None,
            )


def _joins(snapshot: Snapshot, node: Node, ready: Condition) -> bool:
    """Whether it is new and has not been ready yet, rather than lost."""
    young = not older(snapshot, node.created, _JOINING)
    return young and ready.reason != "NodeStatusUnknown"


def _why(message: str) -> str:
    text = message.lower()
    meaning = next((words for mark, words in _WORDS if mark in text), "")
    said = quote(message)
    return f"{meaning} ({said})" if meaning else said or "its kubelet does not say why"


def _silence(snapshot: Snapshot, node: Node) -> str:
    lease = snapshot.find(Lease, "kube-node-lease", node.name)
    if lease is None or lease.renewed is None:
        return ""
    if not older(snapshot, lease.renewed, timedelta(seconds=lease.seconds or 40)):
        return ""
    return f", its lease was last renewed {age(lease.renewed, snapshot.now)} ago"


def _count(pods: int) -> str:
    return f"{pods} pod" if pods == 1 else f"{pods} pods"
