"""Services, and the endpoints that their controller found for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.fields import pairs, part, parts, words
from fivetabs.providers.kubernetes.shapes.things import Thing, head_of

_SERVICE = "kubernetes.io/service-name"


@dataclass(frozen=True, slots=True)
class ServicePort:
    """A port of a Service; `target` is a number or the name of a container's port."""

    name: str
    number: int
    target: str
    protocol: str
    app_protocol: str = ""
    node_port: int = 0

    def __str__(self) -> str:
        return f"{self.number} ({self.name})" if self.name else str(self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Thing):
    """A core/v1 Service. `external` is where an ExternalName leads.

    `unready_too`: not ready pods are published as well. `local`: traffic stays on its node.
    """

    KIND: ClassVar[str] = "Service"

    type: str
    selector: Mapping[str, str]
    ports: tuple[ServicePort, ...]
    external: str
    headless: bool
    address: str
    outside: tuple[str, ...]
    unready_too: bool
    local: bool


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address behind a Service; `pod` is its pod's name, empty when it is none."""

    addresses: tuple[str, ...]
    ready: bool
    serving: bool
    terminating: bool
    pod: str
    node: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointSlice(Thing):
    """A discovery.k8s.io/v1 EndpointSlice of a Service; `ports` by name, None for any."""

    KIND: ClassVar[str] = "EndpointSlice"

    service: str
    ports: Mapping[str, int | None]
    endpoints: tuple[Endpoint, ...]


def parse_service(raw: Json) -> Service:
    """Read a core/v1 Service."""
    spec = part(raw, "spec")
    given = parts(raw, "status", "loadBalancer", "ingress")
    return Service(
        **head_of(raw),
        type=spec.get("type") or "ClusterIP",
        selector=dict(pairs(spec, "selector")),
        ports=tuple(_port(each) for each in parts(spec, "ports")),
        external=spec.get("externalName") or "",
        headless=spec.get("clusterIP") == "None",
        address="" if spec.get("clusterIP") == "None" else spec.get("clusterIP") or "",
        outside=tuple(each.get("hostname") or each.get("ip") or "" for each in given),
        unready_too=bool(spec.get("publishNotReadyAddresses")),
        local="Local" in {spec.get("internalTrafficPolicy"), spec.get("externalTrafficPolicy")},
    )


def _port(raw: Json) -> ServicePort:
    number = raw["port"]
    return ServicePort(
        name=raw.get("name") or "",
        number=number,
        target=str(raw.get("targetPort") or number),
        protocol=raw.get("protocol") or "TCP",
        app_protocol=raw.get("appProtocol") or "",
        node_port=raw.get("nodePort") or 0,
    )


def parse_slice(raw: Json) -> EndpointSlice:
    """Read a discovery.k8s.io/v1 EndpointSlice."""
    head = head_of(raw)
    return EndpointSlice(
        **head,
        service=head["labels"].get(_SERVICE, ""),
        ports={each.get("name") or "": each.get("port") for each in parts(raw, "ports")},
        endpoints=tuple(_endpoint(each) for each in parts(raw, "endpoints")),
    )


def _endpoint(raw: Json) -> Endpoint:
    """A condition that is not told counts as the API says: ready and serving, not terminating."""
    told, about = part(raw, "conditions"), part(raw, "targetRef")
    ready = told.get("ready")
    serving = told.get("serving")
    return Endpoint(
        addresses=words(raw, "addresses"),
        ready=ready is not False,
        serving=serving is not False if serving is not None else ready is not False,
        terminating=bool(told.get("terminating")),
        pod=about.get("name", "") if about.get("kind") == "Pod" else "",
        node=raw.get("nodeName") or "",
    )
