"""Why something is broken: its chain of causes with the evidence, in one call."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from fivetabs.core import (
    Change,
    Closer,
    Estate,
    Evidence,
    Finding,
    Investigation,
    Part,
    Scope,
    Subject,
    Told,
    read,
)
from fivetabs.incident.folding import Incident, hearsay, incidents
from fivetabs.incident.graph import Graph, graph_of
from fivetabs.incident.subjects import Meant, meant
from fivetabs.incident.telling import as_finding, chains, checked, observed, unread
from fivetabs.incident.timeline import (
    gaps,
    looked_through,
    ranked,
    suspect,
    suspects,
    told,
)
from fivetabs.incident.tools.reports import Namespace

_SPAN = timedelta(hours=3)
_LOOKS = 2

About = Annotated[str, Field(description="A subject, a name, or plain words; empty: the worst.")]


@dataclass(frozen=True, slots=True)
class _Case:
    """All that an investigation goes by."""

    parts: tuple[Part, ...]
    told: tuple[Told, ...]
    graph: Graph
    troubles: tuple[Incident, ...]
    meant: Meant
    estate_now: datetime
    namespace: str
    missing: tuple[str, ...] = ()


@read(
    example={"about": "orders-api"},
    questions=(
        "Why is orders-api failing, what is the root cause?",
        "Investigate why checkout is down",
        "What is the cause of the outage, with evidence?",
    ),
)
async def investigate(
    estate: Estate, /, about: About = "", namespace: Namespace = ""
) -> Investigation:
    """Investigate why something is broken or down: the root cause of an outage, with evidence.

    Takes a name or plain words, finds what they mean, follows what it needs (node, Service, volume,
    configuration, database, instance), reads the logs, and names what changed near the onset. When
    nothing is wrong with it, says what was ruled out. For everything at once use get_health_report.
    """
    scope = Scope(namespace)
    parts, histories = await asyncio.gather(estate.parts(scope), estate.histories(_SPAN, scope))
    graph = graph_of(parts)
    troubles = incidents(parts, graph)
    subjects = meant(parts, about, troubles) if about.strip() else Meant(())
    case = _Case(parts, histories, graph, troubles, subjects, estate.now(), namespace)
    case = await _closer(estate, case)
    mine = _mine(case) if about.strip() else _worst(case)
    return _cause(case, mine) if mine else _ruled_out(case, about)


async def _closer(estate: Estate, case: _Case) -> _Case:
    """Read closer what is under suspicion, and judge again with what that brought."""
    causes = [each.cause.subject for each in (_mine(case) or _worst(case))]
    names = dict.fromkeys((*causes, *map(str, case.meant.subjects)))
    looks = [(part, subject) for name in names for part, subject in _places(case, name)][:_LOOKS]
    if not looks:
        return case
    closers = await asyncio.gather(*(estate.look(part, subject) for part, subject in looks))
    parts = case.parts
    for (part, subject), closer in zip(looks, closers, strict=True):
        parts = tuple(_with(p, subject, closer) if p.house == part.house else p for p in parts)
    graph = graph_of(parts)
    missing = tuple(each for closer in closers for each in closer.missing)
    return replace(
        case, parts=parts, graph=graph, troubles=incidents(parts, graph), missing=missing
    )


def _places(case: _Case, name: str) -> list[tuple[Part, Subject]]:
    scheme = name.partition(":")[0]
    known = {str(s): s for s in (*case.graph.needs, *case.graph.serves, *case.meant.subjects)}
    return [
        (part, known[name])
        for part in case.parts
        if name in known and part.target.partition(":")[0] == scheme
    ]


def _with(part: Part, subject: Subject, closer: Closer) -> Part:
    """The part with what a closer look brought: new findings, and evidence to those it had."""
    known = tuple(_again(f, subject, closer) for f in part.survey.findings)
    have = {(f.code, f.subject) for f in known}
    fresh = tuple(f for f in closer.findings if (f.code, f.subject) not in have)
    survey = replace(part.survey, findings=(*known, *fresh))
    return replace(part, survey=survey, links=(*part.links, *closer.links))


def _again(finding: Finding, subject: Subject, closer: Closer) -> Finding:
    """What is said of it now: with the evidence, or by the rule that sees better now."""
    if finding.subject != str(subject):
        return finding
    if finding.code in closer.replaces:
        of_it = (f for f in closer.findings if f.subject == finding.subject)
        better = next((f for f in of_it if f.code in closer.replaces), finding)
        finding = better.model_copy(
            update={"affects": finding.affects, "symptoms": finding.symptoms}
        )
    return _evident(finding, closer.evidence)


def _evident(finding: Finding, evidence: Sequence[Evidence]) -> Finding:
    quotes = {each.quote for each in finding.evidence}
    more = tuple(each for each in evidence if each.quote not in quotes)
    return finding.model_copy(update={"evidence": (*finding.evidence, *more)})


def _mine(case: _Case) -> list[Incident]:
    """The incidents of what was asked about: its own, else those of what it needs."""
    names = set(map(str, case.meant.subjects))
    own = [each for each in case.troubles if names & set(each.subjects())]
    if own:
        return own
    paths = (found for each in case.meant.subjects for found in case.graph.paths(each))
    needed = {str(subject) for subject, path in paths if not hearsay(path)}
    sick = (each for each in case.troubles if not each.latent)
    return [each for each in sick if needed & {each.cause.subject, *each.cause.symptoms}]


def _worst(case: _Case) -> list[Incident]:
    sick = [each for each in case.troubles if not each.latent]
    return sorted(sick, key=lambda each: not each.touches(case.namespace))[:1]


def _cause(case: _Case, mine: Sequence[Incident]) -> Investigation:
    worst, path = mine[0], _path(case, mine[0])
    now = max((p.now for p in case.parts if p.now), default=case.estate_now)
    changes = ranked(case.told, worst.onset, path)
    table = suspects(changes, worst.onset, now)
    answer = Investigation(
        summary=_summary(case, mine, suspect(changes, worst.onset, path)),
        findings=tuple(map(as_finding, mine)),
        chain=chains(worst, case.meant.subjects) or chains(worst),
        tables=(table,) if table else (),
        missing=(*unread([p for p in case.parts if not p.unset]), *gaps(case.told), *case.missing),
        notes=_meaning(case),
    )
    return observed(answer, case.parts)


def _path(case: _Case, incident: Incident) -> list[Subject]:
    """Every subject on the way from a symptom to the cause, the incident's own, and what those
    need at first hand: a change of a pod's node or configuration is a change of the pod.
    """  # noqa: D205
    on_path = [s for path in incident.paths for link in path for s in (link.source, link.target)]
    named = set(incident.subjects())
    known = (*case.graph.needs, *case.graph.serves)
    own = sorted({s for s in known if str(s) in named}, key=str)
    near = [s for each in own for s, path in case.graph.paths(each) if len(path) == 1]
    return [s for s in (*on_path, *own, *near) if isinstance(s, Subject)]


def _summary(case: _Case, mine: Sequence[Incident], change: Change | None) -> str:
    worst = mine[0]
    names = set(map(str, case.meant.subjects))
    own = [f for f in worst.symptoms if names & {f.subject, *f.symptoms}]
    why = f"{own[0].cause}. The cause: {worst.cause.cause}" if own else worst.cause.cause
    onset = worst.onset
    after = f" Suspect: {told(change, onset)}." if change and onset else ""
    more = f" {len(mine) - 1} more findings concern it." if len(mine) > 1 else ""
    return f"{why}.{after}{more}"


def _ruled_out(case: _Case, about: str) -> Investigation:
    """Nothing is wrong with it: what was looked at, and what has changed all the same."""
    names = ", ".join(map(str, case.meant.subjects)) or "anything"
    now = max((p.now for p in case.parts if p.now), default=case.estate_now)
    path = [s for each in case.meant.subjects for s, _ in case.graph.paths(each)]
    near = ranked(case.told, None, (*case.meant.subjects, *path))
    mine = [c for c in near if not about.strip() or c.subject in {*case.meant.subjects, *path}]
    table = suspects(mine, None, now)
    needs = f"what it needs was checked too: {', '.join(map(str, path[:8]))}" if path else ""
    answer = Investigation(
        summary=f"Nothing is wrong with {names} in what was checked.",
        healthy=(*filter(None, (needs,)), *checked(case.parts)),
        tables=(table,) if table else (),
        missing=(*unread([p for p in case.parts if not p.unset]), *gaps(case.told), *case.missing),
        notes=(*_meaning(case), *(f"looked for changes in {t}" for t in looked_through(case.told))),
    )
    return observed(answer, case.parts)


def _meaning(case: _Case) -> tuple[str, ...]:
    if not case.meant.others:
        return ()
    return (f"less likely meant: {', '.join(map(str, case.meant.others))}",)
