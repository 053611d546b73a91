"""Ingresses and their classes: what comes in from outside, and where it is sent."""

from dataclasses import dataclass
from typing import ClassVar

from fivetabs.core import term
from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.fields import part, parts, words
from fivetabs.providers.kubernetes.shapes.things import Thing, head_of

_OLD_CLASS = "kubernetes.io/ingress.class"
_DEFAULT = "ingressclass.kubernetes.io/is-default-class"


@dataclass(frozen=True, slots=True)
class Route:
    """Where one host and path are sent; `port` is a number or a name, `service` may be empty."""

    host: str
    path: str
    service: str
    port: str

    def __str__(self) -> str:
        return term(f"{self.host or '*'}{self.path or '/'}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingress(Thing):
    """A networking.k8s.io/v1 Ingress. `tls` are pairs of a Secret's name and its hosts.

    `legacy`: the class stands in the annotation of old, which needs no IngressClass.
    """

    KIND: ClassVar[str] = "Ingress"

    class_name: str
    legacy: bool
    routes: tuple[Route, ...]
    tls: tuple[tuple[str, tuple[str, ...]], ...]
    outside: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IngressClass(Thing):
    """A networking.k8s.io/v1 IngressClass."""

    KIND: ClassVar[str] = "IngressClass"

    controller: str
    default: bool


def parse_ingress(raw: Json) -> Ingress:
    """Read a networking.k8s.io/v1 Ingress."""
    spec = part(raw, "spec")
    head = head_of(raw)
    routes: list[Route] = []
    if "defaultBackend" in spec:
        routes.append(_route("", "", spec["defaultBackend"]))
    for rule in parts(spec, "rules"):
        host, paths = rule.get("host") or "", parts(rule, "http", "paths")
        routes += [_route(host, path.get("path") or "", path["backend"]) for path in paths]
    given = parts(raw, "status", "loadBalancer", "ingress")
    return Ingress(
        **head,
        class_name=spec.get("ingressClassName") or head["annotations"].get(_OLD_CLASS, ""),
        legacy=not spec.get("ingressClassName") and _OLD_CLASS in head["annotations"],
        routes=tuple(routes),
        tls=tuple((t.get("secretName") or "", words(t, "hosts")) for t in parts(spec, "tls")),
        outside=tuple(each.get("hostname") or each.get("ip") or "" for each in given),
    )


def _route(host: str, path: str, backend: Json) -> Route:
    service = part(backend, "service")
    port = part(service, "port")
    return Route(
        host, path, service.get("name") or "", str(port.get("number") or port.get("name") or "")
    )


def parse_ingress_class(raw: Json) -> IngressClass:
    """Read a networking.k8s.io/v1 IngressClass."""
    head = head_of(raw)
    return IngressClass(
        **head,
        controller=part(raw, "spec").get("controller") or "",
        default=head["annotations"].get(_DEFAULT) == "true",
    )
