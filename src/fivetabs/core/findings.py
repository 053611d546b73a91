"""Rules look at evidence and report findings. Pure: evidence in, findings out."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from inspect import getdoc
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from fivetabs.core.times import stamp

E = TypeVar("E")


class Severity(StrEnum):
    """How bad, worst first."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


class Evidence(BaseModel):
    """What was seen, word for word, where and when (UTC)."""

    model_config = ConfigDict(frozen=True)

    quote: str
    source: str
    time: str = ""


class NextStep(BaseModel):
    """What to do about it, in words and, where a tool of ours does it, as the very call."""

    model_config = ConfigDict(frozen=True)

    words: str
    tool: str = ""
    arguments: dict[str, Any] = {}


class Finding(BaseModel):
    """One thing that is wrong, with its cause, the proof and what to do.

    `since` is when the trouble began (UTC), where the backend tells. Three fields are for folding
    and not shown: `basic` causes are nobody's symptom; findings `about` one thing are one trouble;
    a `latent` one is no trouble by itself (a thing that is switched off), but may be a cause.
    """

    model_config = ConfigDict(frozen=True)

    code: str
    severity: Severity
    subject: str
    cause: str
    since: str = ""
    evidence: tuple[Evidence, ...] = ()
    next_step: NextStep
    affects: int = 1
    symptoms: tuple[str, ...] = ()
    basic: bool = Field(default=False, exclude=True)
    about: str = Field(default="", exclude=True)
    latent: bool = Field(default=False, exclude=True)


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule says of one subject.

    `cause` is one sentence of this case's own names and numbers. `words` replaces the rule's
    general fix where the case allows a more exact one. Findings of one rule with an equal,
    non-empty `fold` become one finding whose symptoms name every subject. `since` is when it began.
    `about` is the thing that is the matter where it is another than the subject: the ConfigMap that
    several pods miss.
    """

    subject: object
    cause: str
    evidence: tuple[Evidence, ...] = ()
    words: str = ""
    tool: str = ""
    arguments: dict[str, Any] = field(default_factory=dict[str, Any])
    fold: str = ""
    since: datetime | None = None
    about: object = ""


@dataclass(frozen=True, slots=True, eq=False)
class Rule(Generic[E]):
    """A check with a code that is for ever.

    A `basic` one names a cause that lies in the thing itself (its image does not exist): whatever
    else is sick near it, it is a symptom of nothing. A `latent` one tells of what somebody has
    switched off: it is told where something sick needs it, or where it is asked about.
    """

    code: str
    severity: Severity
    title: str
    fix: str
    check: Callable[[E], Iterable[Found]]
    basic: bool = False
    latent: bool = False

    def __call__(self, evidence: E, /) -> Iterator[tuple[Finding, str]]:
        """Each finding, with the key under which it folds."""
        for found in self.check(evidence):
            step = NextStep(
                words=found.words or self.fix, tool=found.tool, arguments=found.arguments
            )
            finding = Finding(
                code=self.code,
                severity=self.severity,
                subject=str(found.subject),
                cause=found.cause,
                since=stamp(found.since) if found.since else "",
                evidence=found.evidence,
                next_step=step,
                basic=self.basic,
                about=str(found.about),
                latent=self.latent,
            )
            yield finding, found.fold


def rule(
    code: str, severity: Severity, *, basic: bool = False, latent: bool = False
) -> Callable[[Callable[[E], Iterable[Found]]], Rule[E]]:
    """Declare a rule. Its docstring's first line is the title, the rest is the fix."""

    def declare(check: Callable[[E], Iterable[Found]]) -> Rule[E]:
        title, _, fix = (getdoc(check) or code).partition("\n\n")
        return Rule(code, severity, title.rstrip("."), " ".join(fix.split()), check, basic, latent)

    return declare


def run_rules(rules: Sequence[Rule[E]], evidence: Iterable[E]) -> tuple[Finding, ...]:
    """Run every rule over every piece of evidence; fold what is the same, worst first."""
    found = (pair for each in evidence for each_rule in rules for pair in each_rule(each))
    return fold(found)


def first_of(rules: Sequence[Rule[E]], evidence: Iterable[E]) -> tuple[Finding, ...]:
    """Like `run_rules`, but the first rule that fires on a piece of evidence explains it alone.

    The order of `rules` is the order of explanation: the more specific cause stands first.
    """
    return fold(pair for each in evidence for pair in _first(rules, each))


def fold(found: Iterable[tuple[Finding, str]]) -> tuple[Finding, ...]:
    """One finding for those of the same rule and fold key; worst first, then the most affected."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding, key in found:
        groups.setdefault((finding.code, key or finding.subject), []).append(finding)
    merged = (_merge(group) for group in groups.values())
    order = list(Severity)
    return tuple(sorted(merged, key=lambda f: (order.index(f.severity), -f.affects, f.subject)))


def _first(rules: Sequence[Rule[E]], evidence: E) -> Iterator[tuple[Finding, str]]:
    for each in rules:
        found = tuple(each(evidence))
        if found:
            yield from found
            return


def _merge(group: Sequence[Finding]) -> Finding:
    first, *rest = sorted(group, key=lambda f: f.subject)
    if not rest:
        return first
    others = tuple(f.subject for f in rest)
    return first.model_copy(update={"affects": len(group), "symptoms": others})
