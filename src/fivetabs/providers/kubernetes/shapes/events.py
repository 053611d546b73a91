"""Events: what the cluster's own parts wrote down about an object, while they keep it (1 h)."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from fivetabs.core import term
from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.fields import part
from fivetabs.providers.kubernetes.shapes.times import parse_when

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Event:
    """One event, or several folded: `count` times, from `first` to `last`."""

    namespace: str
    kind: str
    name: str
    uid: str
    field: str
    type: str
    reason: str
    message: str
    count: int
    last: datetime
    first: datetime


def parse_event(raw: Json) -> Event:
    """Read a core/v1 Event, old style (count) or new (series)."""
    about, series = part(raw, "involvedObject"), part(raw, "series")
    last = (
        parse_when(series.get("lastObservedTime"))
        or parse_when(raw.get("lastTimestamp"))
        or parse_when(raw.get("eventTime"))
        or parse_when(raw["metadata"].get("creationTimestamp"))
    )
    return Event(
        namespace=about.get("namespace") or raw["metadata"].get("namespace", ""),
        kind=about.get("kind", ""),
        name=about.get("name", ""),
        uid=about.get("uid", ""),
        field=about.get("fieldPath", ""),
        type=term(raw.get("type") or ""),
        reason=term(raw.get("reason") or ""),
        message=(raw.get("message") or "").strip(),
        count=series.get("count") or raw.get("count") or 1,
        last=last or _NEVER,
        first=_first(raw) or last or _NEVER,
    )


def parse_events(raws: Iterable[Json]) -> Iterator[Event]:
    """Events that can be read; of one that cannot be, no proof is made."""
    for raw in raws:
        with suppress(KeyError, TypeError, AttributeError, ValueError):
            yield parse_event(raw)


def fold_events(events: Iterable[Event]) -> tuple[Event, ...]:
    """One for each object, reason and container, with the newest message; newest first."""
    groups: dict[tuple[str, ...], Event] = {}
    for event in sorted(events, key=lambda e: e.last):
        key = (event.kind, event.namespace, event.name, event.field, event.type, event.reason)
        if event.reason == "Unhealthy":  # readiness and liveness share a reason
            key = (*key, event.message.partition(" ")[0])
        before = groups.pop(key, None)
        if before is not None:
            first, times = min(before.first, event.first), event.count + before.count
            event = replace(event, count=times, first=first)  # noqa: PLW2901
        groups[key] = event
    return tuple(reversed(groups.values()))


def _first(raw: Json) -> datetime | None:
    return (
        parse_when(raw.get("firstTimestamp"))
        or parse_when(raw.get("eventTime"))
        or parse_when(raw["metadata"].get("creationTimestamp"))
    )
