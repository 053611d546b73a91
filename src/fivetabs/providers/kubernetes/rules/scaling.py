"""Autoscalers that cannot scale, budgets that block, and what was scaled to nothing."""

from collections.abc import Iterator

from fivetabs.core import Found, Severity, near, rule, term
from fivetabs.providers.kubernetes.rules.saying import quote
from fivetabs.providers.kubernetes.rules.witness import (
    accuse_thing,
    from_condition,
    from_state,
    older,
)
from fivetabs.providers.kubernetes.shapes.admission import ApiService
from fivetabs.providers.kubernetes.shapes.controllers import (
    Controller,
    Deployment,
    StatefulSet,
)
from fivetabs.providers.kubernetes.shapes.fields import part
from fivetabs.providers.kubernetes.shapes.limits import Autoscaler, Budget
from fivetabs.providers.kubernetes.shapes.machines import Node
from fivetabs.providers.kubernetes.shapes.pods import Condition
from fivetabs.providers.kubernetes.shapes.services import Service
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot
from fivetabs.providers.kubernetes.shapes.tables import PodRow

_SCALED: tuple[type[Controller], ...] = (Deployment, StatefulSet)
_METRICS = "v1beta1.metrics.k8s.io"
_PATIENCE = 2  # times the grace: the first samples of a new pod take a minute


@rule("K8S631", Severity.WARNING)
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


@rule("K8S632", Severity.WARNING)
def scaler_blind(snapshot: Snapshot) -> Iterator[Found]:
    """An autoscaler gets no metrics, so it does not scale.

    Serve the metrics API (metrics-server), or give every container a request for what is measured.
    """
    for scaler in snapshot.all(Autoscaler):
        active = _condition(scaler, "ScalingActive")
        if active is None or active.status != "False" or active.reason == "ScalingDisabled":
            continue
        if older(snapshot, active.since, snapshot.grace * _PATIENCE):
            yield accuse_thing(
                snapshot,
                scaler,
                f"{scaler.told} cannot scale {scaler.target}: {_why_blind(snapshot, active)}",
                from_condition(scaler, active),
                since=active.since,
            )


@rule("K8S633", Severity.WARNING)
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


@rule("K8S634", Severity.WARNING)
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


@rule("K8S636", Severity.WARNING)
def scaled_to_zero(snapshot: Snapshot) -> Iterator[Found]:
    """A workload is scaled to 0 though a Service leads to it.

    Scale it up again, or remove the Service and what uses it.
    """
    for made in (*snapshot.all(Deployment), *snapshot.all(StatefulSet)):
        if made.state.wanted or made.deleted is not None or _sleeps(snapshot, made):
            continue
        for service in snapshot.all(Service):
            if service.namespace == made.namespace and _leads(snapshot, service, made):
                yield accuse_thing(
                    snapshot,
                    made,
                    f"{made.told} is scaled to 0, and {service.told} leads to nothing else",
                    from_state(made, "replicas: 0"),
                    since=None,
                )
                break


def _condition(scaler: Autoscaler, kind: str) -> Condition | None:
    return next((c for c in scaler.conditions if c.type == kind), None)


def _why_blind(snapshot: Snapshot, active: Condition) -> str:
    said = active.message
    if "missing request for" in said:
        return f"a container has no request for what it measures ({quote(said)})"
    if "metrics.k8s.io" in said or "resource metrics API" in said:
        served = snapshot.find(ApiService, "", _METRICS)
        if snapshot.knows(ApiService) and served is None:
            return f"this cluster serves no resource metrics ({quote(said)})"
    return quote(said) or term(active.reason)


def _chosen(snapshot: Snapshot, budget: Budget) -> Iterator[PodRow]:
    for row in snapshot.homes.get(budget.namespace, ()):
        if not row.end and budget.selector.chooses(part(row.meta, "labels")):
            yield row


def _bound(budget: Budget) -> str:
    rule_ = f"minAvailable {budget.least}" if budget.least else f"maxUnavailable {budget.most_out}"
    if budget.healthy < budget.desired:
        return f"{rule_} needs {budget.desired} healthy pods and {budget.healthy} are"
    return f"{rule_} holds all {budget.expected} of its pods"


def _sleeps(snapshot: Snapshot, made: Controller) -> bool:
    """Whether an autoscaler keeps it at 0 on purpose."""
    return any(
        each.target.kind == made.KIND
        and each.target.name == made.name
        and each.namespace == made.namespace
        and each.least == 0
        for each in snapshot.all(Autoscaler)
    )


def _leads(snapshot: Snapshot, service: Service, made: Controller) -> bool:
    """Whether a Service chooses its pods, and no pod of anybody else."""

    def chooses(labels: dict[str, str]) -> bool:
        return bool(service.selector) and service.selector.items() <= labels.items()

    if not chooses(dict(made.pods.labels)):
        return False
    rows = snapshot.homes.get(made.namespace, ())
    others = any(chooses(part(row.meta, "labels")) for row in rows if not row.end)
    return not others and not any(
        chooses(dict(c.pods.labels))
        for c in snapshot.controllers
        if c.namespace == made.namespace and c.state.wanted and c.uid != made.uid
    )
