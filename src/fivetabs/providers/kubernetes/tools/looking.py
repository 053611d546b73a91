"""A closer look at one suspect: its own events, and what its sickest pod wrote."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from fivetabs.core import (
    Closer,
    Evidence,
    Fault,
    Finding,
    Link,
    Relation,
    Subject,
    first_of,
    run_rules,
)
from fivetabs.core.logs import Bounds, Digest, Template, Wish
from fivetabs.providers.kubernetes.port import Cluster
from fivetabs.providers.kubernetes.rules.order import POD_RULES, SPOKEN_RULES
from fivetabs.providers.kubernetes.rules.saying import from_event, seen
from fivetabs.providers.kubernetes.shapes.cases import PodCase
from fivetabs.providers.kubernetes.shapes.configs import ConfigMap
from fivetabs.providers.kubernetes.shapes.containers import Container
from fivetabs.providers.kubernetes.shapes.events import Event
from fivetabs.providers.kubernetes.shapes.machines import Node
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot
from fivetabs.providers.kubernetes.shapes.spoken import hosts_in
from fivetabs.providers.kubernetes.shapes.tables import PodRow
from fivetabs.providers.kubernetes.tools.evidence import make_case
from fivetabs.providers.kubernetes.tools.hearing import Asked, hear
from fivetabs.providers.kubernetes.tools.locating import belongs, severity
from fivetabs.providers.kubernetes.tools.placing import among, beside
from fivetabs.providers.kubernetes.tools.reading import Gaps, events_about, one_pod
from fivetabs.providers.kubernetes.tools.rights import with_rights

_SECONDS = 5.0
_LINES = 40
_BOUNDS = Bounds(lines=200_000, bytes=32 * 1024 * 1024, seconds=4.0)
_QUOTED = 6
_LAST = 3
_EVENTS = 5
_CONTAINERS = 4
_NAMESPACED = 3
# What happens to everything that is well, and what only repeats that a container ends.
_ROUTINE = frozenset(
    (
        *("Scheduled", "Pulling", "Pulled", "Created", "Started", "BackOff", "RegisteredNode"),
        *(
            "Starting",
            "NodeAllocatableEnforced",
            "NodeHasSufficientMemory",
            "NodeHasNoDiskPressure",
        ),
        *("NodeHasSufficientPID", "SuccessfulCreate", "ScalingReplicaSet"),
    )
)


@dataclass(frozen=True, slots=True)
class _Said:
    """What one container wrote: clustered, and the lines that rules look at."""

    name: str
    digest: Digest | None
    lines: tuple[str, ...]


async def look(cluster: Cluster, snapshot: Snapshot, subject: Subject) -> Closer:
    """Read closer, within 5 s; what could not be read in that time is said."""
    try:
        async with asyncio.timeout(_SECONDS):
            rows = _pods_of(snapshot, subject)
            if rows:
                closer = await _pod(cluster, snapshot, rows[0])
                well = () if closer.findings else (_standing(subject, rows),)
                return replace(closer, evidence=(*well, *closer.evidence))
            return await _thing(cluster, snapshot, subject)
    except Fault as fault:
        return Closer(missing=(f"a closer look at {subject}: {fault}",))
    except TimeoutError:
        return Closer(missing=(f"a closer look at {subject}: not within {_SECONDS:g} s",))


def _pods_of(snapshot: Snapshot, subject: Subject) -> list[PodRow]:
    """The pod itself, or those of a workload, the sickest first."""
    *_, kind, name = subject.parts
    rows = snapshot.homes.get(_space(subject), ())
    if kind == "Pod":
        return [row for row in rows if row.name == name]
    mine = [row for row in rows if row.may_hold(name) and belongs(row, name)]
    return sorted(mine, key=lambda row: (severity(row), -row.restart_count, row.name))


def _standing(subject: Subject, rows: Sequence[PodRow]) -> Evidence:
    """How its pods stand, in the words of `kubectl get pods`."""
    words = Counter(f"{row.status} with {row.ready} ready" for row in rows)
    told = ", ".join(f"{count} {word}" for word, count in sorted(words.items()))
    restarts = sum(row.restart_count for row in rows)
    pods = "pod" if len(rows) == 1 else "pods"
    quote = f"{len(rows)} {pods}: {told}; {restarts} restarts"
    return Evidence(quote=quote, source=f"pods of {subject.parts[-2]}/{subject.name}")


async def _pod(cluster: Cluster, snapshot: Snapshot, row: PodRow) -> Closer:
    gaps = Gaps()
    (row, raw), events = await asyncio.gather(
        one_pod(cluster, row.namespace, row.name),
        gaps.allow("events", events_about(cluster, row.namespace, row.uid), ()),
    )
    lost = {case.pod.node: case.node_lost for case in snapshot.cases if case.node_lost}
    bare = make_case(cluster, row, raw, events, lost)
    if snapshot.record:
        bare = replace(bare, now=snapshot.now)
    heard = await asyncio.gather(
        *(_said(cluster, bare, each, gaps) for each in _speakers(bare)[:_CONTAINERS])
    )
    told = replace(bare, words={each.name: each.lines for each in heard if each.lines})
    (case,) = beside(among((told,), snapshot.all(Node)), snapshot.all(ConfigMap))
    near = replace(snapshot, cases=(case,), warnings=())
    near = await with_rights(cluster, near, gaps)
    return Closer(
        evidence=tuple(_evidence(case, heard, events)),
        findings=(*_findings(case), *run_rules(SPOKEN_RULES, (near,))),
        links=tuple(_links(snapshot, case)),
        missing=tuple(gaps.told),
        replaces=frozenset(rule.code for rule in POD_RULES),
    )


async def _thing(cluster: Cluster, snapshot: Snapshot, subject: Subject) -> Closer:
    """Any other object: what the cluster's own parts wrote about it."""
    for shelf in snapshot.shelves.values():
        for each in shelf:
            if each.subject(snapshot.context) == subject and each.uid:
                events = await events_about(cluster, _space(subject), each.uid)
                telling = [event for event in events if event.reason not in _ROUTINE]
                return Closer(tuple(from_event(event) for event in telling[:_EVENTS]))
    return Closer()


