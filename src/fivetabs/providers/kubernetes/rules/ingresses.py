"""Ingresses that nobody serves, or that send requests where nothing is."""

from collections.abc import Iterator
from datetime import timedelta

from fivetabs.core import Found, Severity, near, rule, term
from fivetabs.core.quoting import quoted
from fivetabs.providers.kubernetes.rules.naming import listed, noted
from fivetabs.providers.kubernetes.rules.saying import from_event, quote
from fivetabs.providers.kubernetes.shapes.ingresses import Ingress, IngressClass, Route
from fivetabs.providers.kubernetes.shapes.services import Service
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot

_RECENT = timedelta(hours=1)


@rule("K8S671", Severity.CRITICAL, basic=True)
def backend_missing(snapshot: Snapshot) -> Iterator[Found]:
    """An Ingress sends requests to a Service that does not exist.

    Create the Service in the Ingress's namespace, or correct the backend's name.
    """
    for ingress, route in _routes(snapshot):
        if snapshot.find(Service, ingress.namespace, route.service) is None:
            names = [s.name for s in snapshot.all(Service) if s.namespace == ingress.namespace]
            elsewhere = [s.namespace for s in snapshot.all(Service) if s.name == route.service]
            close = near(route.service, names)
            told = f"; there is {listed(close, 2)}" if close else ""
            told = f"; it exists in {listed(elsewhere, 2)}" if elsewhere else told
            yield _found(
                snapshot, ingress, route, f"Service {term(route.service)} does not exist{told}"
            )


@rule("K8S672", Severity.CRITICAL, basic=True)
def backend_port_missing(snapshot: Snapshot) -> Iterator[Found]:
    """An Ingress names a port that its backend Service does not have.

    Correct the backend's port number or name, or add the port to the Service.
    """
    for ingress, route in _routes(snapshot):
        service = snapshot.find(Service, ingress.namespace, route.service)
        if service is None or not service.ports or not route.port:
            continue
        ports = {name for each in service.ports for name in (str(each.number), each.name)}
        if route.port not in ports:
            have = listed(service.ports)
            what = f"Service {term(route.service)} has no port {term(route.port)}; it has {have}"
            yield _found(snapshot, ingress, route, what)


@rule("K8S673", Severity.CRITICAL, basic=True)
def class_missing(snapshot: Snapshot) -> Iterator[Found]:
    """No controller serves an Ingress: its class does not exist, or it names none.

    Set ingressClassName to a class that exists, or mark one as the default.
    """
    if not snapshot.knows(IngressClass):
        return
    classes = snapshot.all(IngressClass)
    for ingress in snapshot.all(Ingress):
        if ingress.outside or ingress.deleted or ingress.legacy:
            continue
        if any(each.name == ingress.class_name for each in classes):
            continue
        if not ingress.class_name and (not classes or any(each.default for each in classes)):
            continue
        have = listed(each.name for each in classes)
        asked = f"class {term(ingress.class_name)} does not exist"
        if not ingress.class_name:
            asked = "it names no class, and none is the default"
        yield Found(
            ingress.subject(snapshot.context),
            f"Ingress {ingress.place} is served by nobody: {asked} (classes: {have})",
            (noted(f"ingressClassName: {ingress.class_name or 'unset'}", f"{ingress.name} spec"),),
        )


@rule("K8S674", Severity.WARNING)
def refused_by_controller(snapshot: Snapshot) -> Iterator[Found]:
    """An Ingress controller complains of an Ingress: a missing TLS Secret, a rule it cannot use.

    Mend what the controller names; a TLS Secret has the keys tls.crt and tls.key.
    """
    for event in snapshot.warnings:
        ingress = snapshot.find(Ingress, event.namespace, event.name)
        about = event.kind == "Ingress" and ingress and event.uid in {"", ingress.uid}
        if ingress and about and snapshot.now - event.last <= _RECENT:
            yield Found(
                ingress.subject(snapshot.context),
                f"the controller of Ingress {ingress.place} complains ({term(event.reason)}): "
                f"{quoted(quote(event.message))}",
                (from_event(event),),
                fold=f"{ingress.place}|{event.reason}",
            )


def _routes(snapshot: Snapshot) -> Iterator[tuple[Ingress, Route]]:
    """Each backend once for every Ingress, where the Services are known."""
    for ingress in snapshot.all(Ingress):
        if ingress.deleted or not snapshot.knows(Service, ingress.namespace):
            continue
        seen: set[tuple[str, str]] = set()
        for route in ingress.routes:
            if route.service and (route.service, route.port) not in seen:
                seen.add((route.service, route.port))
                yield ingress, route


def _found(snapshot: Snapshot, ingress: Ingress, route: Route, what: str) -> Found:
    backend = term(f"{route.service}:{route.port}" if route.port else route.service)
    return Found(
        ingress.subject(snapshot.context),
        f"Ingress {ingress.place} sends {quoted(str(route))} to {backend}, but {what}",
        (noted(f"backend {backend} of {route}", f"Ingress {ingress.name} spec"),),
        fold=f"{ingress.place}|{backend}",
    )
