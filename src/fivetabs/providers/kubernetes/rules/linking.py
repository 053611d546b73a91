"""All links of a snapshot, each once, in order."""

from collections.abc import Iterator

from fivetabs.core import Link, Relation
from fivetabs.providers.kubernetes.shapes.links import links_of, who
from fivetabs.providers.kubernetes.shapes.mistakes import guilty
from fivetabs.providers.kubernetes.shapes.needs import dependencies
from fivetabs.providers.kubernetes.shapes.paths import cuts_of
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot
from fivetabs.providers.kubernetes.shapes.ties import ties


def links(snapshot: Snapshot) -> tuple[Link, ...]:
    """What needs what. A workload whose own template is wrong is needed by its pods."""
    further = (*dependencies(snapshot), *_cut(snapshot), *ties(snapshot))
    found = dict.fromkeys((*_turned(snapshot), *further))
    return tuple(sorted(found, key=_order))


def _order(link: Link) -> tuple[str, str, str, str]:
    return str(link.source), link.relation.value, str(link.target), link.via


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


def _cut(snapshot: Snapshot) -> Iterator[Link]:
    """A user whose path is cut needs the policy to change; so do its failing pods."""
    for cut in snapshot.once(cuts_of):
        user, target = cut.wire.user, cut.policies[0].subject(snapshot.context)
        pods = (case.subject for case in snapshot.failing(user))
        for source in dict.fromkeys((who(snapshot, user), *pods)):
            via = f"{cut.side} policy cuts {cut.wire.address}"
            yield Link(source, Relation.LIMITED_BY, target, via)