def _space(subject: Subject) -> str:
    return subject.parts[0] if len(subject.parts) == _NAMESPACED else ""


def _speakers(case: PodCase) -> list[Container]:
    """Containers that ever ran, those in trouble first."""
    ran = [
        c
        for c in case.pod.containers
        if c.state.word in {"running", "terminated"} or c.last.word == "terminated"
    ]
    return sorted(ran, key=lambda c: (c.ready, -c.restarts, c.name))


async def _said(cluster: Cluster, case: PodCase, container: Container, gaps: Gaps) -> _Said:
    """What a container wrote, clustered; of one that crashed, what it wrote before that."""
    asked = Asked(cluster, case.pod, Wish(bounds=_BOUNDS), "", previous=False)
    try:
        spoken = await hear(asked, (container,))
    except Fault as fault:
        gaps.told.append(f"log of {case.pod.name}/{container.name}: {fault}")
        return _Said(container.name, None, ())
    gaps.told += (f"log of {case.pod.name}/{name}: {why}" for name, why in spoken.silent)
    bad = [each.example for each in spoken.found.templates if _complains(each)]
    lines = (*bad, *spoken.found.text.splitlines()[-_LINES:], *spoken.last)
    told = tuple(dict.fromkeys(line for line in lines if line.strip()))
    return _Said(container.name, spoken.found, told)


def _complains(template: Template) -> bool:
    return template.level == "error" or template.odd


def _evidence(case: PodCase, said: Sequence[_Said], events: Sequence[Event]) -> Iterator[Evidence]:
    """The shapes of lines that complain with their counts, else the last lines; then events."""
    for each in said:
        source = f"log of {case.pod.namespace}/{case.pod.name}/{each.name}"
        templates = each.digest.templates if each.digest else ()
        told = [template for template in templates if _complains(template)][:_QUOTED]
        for template in told:
            times = f", x{template.count}" if template.count > 1 else ""
            yield seen(template.example, f"{source}{times}", template.last)
        if not told and each.lines:
            yield seen(" | ".join(each.lines[-_LAST:]), f"{source}, its end", None)
    for event in [each for each in events if each.reason not in _ROUTINE][:_EVENTS]:
        yield from_event(event)


def _findings(case: PodCase) -> tuple[Finding, ...]:
    return first_of(POD_RULES, (case,))


def _links(snapshot: Snapshot, case: PodCase) -> Iterator[Link]:
    words: Mapping[str, tuple[str, ...]] = case.words
    for name, lines in sorted(words.items()):
        for address, _ in hosts_in(lines):
            place = snapshot.place(address.host, case.pod.namespace)
            target = (
                snapshot.subject("Service", place.namespace, place.service)
                if place
                else address.host
            )
            via = f"the log of container {name} names {address}"
            yield Link(case.subject, Relation.DEPENDS_ON, target, via)
