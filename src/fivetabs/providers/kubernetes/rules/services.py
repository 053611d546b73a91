"""Services that lead nowhere: a selector that misses, no ready endpoint, nothing behind a name."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from fivetabs.core import Found, Severity, rule
from fivetabs.providers.kubernetes.rules.naming import (
    NearMiss,
    near_miss,
    noted,
    pairs_told,
    used_by,
)
from fivetabs.providers.kubernetes.rules.witness import SOON, past
from fivetabs.providers.kubernetes.shapes.controllers import DaemonSet, Deployment, StatefulSet
from fivetabs.providers.kubernetes.shapes.fields import part
from fivetabs.providers.kubernetes.shapes.mending import update
from fivetabs.providers.kubernetes.shapes.services import EndpointSlice, Service
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot
from fivetabs.providers.kubernetes.shapes.usage import Use, uses_of
from fivetabs.providers.kubernetes.shapes.wiring import User

_MAKERS = (Deployment, StatefulSet, DaemonSet)


@rule("K8S661", Severity.CRITICAL, basic=True)
def selector_misses(snapshot: Snapshot) -> Iterator[Found]:
    """A Service's selector chooses no pod, though there are pods it was meant for.

    Make the Service's selector and the labels of the pod template agree.
    """
    for service, uses, miss in _choosing_nothing(snapshot):
        if miss and (uses or not _served(snapshot, miss.user)):
            told = f"the pods of {miss.user.owner} have {miss.differs}"
            yield _misses(snapshot, service, uses, told, miss.right)


@rule("K8S662", Severity.WARNING, basic=True)
def nothing_selected(snapshot: Snapshot) -> Iterator[Found]:
    """A Service that is in use chooses no pod, and none is near.

    Deploy what the Service is for, correct its selector, or take out what uses it.
    """
    for service, uses, miss in _choosing_nothing(snapshot):
        if uses and not miss:
            yield _misses(snapshot, service, uses, f"no workload in {service.namespace} comes near")


@rule("K8S663", Severity.CRITICAL)
def no_ready_endpoint(snapshot: Snapshot) -> Iterator[Found]:
    """None of the pods behind a Service is ready.

    Mend the pods: what fails in them is told on its own.
    """
    uses = uses_of(snapshot)
    for service in _selecting(snapshot):
        if service.unready_too or any(each.ready for each in snapshot.endpoints(service)):
            continue
        chosen = [user for user in snapshot.chosen(service) if not user.idle]
        failing = [each for user in chosen for each in snapshot.failing(user)]
        if failing:
            behind = len(snapshot.endpoints(service))
            names = ", ".join(str(user.owner) for user in chosen[:3])
            used = used_by(uses.get((service.namespace, service.name), ()))
            yield Found(
                service.subject(snapshot.context),
                f"Service {service.place} has no ready endpoint: 0 of {max(behind, len(failing))} "
                f"pods of {names} are ready{used}",
                (noted(f"0 of {behind} endpoints ready", f"EndpointSlices of {service.name}"),),
                tool="get_failing_pods",
                arguments={"namespace": service.namespace},
            )


@rule("K8S664", Severity.WARNING)
def nothing_outside(snapshot: Snapshot) -> Iterator[Found]:
    """A Service stands for a name or for addresses that lead nowhere.

    Correct the external name, or give the Service a selector or endpoints.
    """
    uses = uses_of(snapshot)
    for service in snapshot.all(Service):
        used = uses.get((service.namespace, service.name), ())
        what = _leads_nowhere(snapshot, service)
        if what and used:
            yield Found(
                service.subject(snapshot.context),
                f"Service {service.place} {what}{used_by(used)}",
                (noted(service.external or "no selector", f"Service {service.name} spec"),),
            )


def _misses(
    snapshot: Snapshot,
    service: Service,
    uses: Sequence[Use],
    how: str,
    right: Mapping[str, str] = MappingProxyType({}),
) -> Found:
    told = pairs_told(service.selector)
    patch = {"spec": {"selector": dict(right)}}
    return Found(
        service.subject(snapshot.context),
        f"Service {service.place} selects {told}, which no pod has, so it has no endpoints: "
        f"{how}{used_by(uses)}",
        (noted(f"selector: {told}", f"Service {service.name} spec"),),
        **(update("Service", service.namespace, service.name, patch) if right else {}),
    )


def _choosing_nothing(
    snapshot: Snapshot,
) -> Iterator[tuple[Service, tuple[Use, ...], NearMiss | None]]:
    uses = uses_of(snapshot)
    for service in _selecting(snapshot):
        space = service.namespace
        young = not past(snapshot, service.created, SOON)
        if young or snapshot.endpoints(service) or snapshot.chosen(service):
            continue
        if not all(snapshot.knows(kind, space) for kind in _MAKERS) or _has_pods(snapshot, service):
            continue
        near = [user for user in snapshot.users if user.namespace == space]
        miss = near_miss(service.name, service.selector, near)
        # What a young Service is for may still be on its way, unless it is here by its very name.
        here = miss is not None and miss.user.owner.name == service.name
        if not here and not past(snapshot, service.created, snapshot.grace):
            continue
        yield service, uses.get((space, service.name), ()), miss


def _selecting(snapshot: Snapshot) -> Iterator[Service]:
    """Services that choose pods, where their endpoints are known."""
    for service in snapshot.all(Service):
        chooses = service.selector and not service.external and not service.deleted
        if chooses and snapshot.knows(EndpointSlice, service.namespace):
            yield service


def _has_pods(snapshot: Snapshot, service: Service) -> bool:
    """Whether any pod has the labels, whatever made it."""
    value = next(iter(service.selector.values()))
    for row in snapshot.homes.get(service.namespace, ()):
        if row.may_hold(value) and service.selector.items() <= part(row.meta, "labels").items():
            return True
    return False


def _served(snapshot: Snapshot, user: User) -> bool:
    """Whether another Service chooses the user's pods: then this one is not for them."""
    others = (each for each in snapshot.all(Service) if each.namespace == user.namespace)
    return any(user.key == one.key for each in others for one in snapshot.chosen(each))


def _leads_nowhere(snapshot: Snapshot, service: Service) -> str:
    if service.external:
        place = snapshot.place(service.external, service.namespace)
        gone = (
            place
            and snapshot.knows(Service, place.namespace)
            and not snapshot.find(Service, place.namespace, place.service)
        )
        return f"leads to {service.external}, which does not exist" if gone else ""
    known = snapshot.knows(EndpointSlice, service.namespace)
    if known and not service.selector and not snapshot.endpoints(service):
        builtin = (service.namespace, service.name) == ("default", "kubernetes")
        return "" if builtin else "has neither a selector nor endpoints"
    return ""
