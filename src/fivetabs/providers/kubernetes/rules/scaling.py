"""Autoscalers that cannot scale, and disruption budgets that block."""

from collections.abc import Iterator

from fivetabs.core import Found, Severity, near, rule, term
from fivetabs.providers.kubernetes.rules.saying import quote
from fivetabs.providers.kubernetes.rules.witness import (
    accuse_thing,
    from_condition,
    from_state,
    older,
)
from fivetabs.providers.kubernetes.shapes.controllers import (
    Controller,
    Deployment,
    StatefulSet,
)
from fivetabs.providers.kubernetes.shapes.fields import part
from fivetabs.providers.kubernetes.shapes.limits import Autoscaler, Budget
from fivetabs.providers.kubernetes.shapes.machines import Node
from fivetabs.providers.kubernetes.shapes.pods import Condition
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot
from fivetabs.providers.kubernetes.shapes.tables import PodRow

_SCALED: tuple[type[Controller], ...] = (Deployment, StatefulSet)
_PATIENCE = 2  # times the grace: the first samples of a new pod take a minute


@rule("K8S831", Severity.WARNING, basic=True)
def scaler_without_target(snapshot: Snapshot) -> Iterator[Found]:
    """An autoscaler's target does not exist.

    Name the workload that is to be scaled in scaleTargetRef, or delete the autoscaler.
    """
    for scaler in snapshot.all(Autoscaler):
        kind = next((k for k in _SCALED if scaler.target.kind == k.KIND), None)
        if kind is None or not snapshot.knows(kind, scaler.namespace):
            continue
        if snapshot.find(kind, scaler.namespace, scaler.target.name) is None:
            known = [c.name for c in snapshot.all(kind) if c.namespace == scaler.namespace]
            close = near(scaler.target.name, known)
            hint = f" (there is {close[0]})" if close else ""
            told = _condition(scaler, "AbleToScale")
            target = f"{term(scaler.target.kind)}/{term(scaler.target.name)}"
            yield accuse_thing(
                snapshot,
                scaler,
                f"{scaler.told} scales {target}, which does not exist{hint}",
                from_condition(scaler, told) if told else from_state(scaler, f"target: {target}"),
                since=told.since if told else scaler.created,
            )


@rule("K8S832", Severity.WARNING, basic=True)
def scaler_unmeasured(snapshot: Snapshot) -> Iterator[Found]:
    """An autoscaler measures what nobody tells it: there is no metrics API, or no request.

    Serve the metrics API (metrics-server), or give every container a request for what is measured.
    """
    for scaler, active in _blind(snapshot):
        if why := _why_unmeasured(active):
            yield _cannot_scale(snapshot, scaler, active, why)


@rule("K8S835", Severity.WARNING)
def scaler_blind(snapshot: Snapshot) -> Iterator[Found]:
    """An autoscaler gets no metrics, so it does not scale.

    See whether the metrics API answers, and whether the pods that are measured are ready.
    """
    for scaler, active in _blind(snapshot):
        if not _why_unmeasured(active):
            yield _cannot_scale(snapshot, scaler, active, "it gets no metrics")


@rule("K8S833", Severity.WARNING)
def scaler_at_maximum(snapshot: Snapshot) -> Iterator[Found]:
    """An autoscaler has reached its maximum and would go beyond it.

    Raise maxReplicas if the nodes have room, or find why the load has grown.
    """
    for scaler in snapshot.all(Autoscaler):
        limited = _condition(scaler, "ScalingLimited")
        if limited is None or (limited.status, limited.reason) != ("True", "TooManyReplicas"):
            continue
        if scaler.current >= scaler.most and older(snapshot, limited.since, snapshot.grace):
            yield accuse_thing(
                snapshot,
                scaler,
                f"{scaler.told} has {scaler.target} at its maximum of {scaler.most} replicas and "
                "its metrics ask for more",
                from_condition(scaler, limited),
                since=limited.since,
            )


@rule("K8S834", Severity.WARNING)
def budget_blocks(snapshot: Snapshot) -> Iterator[Found]:
    """A disruption budget keeps pods on a node that is to be emptied.

    Bring its pods to health, add a replica, or loosen the budget while the node is drained.
    """
    closed = {node.name for node in snapshot.all(Node) if node.cordoned or node.deleted}
    for budget in snapshot.all(Budget):
        if budget.allowed > 0 or budget.expected == 0 or budget.chooses_none or not closed:
            continue
        held = [row for row in _chosen(snapshot, budget) if row.node in closed]
        if held:
            nodes = ", ".join(sorted({row.node for row in held})[:3])
            yield accuse_thing(
                snapshot,
                budget,
                f"{budget.told} allows no pod to be evicted: {_bound(budget)}, so {held[0].name} "
                f"stays on {nodes}, which is cordoned",
                from_state(budget, f"disruptionsAllowed: 0, currentHealthy: {budget.healthy}"),
            )


def _condition(scaler: Autoscaler, kind: str) -> Condition | None:
    return next((c for c in scaler.conditions if c.type == kind), None)


def _blind(snapshot: Snapshot) -> Iterator[tuple[Autoscaler, Condition]]:
    for scaler in snapshot.all(Autoscaler):
        active = _condition(scaler, "ScalingActive")
        if active is None or active.status != "False" or active.reason == "ScalingDisabled":
            continue
        if older(snapshot, active.since, snapshot.grace * _PATIENCE):
            yield scaler, active


def _why_unmeasured(active: Condition) -> str:
    if "missing request for" in active.message:
        return "a container has no request for what it measures"
    if "could not find the requested resource" in active.message:
        return "this cluster does not serve these metrics"
    return ""


def _cannot_scale(snapshot: Snapshot, scaler: Autoscaler, active: Condition, why: str) -> Found:
    said = quote(active.message) or term(active.reason)
    return accuse_thing(
        snapshot,
        scaler,
        f"{scaler.told} cannot scale {scaler.target}: {why} ({said})",
        from_condition(scaler, active),
        since=active.since,
    )


def _chosen(snapshot: Snapshot, budget: Budget) -> Iterator[PodRow]:
    for row in snapshot.homes.get(budget.namespace, ()):
        if not row.end and budget.selector.chooses(part(row.meta, "labels")):
            yield row


def _bound(budget: Budget) -> str:
    rule_ = f"minAvailable {budget.least}" if budget.least else f"maxUnavailable {budget.most_out}"
    if budget.healthy < budget.desired:
        return f"{rule_} needs {budget.desired} healthy pods and {budget.healthy} are"
    return f"{rule_} holds all {budget.expected} of its pods"
