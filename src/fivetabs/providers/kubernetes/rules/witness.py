"""What a snapshot's events say of one thing, and how a finding about a thing is made."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from fivetabs.core import Evidence, Found
from fivetabs.providers.kubernetes.rules.saying import seen
from fivetabs.providers.kubernetes.shapes.cases import PodCase
from fivetabs.providers.kubernetes.shapes.events import Event
from fivetabs.providers.kubernetes.shapes.pods import Condition
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot
from fivetabs.providers.kubernetes.shapes.things import Thing

SOON = timedelta(seconds=5)  # manifests that belong together may be applied in any order


def accuse_thing(
    snapshot: Snapshot, thing: Thing, cause: str, *evidence: Evidence, **more: Any
) -> Found:
    """A finding about any object. `more` are the fields of `Found`."""
    more.setdefault("since", thing.created)
    return Found(thing.subject(snapshot.context), cause, evidence, **more)


def told_of(snapshot: Snapshot, thing: Thing, *reasons: str) -> Event | None:
    """The newest warning about an object for one of these reasons."""
    for event in snapshot.warnings:
        same = event.name == thing.name and event.reason in reasons
        if same and is_about(event, thing, by_name=snapshot.record):
            return event
    return None


def is_about(event: Event, thing: Thing, *, by_name: bool = False) -> bool:
    """Whether an event is about this object, not about a former one of the same name.

    `by_name`: the object has another uid than it had when the event was written.
    """
    same = (event.kind, event.namespace, event.name) == (thing.KIND, thing.namespace, thing.name)
    return same and (by_name or not event.uid or not thing.uid or event.uid == thing.uid)


def cases_of(snapshot: Snapshot, thing: Thing) -> Iterator[PodCase]:
    """The suspect pods of a workload."""
    for case in snapshot.cases:
        owners = (case.pod.owner, case.pod.controller)
        same = any(o is not None and (o.kind, o.name) == (thing.KIND, thing.name) for o in owners)
        if same and case.pod.namespace == thing.namespace:
            yield case


def older(snapshot: Snapshot, when: datetime | None, span: timedelta) -> bool:
    """Whether something has lasted longer than it may; False where its beginning is unknown."""
    return when is not None and snapshot.now - when > span


def past(snapshot: Snapshot, made: datetime | None, patience: timedelta) -> bool:
    """Whether a thing is out of its starting time; so is one that nobody knows the birth of."""
    return made is None or snapshot.record or older(snapshot, made, patience)


def from_condition(thing: Thing, condition: Condition) -> Evidence:
    """What a condition of an object says."""
    status = condition.status
    said = condition.message or condition.reason or status
    return seen(said, f"{thing.KIND} {thing.name} condition {condition.type}", condition.since)


def from_state(thing: Thing, text: str, when: datetime | None = None) -> Evidence:
    """A fact of an object's own fields."""
    return seen(text, f"{thing.KIND} {thing.name}", when or thing.created)
