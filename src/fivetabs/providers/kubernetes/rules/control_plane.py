"""The parts of the cluster itself: scheduler, controllers, extensions of the API, DNS, webhooks."""

from collections.abc import Iterator
from datetime import timedelta
from types import MappingProxyType

from fivetabs.core import Found, Severity, age, rule, term
from fivetabs.providers.kubernetes.rules.saying import quote
from fivetabs.providers.kubernetes.rules.witness import (
    accuse_thing,
    from_condition,
    from_state,
    older,
)
from fivetabs.providers.kubernetes.shapes.admission import (
    ApiService,
    Mutating,
    Validating,
    Webhook,
)
from fivetabs.providers.kubernetes.shapes.controllers import DaemonSet, Deployment
from fivetabs.providers.kubernetes.shapes.machines import Lease
from fivetabs.providers.kubernetes.shapes.services import EndpointSlice, Service
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot
from fivetabs.providers.kubernetes.shapes.ties import is_dns

_SYSTEM = "kube-system"
_LEADERS = MappingProxyType(
    {
        "kube-scheduler": "no pod gets a node",
        "kube-controller-manager": "nothing is scaled, rolled out, replaced or cleaned up",
        "cloud-controller-manager": "no node, load balancer or route is set up in the cloud",
    }
)
_SILENT = timedelta(seconds=60)  # a leader renews every two seconds


@rule("K8S851", Severity.CRITICAL)
def leader_silent(snapshot: Snapshot) -> Iterator[Found]:
    """A part of the control plane has stopped working.

    See that part's pod or process on the control-plane node, and its log.
    """
    for name, loss in _LEADERS.items():
        lease = snapshot.find(Lease, _SYSTEM, name)
        if lease is None or lease.renewed is None or not lease.holder:
            continue
        if older(snapshot, lease.renewed, max(_SILENT, timedelta(seconds=2 * lease.seconds))):
            yield accuse_thing(
                snapshot,
                lease,
                f"{name} has not renewed its lease for {age(lease.renewed, snapshot.now)} (holder "
                f"{term(lease.holder)}): {loss}",
                from_state(lease, f"renewTime of holder {lease.holder}", lease.renewed),
                since=lease.renewed,
            )


@rule("K8S852", Severity.CRITICAL, basic=True)
def controllers_silent(snapshot: Snapshot) -> Iterator[Found]:
    """Nobody acts on what workloads ask for: the controllers do not work.

    See kube-controller-manager: its pod or process on the control-plane node, and its log.
    """
    lease = snapshot.find(Lease, _SYSTEM, "kube-controller-manager")
    if lease is not None and lease.renewed is not None:
        return
    for made in snapshot.controllers:
        seen_ = made.status.get("observedGeneration")
        if made.KIND in {"Job", "CronJob"} or not older(snapshot, made.created, snapshot.grace):
            continue
        if made.generation and (seen_ or 0) < made.generation:
            yield accuse_thing(
                snapshot,
                made,
                f"nobody acts on {made.told}: it is at generation {made.generation}, its "
                f"controller has seen {seen_ or 'none'}",
                from_state(made, f"generation: {made.generation}, observedGeneration: {seen_}"),
                since=None,
                fold="controllers",
            )


@rule("K8S853", Severity.WARNING)
def api_unavailable(snapshot: Snapshot) -> Iterator[Found]:
    """An extension of the API does not answer.

    See the Service behind it and its pods; what uses this API fails until it answers.
    """
    for served in snapshot.all(ApiService):
        told = next((c for c in served.conditions if c.type == "Available"), None)
        if told is None or told.status == "True" or served.service is None:
            continue
        if older(snapshot, told.since, snapshot.grace):
            namespace, name = served.service
            yield accuse_thing(
                snapshot,
                served,
                f"the API {served.name}, served by Service {namespace}/{name}, is not available "
                f"({term(told.reason)}): {quote(told.message)}",
                from_condition(served, told),
                since=told.since,
            )


@rule("K8S854", Severity.CRITICAL)
def dns_down(snapshot: Snapshot) -> Iterator[Found]:
    """The cluster's DNS has no ready pod, so no name can be looked up.

    Mend the DNS pods in kube-system: see what their own findings say.
    """
    for made in (*snapshot.all(Deployment), *snapshot.all(DaemonSet)):
        if made.namespace == _SYSTEM and is_dns(made) and made.state.ready == 0:
            if not older(snapshot, made.created, snapshot.grace):
                continue
            why = "it is scaled to 0" if not made.state.wanted else f"{made.state.wanted} wanted"
            yield accuse_thing(
                snapshot,
                made,
                f"the cluster's DNS, {made.told}, has no ready pod ({why})",
                from_state(made, f"readyReplicas: 0 of {made.state.wanted}"),
                since=None,
            )


@rule("K8S841", Severity.WARNING)
def webhook_unserved(snapshot: Snapshot) -> Iterator[Found]:
    """An admission webhook has nobody who answers, and refuses what it cannot judge.

    Bring its Service's pods back, or delete the webhook configuration if its owner is gone.
    """
    for config in (*snapshot.all(Validating), *snapshot.all(Mutating)):
        for hook in config.hooks:
            lack = _lack(snapshot, hook)
            if lack and hook.fails_closed:
                what = ", ".join(term(r.removeprefix("/")) for r in hook.resources[:3]) or "nothing"
                yield accuse_thing(
                    snapshot,
                    config,
                    f"webhook {term(hook.name)} of {config.told} refuses every change of {what}: "
                    f"{lack}",
                    from_state(config, f"failurePolicy: Fail, service: {hook.service}"),
                )
                break


def _lack(snapshot: Snapshot, hook: Webhook) -> str:
    """Why nobody answers a webhook; empty where somebody may, or nothing is known."""
    if hook.service is None or not hook.resources:
        return ""
    namespace, name = hook.service
    if not snapshot.knows(Service, namespace):
        return ""
    service = snapshot.find(Service, namespace, name)
    if service is None:
        return f"its Service {namespace}/{name} does not exist"
    if not snapshot.knows(EndpointSlice, namespace) or service.external:
        return ""
    slices = [
        s for s in snapshot.all(EndpointSlice) if (s.namespace, s.service) == (namespace, name)
    ]
    if any(point.ready for each in slices for point in each.endpoints):
        return ""
    return f"its Service {namespace}/{name} has no ready endpoint"
