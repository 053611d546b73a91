"""What uses a Service: what routes to it, and whose configuration names it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fivetabs.core import term
from fivetabs.providers.kubernetes.shapes.admission import ApiService, Mutating, Validating
from fivetabs.providers.kubernetes.shapes.ingresses import Ingress
from fivetabs.providers.kubernetes.shapes.needs import needs_of, own
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot

Key = tuple[str, str]


@dataclass(frozen=True, slots=True, order=True)
class Use:
    """One use, in words; `hit` when what uses it would notice: it routes, or its pods fail."""

    words: str
    hit: bool


def uses_of(snapshot: Snapshot) -> Mapping[Key, tuple[Use, ...]]:
    """The uses of each Service, by namespace and name; those that are hit first."""
    found: dict[Key, set[Use]] = {}
    for key, use in snapshot.once(_uses):
        found.setdefault(key, set()).add(use)
    return {
        key: tuple(sorted(uses, key=lambda u: (not u.hit, u.words))) for key, uses in found.items()
    }


def _uses(snapshot: Snapshot) -> Iterator[tuple[Key, Use]]:
    yield from _routed(snapshot)
    yield from _named(snapshot)


def _routed(snapshot: Snapshot) -> Iterator[tuple[Key, Use]]:
    for ingress in snapshot.all(Ingress):
        for route in ingress.routes:
            words = f"Ingress {ingress.place} routes {term(route.host) or 'all hosts'} to it"
            yield (ingress.namespace, route.service), Use(words, hit=True)
    for kind in (Validating, Mutating):
        for each in snapshot.all(kind):
            for hook in each.hooks:
                if hook.service:
                    yield hook.service, Use(f"webhook {hook.name} asks it", hook.fails_closed)
    for api in snapshot.all(ApiService):
        if api.service:
            yield api.service, Use(f"APIService {api.name} is served by it", hit=True)


def _named(snapshot: Snapshot) -> Iterator[tuple[Key, Use]]:
    for need in snapshot.once(needs_of):
        user = need.wire.user
        if need.service is not None and not user.idle and not own(snapshot, need.wire):
            words = f"{user.owner} names it ({need.wire.via})"
            yield (
                (need.place.namespace, need.place.service),
                Use(words, bool(snapshot.failing(user))),
            )
