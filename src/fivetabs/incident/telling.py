"""An incident as one finding: its cause, its symptoms under it, and the chain between them."""

from collections.abc import Sequence
from typing import TypeVar

from fivetabs.core import Answer, Evidence, Finding, Link, Part, Subject, stamp, term
from fivetabs.incident.folding import Incident
from fivetabs.incident.graph import Path

A = TypeVar("A", bound=Answer)
_FEW = 2
_CHAINS = 2


def as_finding(incident: Incident) -> Finding:
    """The cause, with every other subject of the incident as a symptom and its telling evidence."""
    cause = incident.cause
    subject, *others = incident.subjects()
    telling = [e for finding in incident.symptoms for e in finding.evidence[:1]]
    return cause.model_copy(
        update={
            "severity": min((f.severity for f in incident.findings), key=_severity),
            "affects": 1 + len(others),
            "symptoms": tuple(others),
            "evidence": (*cause.evidence, *_different(telling, cause.evidence)[:_FEW]),
            "subject": subject,
        }
    )


def _severity(value: str) -> int:
    return ("critical", "warning", "info").index(value)


def _different(more: Sequence[Evidence], known: Sequence[Evidence]) -> list[Evidence]:
    quotes = {e.quote for e in known}
    return [e for e in more if e.quote not in quotes]


def chains(incident: Incident, about: Sequence[Subject] = ()) -> tuple[str, ...]:
    """How the symptoms come from the cause, symptom first: the longest ways, none within another.

    With `about`, from there on.
    """
    ways = [_from(path, about) for path in incident.paths]
    told: list[Path] = []
    for path in sorted(filter(None, ways), key=_order):
        if not any(path == longer[-len(path) :] for longer in told):
            told.append(path)
    return tuple(dict.fromkeys(map(_chain, told)))[:_CHAINS]


def _from(path: Path, about: Sequence[Subject]) -> Path:
    if not about:
        return path
    start = next((i for i, link in enumerate(path) if link.source in about), len(path))
    return path[start:]


def _order(path: Path) -> tuple[int, str]:
    return -len(path), str(path[0].source)


def _chain(path: Path) -> str:
    return f"{short(path[0].source)}{''.join(map(_step, path))}"


def _step(link: Link) -> str:
    via = f" ({link.via})" if link.via else ""
    return f" -> {link.relation.value}{via} {short(link.target)}"


def short(end: Subject | str) -> str:
    """A subject by its last two parts, `Pod/web-1`, where the whole name stands elsewhere."""
    return "/".join(map(term, end.parts[-2:])) if isinstance(end, Subject) else end


def observed(answer: A, parts: Sequence[Part]) -> A:
    """The answer with what was read and when, by the clock of what was read."""
    times = [part.now for part in parts if part.now]
    where = ", ".join(part.target for part in parts if part.target)
    if not times:
        return answer
    return answer.model_copy(update={"target": where, "observed": stamp(max(times))})


def unread(parts: Sequence[Part]) -> tuple[str, ...]:
    """What could not be checked, and why: whole houses first."""
    houses = [
        f"{p.house}: {p.status}" + (f" ({p.hint})" if p.hint else "") for p in parts if p.status
    ]
    return (*houses, *(f"{p.house}: {each}" for p in parts for each in p.survey.missing))


def checked(parts: Sequence[Part]) -> tuple[str, ...]:
    """What was checked and is well, one line for each house."""
    return tuple(
        f"{part.house} ({part.target}): {'; '.join(part.survey.healthy) or 'nothing to check'}"
        for part in parts
        if not part.status
    )
