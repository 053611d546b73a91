"""Why something is broken: its chain of causes with the evidence, in one call."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
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
    quoted,
    read,
    shortened,
)
from fivetabs.incident.case import Case, homes
from fivetabs.incident.folding import Incident, incidents
from fivetabs.incident.gaps import DOUBT, not_set_up, nothing_read, unread, was_read
from fivetabs.incident.graph import graph_of
from fivetabs.incident.subjects import Meant, meant
from fivetabs.incident.telling import as_finding, chains, checked, observed, short
from fivetabs.incident.timeline import lately, on_path, suspect, table, told
from fivetabs.incident.tools.reports import Namespace

_SPAN = timedelta(hours=3)
_LOOKS = 2
_PROOF, _SIGNS, _PROOF_OF_MORE = 4, 2, 1
_NAMED, _STRANGERS, _SEEN = 8, 3, 2
_QUOTE = 160

About = Annotated[str, Field(description="A subject, a name, or plain words; empty: the worst.")]


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
    if not any(map(was_read, parts)):
        told, notes = nothing_read(parts), not_set_up(parts)
        return Investigation(summary=told, missing=unread(parts, histories), notes=notes)
    graph = graph_of(parts)
    troubles = incidents(parts, graph)
    subjects = meant(parts, about, troubles) if about.strip() else Meant(())
    case = Case(parts, histories, graph, troubles, subjects, estate.now(), namespace)
    case = await _closer(estate, case)
    mine = case.mine() if about.strip() else case.worst()
    return observed(_cause(case, mine) if mine else _ruled_out(case), case.parts)


async def _closer(estate: Estate, case: Case) -> Case:
    """Read closer what is under suspicion, and judge again with what that brought."""
    causes = [each.cause.subject for each in (case.mine() or case.worst())]
    parts_of = {str(s) for s in case.graph.wholes(_known(case, causes))}
    names = dict.fromkeys(
        (*causes, *(n for n in map(str, case.meant.subjects) if n not in parts_of))
    )
    looks = [(part, subject) for name in names for part, subject in _places(case, name)][:_LOOKS]
    if not looks:
        return case
    closers = await asyncio.gather(*(estate.look(part, subject) for part, subject in looks))
    parts = case.parts
    for (part, subject), closer in zip(looks, closers, strict=True):
        parts = tuple(_with(p, subject, closer) if p.house == part.house else p for p in parts)
    graph = graph_of(parts)
    seen = (c.evidence for (_, s), c in zip(looks, closers, strict=True) if str(s) in case.names)
    return replace(
        case,
        parts=parts,
        graph=graph,
        troubles=incidents(parts, graph),
        seen=tuple(evidence for several in seen for evidence in several),
        missing=tuple(each for closer in closers for each in closer.missing),
    )


def _places(case: Case, name: str) -> list[tuple[Part, Subject]]:
    known = _known(case, (name,))
    return [(part, each) for each in known for part in homes(case.parts, each)]


def _known(case: Case, names: Iterable[str]) -> list[Subject]:
    known = {str(s): s for s in (*case.graph.needs, *case.graph.serves, *case.meant.subjects)}
    return [known[name] for name in names if name in known]


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


def _cause(case: Case, mine: Sequence[Incident]) -> Investigation:
    worst, *others = mine
    own, changes = case.own(worst), list[Change]()
    if worst.onset:
        changes = on_path(case.told, own, case.path(worst, own), worst.onset)
    near = table(changes, worst.onset, case.now)
    return Investigation(
        summary=_summary(case, mine, suspect(changes, case.roots(worst, own), worst.onset)),
        findings=(
            as_finding(worst, _PROOF, _SIGNS),
            *(as_finding(each, _PROOF_OF_MORE, 0) for each in others),
        ),
        chain=chains(worst, case.meant.subjects) or chains(worst),
        tables=(near,) if near else (),
        missing=unread(case.parts, case.told, case.missing),
        notes=tuple(_meaning(case)),
    )


def _summary(case: Case, mine: Sequence[Incident], change: Change | None) -> str:
    worst = mine[0]
    own = [f for f in worst.symptoms if case.names & {f.subject, *f.symptoms}]
    why = f"{own[0].cause}. The cause: {worst.cause.cause}" if own else worst.cause.cause
    onset = worst.onset
    after = f" Suspect: {told(change, onset)}." if change and onset else ""
    others = len(mine) - 1
    finding = "finding concerns" if others == 1 else "findings concern"
    more = f" {others} more {finding} it." if others else ""
    return f"{_guess(case)}{why}.{after}{more}"


def _ruled_out(case: Case) -> Investigation:
    """Nothing is wrong with it: what was looked at, and what has changed all the same."""
    names = ", ".join(map(str, case.meant.subjects)) or "anything"
    path = dict.fromkeys((*case.meant.subjects, *case.needed()))
    changes = lately(case.told, (*path, *case.graph.wholes(case.meant.subjects)))
    late = table(changes, None, case.now)
    missing = unread(case.parts, case.told, case.missing)
    doubt = DOUBT if missing else ""
    return Investigation(
        summary=f"{_guess(case)}Nothing is wrong with {names} in what was checked{doubt}.",
        healthy=tuple(_well(case)) if case.meant.subjects else checked(case.parts),
        tables=(late,) if late else (),
        missing=missing,
        notes=(*_meaning(case), *_beside(case)),
    )


def _well(case: Case) -> Iterator[str]:
    """What it needs, what of it was looked at, and the houses in which nothing concerns it."""
    needed = list(map(short, case.needed()))
    if needed:
        more = f" and {len(needed) - _NAMED} more" if len(needed) > _NAMED else ""
        yield f"what it needs, without a finding: {', '.join(needed[:_NAMED])}{more}"
    mine = [part.house for each in case.meant.subjects for part in homes(case.parts, each)]
    own = [part for part in case.parts if part.house in mine]
    for part in own:
        yield f"ruled out in {part.house}: {part.checks}"
    others = [part.house for part in case.parts if not part.status and part not in own]
    if others:
        yield f"no finding that concerns it in {', '.join(others)}"
    for each in case.seen[:_SEEN]:
        yield f"seen closer: {quoted(shortened(each.quote, _QUOTE))} ({each.source})"


def _guess(case: Case) -> str:
    if not case.meant.guessed:
        return ""
    return f"No name is like that; the nearest is {case.meant.subjects[0]}. "


def _meaning(case: Case) -> Iterator[str]:
    if others := case.strangers()[:_STRANGERS]:
        yield f"less likely meant: {', '.join(map(str, others))}"


def _beside(case: Case) -> Iterator[str]:
    """Somebody who asks about a thing that is well may look for what is not."""
    if case.troubles:
        others = len(case.troubles)
        trouble = "incident" if others == 1 else "incidents"
        yield f"{others} {trouble} elsewhere: get_health_report tells"
