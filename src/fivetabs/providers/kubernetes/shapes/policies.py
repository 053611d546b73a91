"""NetworkPolicies: who may speak with the pods that they choose."""

from dataclasses import dataclass
from typing import ClassVar

from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.fields import part, parts, words
from fivetabs.providers.kubernetes.shapes.selectors import Selector, parse_selector
from fivetabs.providers.kubernetes.shapes.things import Thing, head_of


@dataclass(frozen=True, slots=True)
class Peer:
    """Pods by labels, in the policy's own namespace or in those chosen; or a block of addresses."""

    pods: Selector | None
    namespaces: Selector | None
    block: str = ""
    excepted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """Ports: one, a range up to `end`, or (empty `port`) all of a protocol."""

    protocol: str
    port: str
    end: int = 0


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one rule lets pass: no peers means from anywhere, no ports means any."""

    peers: tuple[Peer, ...]
    ports: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkPolicy(Thing):
    """A networking.k8s.io/v1 NetworkPolicy. None for a direction: it does not speak of it."""

    KIND: ClassVar[str] = "NetworkPolicy"

    pods: Selector
    ingress: tuple[Allowance, ...] | None
    egress: tuple[Allowance, ...] | None


def parse_policy(raw: Json) -> NetworkPolicy:
    """Read a networking.k8s.io/v1 NetworkPolicy."""
    spec = part(raw, "spec")
    types = words(spec, "policyTypes") or (
        ("Ingress", "Egress") if "egress" in spec else ("Ingress",)
    )
    incoming = tuple(_allowance(each, "from") for each in parts(spec, "ingress"))
    outgoing = tuple(_allowance(each, "to") for each in parts(spec, "egress"))
    return NetworkPolicy(
        **head_of(raw),
        pods=parse_selector(spec.get("podSelector")),
        ingress=incoming if "Ingress" in types else None,
        egress=outgoing if "Egress" in types else None,
    )


def _allowance(raw: Json, side: str) -> Allowance:
    return Allowance(
        peers=tuple(_peer(each) for each in parts(raw, side)),
        ports=tuple(
            Span(p.get("protocol") or "TCP", str(p.get("port") or ""), p.get("endPort") or 0)
            for p in parts(raw, "ports")
        ),
    )


def _peer(raw: Json) -> Peer:
    block = part(raw, "ipBlock")
    return Peer(
        pods=parse_selector(raw["podSelector"]) if "podSelector" in raw else None,
        namespaces=parse_selector(raw["namespaceSelector"]) if "namespaceSelector" in raw else None,
        block=block.get("cidr") or "",
        excepted=words(block, "except"),
    )
