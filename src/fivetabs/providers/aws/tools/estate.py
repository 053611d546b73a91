"""How this house tells its part of the estate: one account, in the regions of its target."""

from collections.abc import Iterator
from typing import Protocol

from fivetabs.core import Chart, Match, Subject
from fivetabs.core.matching import Named, Words
from fivetabs.providers.aws.port import Account
from fivetabs.providers.aws.shapes.snapshots import Place, Snapshot
from fivetabs.providers.aws.tools.estate_cases import survey
from fivetabs.providers.aws.tools.estate_changes import changes
from fivetabs.providers.aws.tools.estate_links import aliases, links
from fivetabs.providers.aws.tools.estate_looking import look
from fivetabs.providers.aws.tools.estate_reading import load


class _Thing(Protocol):
    @property
    def subject(self) -> Subject: ...


def find(snapshot: Snapshot, text: str) -> tuple[Match, ...]:
    """Things by id, name, ARN, host, tag or words of them; best first."""
    words = Words.of(text)
    known: dict[Subject, list[str]] = {}
    for alias, subject in aliases(snapshot).items():
        known.setdefault(subject, []).append(alias)
    found: list[Match] = []
    for subject, named in _things(snapshot):
        names = (subject.name, str(subject), *named.names, *known.get(subject, ()))
        score = words.score(Named(names, (*subject.parts[:1], "aws", *named.traits)))
        if score:
            found.append(Match(subject, score))
    return tuple(sorted(found, key=lambda m: (-m.score, m.subject)))


def _things(snapshot: Snapshot) -> Iterator[tuple[Subject, Named]]:
    for place in snapshot.places:
        for i in place.instances:
            tags = tuple(f"{key} {value}" for key, value in i.tags)
            yield i.subject, Named((i.name,), ("instance", "server", i.type, i.group, *tags))
        for alarm in place.alarms:
            yield alarm.subject, Named((), ("alarm", alarm.metric, alarm.watches))
        for guard in place.security_groups:
            yield guard.subject, Named((guard.name,), ("security group",))
        for words, things in _plain(place):
            for thing in things:
                yield thing.subject, Named((), (words, place.region))
    for exposure in snapshot.buckets:
        yield exposure.subject, Named((), ("bucket", exposure.bucket.region))


def _plain(place: Place) -> tuple[tuple[str, tuple[_Thing, ...]], ...]:
    """What has no name but its own, by what people call its kind."""
    return (
        ("volume disk", place.volumes),
        ("load balancer", place.balancers),
        ("target group", place.target_groups),
        ("auto scaling group", place.scaling_groups),
        ("database", place.databases),
        ("queue", place.queues),
    )


def checks() -> str:
    """What the rules look at, in a few words."""
    return (
        "status checks, alarms, target groups, scaling, volumes, databases, security groups, "
        "public buckets"
    )


CHART: Chart[Account, Snapshot] = Chart(load, survey, links, aliases, find, look, changes, checks)
