"""An incident as one finding: its cause, its symptoms under it, and the chain between them."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from fivetabs.core import Answer, Evidence, Finding, Link, Part, Subject, Told, stamp, term, written
from fivetabs.core.quoting import unmarked
from fivetabs.incident.folding import Incident
from fivetabs.incident.gaps import was_read
from fivetabs.incident.graph import Path

A = TypeVar("A", bound=Answer)
_CHAINS = 2


def as_finding(incident: Incident, evidence: int = 8, telling: int = 2) -> Finding:
    """The cause with every other subject of the incident as a symptom.

    Of the cause's own evidence the first `evidence` pieces are told, and of the symptoms' the first
    `telling`; what another one or the cause says already is told only where nothing else is.
    """
    cause = incident.cause
    subject, *others = incident.subjects()
    proof = _fresh(cause.evidence, cause.cause)[:evidence] or cause.evidence[:1]
    signs = (e for finding in incident.symptoms for e in finding.evidence[:1])
    known = " ".join((cause.cause, *(e.quote for e in proof)))
    return cause.model_copy(
        update={
            "severity": min((f.severity for f in incident.findings), key=_severity),
            "affects": 1 + len(others),
            "symptoms": tuple(others),
            "evidence": (*proof, *_fresh(signs, known)[:telling]),
            "subject": subject,
        }
    )


def _severity(value: str) -> int:
    return ("critical", "warning", "info").index(value)


def _fresh(evidence: Iterable[Evidence], said: str) -> tuple[Evidence, ...]:
    """The evidence that says something which was not said before it."""
    told, known = list[Evidence](), unmarked(said)
    for each in evidence:
        quote = unmarked(each.quote)
        if quote not in known:
            told.append(each)
            known += f" {quote}"
    return tuple(told)


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


def near(subject: Subject, home: Subject) -> str:
    """A subject without its target where that is the target of `home`, which is told in full."""
    if subject == home or subject.scheme != home.scheme or subject.target != home.target:
        return str(subject)
    return "/".join(map(term, filter(None, subject.parts))) or str(subject)


def observed(answer: A, parts: Sequence[Part | Told]) -> A:
    """The answer with what was read and when, by the clock of what was read."""
    times = [part.now for part in parts if part.now]
    where = ", ".join(written(part.target) for part in parts if part.target)
    if not times:
        return answer
    return answer.model_copy(update={"target": where, "observed": stamp(max(times))})


def checked(parts: Sequence[Part]) -> tuple[str, ...]:
    """What was checked and is well, one line for each house."""
    return tuple(
        f"{part.house}: {'; '.join(part.survey.healthy) or 'nothing to check'}"
        for part in parts
        if was_read(part)
    )
