"""What the API server asks before it takes an object: webhooks, and APIs that others serve."""

from dataclasses import dataclass
from typing import ClassVar, TypeVar

from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.fields import part, parts, words
from fivetabs.providers.kubernetes.shapes.pods import Condition, parse_conditions
from fivetabs.providers.kubernetes.shapes.selectors import Selector, parse_selector
from fivetabs.providers.kubernetes.shapes.things import Thing, head_of


@dataclass(frozen=True, slots=True)
class Webhook:
    """One webhook: the Service or the address that is asked, and about what.

    `fails_closed`: without an answer the request is refused. `resources` are `group/plural`.
    """

    name: str
    service: tuple[str, str] | None
    port: int
    url: str
    fails_closed: bool
    seconds: int
    resources: tuple[str, ...]
    operations: tuple[str, ...]
    namespaces: Selector
    objects: Selector
    conditional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhooks(Thing):
    """A webhook configuration of either kind."""

    hooks: tuple[Webhook, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Validating(Webhooks):
    """An admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration."""

    KIND: ClassVar[str] = "ValidatingWebhookConfiguration"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutating(Webhooks):
    """An admissionregistration.k8s.io/v1 MutatingWebhookConfiguration."""

    KIND: ClassVar[str] = "MutatingWebhookConfiguration"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiService(Thing):
    """An apiregistration.k8s.io/v1 APIService; `service` is None for what is built in."""

    KIND: ClassVar[str] = "APIService"

    service: tuple[str, str] | None
    conditions: tuple[Condition, ...]


W = TypeVar("W", bound=Webhooks)


def parse_validating(raw: Json) -> Validating:
    """Read a ValidatingWebhookConfiguration."""
    return _parse(raw, Validating)


def parse_mutating(raw: Json) -> Mutating:
    """Read a MutatingWebhookConfiguration."""
    return _parse(raw, Mutating)


def _parse(raw: Json, shape: type[W]) -> W:
    return shape(**head_of(raw), hooks=tuple(_hook(each) for each in parts(raw, "webhooks")))


def parse_api_service(raw: Json) -> ApiService:
    """Read an apiregistration.k8s.io/v1 APIService."""
    return ApiService(
        **head_of(raw),
        service=_service(part(raw, "spec", "service")),
        conditions=parse_conditions(part(raw, "status")),
    )


def _hook(raw: Json) -> Webhook:
    client = part(raw, "clientConfig")
    rules = parts(raw, "rules")
    plurals = (
        f"{group}/{plural}"
        for rule in rules
        for group in words(rule, "apiGroups")
        for plural in words(rule, "resources")
    )
    return Webhook(
        name=raw["name"],
        service=_service(part(client, "service")),
        port=part(client, "service").get("port") or 443,
        url=client.get("url") or "",
        fails_closed=(raw.get("failurePolicy") or "Fail") == "Fail",
        seconds=raw.get("timeoutSeconds") or 10,
        resources=tuple(dict.fromkeys(plurals)),
        operations=tuple(dict.fromkeys(o for rule in rules for o in words(rule, "operations"))),
        namespaces=parse_selector(raw.get("namespaceSelector")),
        objects=parse_selector(raw.get("objectSelector")),
        conditional=bool(raw.get("matchConditions")),
    )


def _service(raw: Json) -> tuple[str, str] | None:
    """Namespace and name."""
    return (raw.get("namespace") or "", raw.get("name") or "") if raw else None
