"""Symptoms under their causes: findings that need each other become one incident.

A finding is a symptom of another when its subject needs the other's, by way of the graph; when the
other began no later, and not so long before that it cannot be what began now; and when its own rule
does not already name a cause that lies in the thing itself.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fivetabs.core import Finding, Part, Relation, Severity, Subject, parse_time
from fivetabs.incident.graph import Graph, Path

_LATER, _MUCH_LATER = timedelta(minutes=5), timedelta(hours=2)
_STALE = timedelta(hours=12)
# By these the thing that is needed decides: a Service without ready pods is nothing of its own.
_BY_NATURE = (Relation.MADE_OF, Relation.ROUTES_TO, Relation.WATCHES, Relation.MOUNTS)
_CHANCES = (Relation.MANAGED_BY, Relation.USES_IMAGE)


@dataclass(frozen=True, slots=True)
class Incident:
    """One trouble: the finding that names its cause, and the findings that are its symptoms.

    `paths` lead from a symptom's subject to the cause's; `hit` are subjects above them that have
    no finding of their own and nothing well left beneath them.
    """

    cause: Finding
    symptoms: tuple[Finding, ...] = ()
    paths: tuple[Path, ...] = ()
    hit: tuple[str, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The cause and the symptoms."""
        return (self.cause, *self.symptoms)

    @property
    def latent(self) -> bool:
        """Whether it is no trouble: something is switched off, and nothing sick needs it."""
        return self.cause.latent and not self.symptoms

    @property
    def onset(self) -> datetime | None:
        """When it began: by its cause, else by the first symptom that tells a time."""
        if self.cause.since:
            return parse_time(self.cause.since)
        return min((parse_time(f.since) for f in self.symptoms if f.since), default=None)

    def touches(self, namespace: str) -> bool:
        """Whether anything of it is in that namespace; an empty one is all of them."""
        return not namespace or any(f"/{namespace}/" in each for each in self.subjects())

    def subjects(self) -> tuple[str, ...]:
        """Everything it is about, the cause's subject first."""
        named = (s for f in self.findings for s in (f.subject, *f.symptoms))
        return tuple(dict.fromkeys((*named, *self.hit)))


@dataclass(slots=True)
class _Case:
    """A finding on its way into an incident, and what it is a symptom of."""

    finding: Finding
    subjects: tuple[Subject, ...]
    since: datetime | None
    under: "_Case | None" = None
    path: Path = ()
    below: list["_Case"] = field(default_factory=list["_Case"])

    def root(self) -> "_Case":
        """The case at the end of the chain."""
        case = self
        while case.under is not None:
            case = case.under
        return case


def incidents(parts: Sequence[Part], graph: Graph) -> tuple[Incident, ...]:
    """The findings of all houses as incidents, worst first."""
    known = _subjects(graph)
    cases = [_case(finding, known) for finding in _told(parts)]
    owners: dict[Subject, list[_Case]] = {}
    for case in cases:
        for subject in case.subjects:
            owners.setdefault(subject, []).append(case)
    _same_thing(cases)
    for case in cases:
        if not case.finding.basic and case.under is None:
            _put_under(case, owners, graph)
    roots: dict[int, list[_Case]] = {}
    for case in cases:
        roots.setdefault(id(case.root()), []).append(case)
    found = (_incident(group, graph) for group in roots.values())
    return tuple(sorted(found, key=_rank))


def _told(parts: Sequence[Part]) -> Iterator[Finding]:
    """Every finding; one that two parts tell (an account, and a region of it) only once."""
    seen: set[tuple[str, str]] = set()
    for part in parts:
        fresh = [f for f in part.survey.findings if (f.code, f.subject) not in seen]
        yield from fresh
        seen.update((f.code, f.subject) for f in fresh)


def _subjects(graph: Graph) -> Mapping[str, Subject]:
    return {str(subject): subject for subject in (*graph.needs, *graph.serves)}


def _case(finding: Finding, known: Mapping[str, Subject]) -> _Case:
    named = (finding.subject, *finding.symptoms, *filter(None, (finding.about,)))
    subjects = tuple(known[each] for each in dict.fromkeys(named) if each in known)
    return _Case(finding, subjects, parse_time(finding.since) if finding.since else None)


def _put_under(case: _Case, owners: Mapping[Subject, Sequence[_Case]], graph: Graph) -> None:
    """Find the nearest finding that explains this one."""
    found = [
        (_fitness(other, path), other, path)
        for start in case.subjects
        for place, path in graph.paths(start)
        for other in owners.get(place, ())
        if other.root() is not case.root() and _explains(other, case, path)
    ]
    if found:
        _, other, path = min(found, key=lambda each: each[0])
        case.under, case.path = other, path


def _explains(other: _Case, case: _Case, path: Path) -> bool:
    relations = {link.relation for link in path}
    if relations & set(_CHANCES) or hearsay(path):
        return False
    if other.finding.severity is Severity.INFO and relations != {Relation.DEPENDS_ON}:
        return False
    if other.since is None or case.since is None:
        return True
    if relations <= set(_BY_NATURE):
        return other.since <= case.since + _MUCH_LATER
    said = any("log" in link.via for link in path)
    stale = case.since - other.since > _STALE and not said
    return other.since <= case.since + _LATER and not stale


def hearsay(path: Path) -> bool:
    """Whether an alarm is heard of only by a detour: it rings over the machine below a pod's node,
    where most alarms are nothing to the pod, or over what another alarm watches.
    """  # noqa: D205
    relations = [link.relation for link in path]
    if Relation.WATCHED_BY not in relations:
        return False
    return relations.count(Relation.RUNS_ON) > 1 or Relation.WATCHES in relations


def _fitness(other: _Case, path: Path) -> tuple[int, int, str]:
    order = list(Severity)
    return len(path), order.index(other.finding.severity), other.finding.subject


def _same_thing(cases: Sequence[_Case]) -> None:
    """Findings about one and the same thing are one trouble: the most affected one tells it."""
    groups: dict[tuple[str, str], list[_Case]] = {}
    for case in cases:
        if case.finding.about and case.under is None:
            groups.setdefault((case.finding.about, case.finding.code), []).append(case)
    for group in groups.values():
        first, *others = sorted(group, key=lambda c: (-c.finding.affects, c.finding.subject))
        for other in others:
            other.under = first


def _incident(group: Sequence[_Case], graph: Graph) -> Incident:
    root = next(case for case in group if case.under is None)
    below = sorted((c for c in group if c is not root), key=lambda c: _finding_rank(c.finding))
    hit = graph.above(_every(group))
    own = {s for case in group for s in (case.finding.subject, *case.finding.symptoms)}
    return Incident(
        cause=root.finding,
        symptoms=tuple(case.finding for case in below),
        paths=tuple(_whole_path(case) for case in below),
        hit=tuple(name for name in map(str, hit) if name not in own),
    )


def _every(group: Iterable[_Case]) -> Iterator[Subject]:
    for case in group:
        yield from case.subjects


def _whole_path(case: _Case) -> Path:
    path: Path = ()
    here: _Case | None = case
    while here is not None:
        path, here = (*path, *here.path), here.under
    return path


def _finding_rank(finding: Finding) -> tuple[int, int, str]:
    return list(Severity).index(finding.severity), -finding.affects, finding.subject


def _rank(incident: Incident) -> tuple[int, int, str]:
    """By the worst that it does, then by how much it does."""
    worst = min(_finding_rank(finding)[0] for finding in incident.findings)
    return worst, -len(incident.subjects()), incident.cause.subject
