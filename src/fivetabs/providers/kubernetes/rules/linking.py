"""All links of a snapshot, each once, in order."""

from collections.abc import Iterator

from fivetabs.core import Link, Relation
from fivetabs.providers.kubernetes.shapes.links import links_of, who
from fivetabs.providers.kubernetes.shapes.mistakes import guilty
from fivetabs.providers.kubernetes.shapes.needs import dependencies
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot
from fivetabs.providers.kubernetes.shapes.ties import ties


def links(snapshot: Snapshot) -> tuple[Link, ...]:
    """What needs what. A workload whose own template is wrong is needed by its pods."""
    found = dict.fromkeys((*_turned(snapshot), *dependencies(snapshot), *ties(snapshot)))
    return tuple(
        sorted(found, key=lambda each: (each.source, each.relation, str(each.target), each.via))
    )


def _turned(snapshot: Snapshot) -> Iterator[Link]:
    wrong = {snapshot.subject(kind, space, name) for space, kind, name in guilty(snapshot)}
    for link in links_of(snapshot):
        if link.relation is not Relation.MADE_OF or link.source not in wrong:
            yield link
    for user in snapshot.users:
        source = who(snapshot, user)
        if source in wrong:
            for case in snapshot.suspects(user):
                if case.subject != source:
                    yield Link(case.subject, Relation.DEPENDS_ON, source, "its own template")
