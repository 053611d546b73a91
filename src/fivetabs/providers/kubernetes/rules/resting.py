"""Workloads that are scaled to 0: on purpose and well, unless something alive wants them."""

from collections.abc import Iterator, Sequence

from fivetabs.core import Found, Severity, rule
from fivetabs.providers.kubernetes.rules.naming import used_by
from fivetabs.providers.kubernetes.rules.witness import accuse_thing, from_state
from fivetabs.providers.kubernetes.shapes.controllers import Controller, Deployment, StatefulSet
from fivetabs.providers.kubernetes.shapes.limits import Autoscaler
from fivetabs.providers.kubernetes.shapes.services import EndpointSlice, Service
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot
from fivetabs.providers.kubernetes.shapes.usage import Use, uses_of

_KINDS = (Deployment, StatefulSet)
_WAKERS = ("keda-hpa-",)  # autoscalers that scale from 0 when there is work
_SERVERLESS = "serving.knative.dev/"


@rule("K8S665", Severity.WARNING, basic=True)
def wanted_and_at_zero(snapshot: Snapshot) -> Iterator[Found]:
    """A workload is scaled to 0 while something that runs wants its Service.

    Scale it up again, or take out what still routes to it or names it.
    """
    for made, service, uses in _wanted(snapshot):
        yield accuse_thing(
            snapshot,
            made,
            f"{made.told} is scaled to 0, so Service {service.place} has no endpoint"
            f"{used_by(uses)}",
            from_state(made, "replicas: 0"),
            since=None,
        )


@rule("K8S816", Severity.INFO, latent=True)
def at_zero(snapshot: Snapshot) -> Iterator[Found]:
    """A workload is scaled to 0.

    Scale it up when its pods are wanted.
    """
    wanted = {made.subject(snapshot.context) for made, _, _ in _wanted(snapshot)}
    for made in _resting(snapshot):
        if made.subject(snapshot.context) not in wanted:
            cause = f"{made.told} is scaled to 0: it has no pods, as its owner wants it"
            yield accuse_thing(snapshot, made, cause, from_state(made, "replicas: 0"), since=None)


def _resting(snapshot: Snapshot) -> Iterator[Controller]:
    for kind in _KINDS:
        for made in snapshot.all(kind):
            if made.state.wanted == 0 and made.owner is None and made.deleted is None:
                yield made


def _wanted(snapshot: Snapshot) -> Iterator[tuple[Controller, Service, Sequence[Use]]]:
    """What rests, the Service that has nothing else behind it, and what wants that."""
    uses = uses_of(snapshot)
    resting = {(made.namespace, made.KIND, made.name): made for made in _resting(snapshot)}
    told: set[tuple[str, str, str]] = set()
    for service in snapshot.all(Service):
        used = uses.get((service.namespace, service.name), ())
        users = snapshot.chosen(service)
        alive = snapshot.endpoints(service) or not all(user.idle for user in users)
        if not used or alive or not snapshot.knows(EndpointSlice, service.namespace):
            continue
        for user in users:
            key = (user.namespace, user.owner.kind, user.owner.name)
            made = resting.get(key)
            if made is not None and key not in told and not _wakes(snapshot, made):
                told.add(key)
                yield made, service, used


def _wakes(snapshot: Snapshot, made: Controller) -> bool:
    """Whether something scales it up by itself when it is called."""
    scalers = (each for each in snapshot.all(Autoscaler) if each.namespace == made.namespace)
    woken = any(s.name.startswith(_WAKERS) and s.target.name == made.name for s in scalers)
    return woken or any(label.startswith(_SERVERLESS) for label in made.labels)
