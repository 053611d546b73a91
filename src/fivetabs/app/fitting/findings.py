"""Findings within a budget: said shorter the more there are, every subject named to the last."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from fivetabs.app.fitting.names import beside, braced, near
from fivetabs.app.fitting.words import clip
from fivetabs.app.tokens import estimate
from fivetabs.core import Finding, NextStep
from fivetabs.core.patterns import Pattern
from fivetabs.core.quoting import CLOSE, OPEN

Findings = tuple[Finding, ...]
_Level = Callable[[Finding], dict[str, object]]

_QUOTE, _SHORT_QUOTE, _CAUSE, _SHORT_CAUSE, _WORDS = 120, 60, 140, 90, 60
_CAUSES = 400
_EVIDENCE = 18
_LINE = 2
_BRACKETS = Pattern(
    rf" \([^(){OPEN}{CLOSE}]*(?:{OPEN}[^{OPEN}{CLOSE}]*{CLOSE})?[^(){OPEN}{CLOSE}]*\)"
)
_FEW, _FEW_WORDS = 8, 40
_NEARLY = 1.4
"""How far all names may exceed the room for words to make way for them."""


@dataclass(slots=True)
class Briefs:
    """Findings that can be told ever shorter; what was worked out for one room serves the next.

    Words go first, then the differences between findings of one rule, then the names of what is
    least bad; a count says how many names are left out.
    """

    findings: Findings
    steps: list[tuple[Findings, int]] = field(default_factory=list[tuple[Findings, int]])

    @property
    def codes(self) -> frozenset[str]:
        """The causes there are, when they are too many to be told apart singly."""
        told = frozenset(finding.code for finding in self.findings)
        return told if len(self.findings) > _FEW else frozenset()

    def within(self, room: int) -> Findings:
        """The findings in at most `room` tokens."""
        for number in range(len(_TIGHTER) + 1):
            told, cost = self._step(number)
            if cost <= room:
                return told
        told, cost = self._step(len(_TIGHTER))
        for level in _SPARER:
            told, cost = _spared(told, room, level)
            if cost <= room:
                return told
        singly = self._step(_NAMED_SINGLY)[0]
        for level in _SPARER if cost <= room * _NEARLY else _SPARER[:1]:
            singly = _each(singly, level)
        return _fewer_names(singly, room)

    def _step(self, number: int) -> tuple[Findings, int]:
        while len(self.steps) <= number:
            told = self.steps[-1][0] if self.steps else self.findings
            told = (_clipped, *_TIGHTER)[len(self.steps)](told)
            self.steps.append((told, size(told)))
        return self.steps[number]


def size(findings: Sequence[Finding]) -> int:
    """Tokens that findings take, in the form that takes more."""
    return sum(map(_cost, findings))


def _cost(finding: Finding) -> int:
    written = json.dumps(finding.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False)
    return estimate(written) + _EVIDENCE * len(finding.evidence) + _LINE


def _clipped(findings: Findings) -> Findings:
    return _each(findings, lambda f: {"cause": clip(f.cause, _CAUSES)})


def _near_names(findings: Findings) -> Findings:
    """Symptoms without what they share with the subject: `name`, or `namespace/Kind/name`."""
    return _each(findings, lambda f: {"symptoms": tuple(near(f.subject, s) for s in f.symptoms)})


def _one_evidence(findings: Findings) -> Findings:
    return _each(findings, lambda f: {"evidence": _quoted(f, _QUOTE)})


def _quoted(finding: Finding, most: int) -> tuple[object, ...]:
    return tuple(e.model_copy(update={"quote": clip(e.quote, most)}) for e in finding.evidence[:1])


def _one_for_each_rule(findings: Findings) -> Findings:
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.code, []).append(finding)
    return tuple(_together(group) for group in groups.values())


def _together(group: Sequence[Finding]) -> Finding:
    first, *others = group
    if not others:
        return first
    named = list(first.symptoms)
    for other in others:
        if other.subject != first.subject:
            named.append(near(first.subject, other.subject))
        named += [beside(first.subject, other.subject, symptom) for symptom in other.symptoms]
    symptoms = tuple(dict.fromkeys(named))
    more = "more case" if len(others) == 1 else "more cases"
    return first.model_copy(
        update={
            "cause": f"{clip(first.cause, _CAUSE)}; alike in {len(others)} {more}",
            "affects": len(symptoms) + 1,
            "symptoms": symptoms,
        }
    )


def _braced(findings: Findings) -> Findings:
    """Names that differ in their last part alone as a shell writes them: `web-7d5b-{4hq2n,x8k2p}`.

    Sixty pods of a dozen workloads have room so, with the words that say what is wrong with them.
    """
    return _each(findings, lambda f: {"symptoms": tuple(braced(f.symptoms))})


def _few_words(findings: Findings) -> Findings:
    return _each(
        findings,
        lambda f: {
            "evidence": _quoted(f, _SHORT_QUOTE),
            "next_step": f.next_step.model_copy(update={"words": _clause(f.next_step.words)}),
        },
    )


def _spared(findings: Findings, room: int, level: _Level) -> tuple[Findings, int]:
    """Of the least bad, one after the other, fewer words, until every name has room."""
    told, costs = list(findings), list(map(_cost, findings))
    for index in reversed(range(len(told))):
        if sum(costs) <= room:
            break
        told[index] = told[index].model_copy(update=level(told[index]))
        costs[index] = _cost(told[index])
    return tuple(told), sum(costs)


def _brief(finding: Finding) -> dict[str, object]:
    return {
        "cause": clip(finding.cause.partition("; alike in ")[0], _CAUSE),
        "evidence": (),
        "next_step": NextStep(words=_clause(finding.next_step.words)),
    }


def _bare(finding: Finding) -> dict[str, object]:
    """What stands in brackets says more of the same; when it began is behind the handle."""
    return {"cause": clip(_BRACKETS.sub("", finding.cause), _SHORT_CAUSE), "since": ""}


def _barest(finding: Finding) -> dict[str, object]:
    step = NextStep(words=clip(finding.next_step.words, _FEW_WORDS))
    return {"cause": clip(finding.cause, _WORDS), "next_step": step}


def _fewer_names(findings: Findings, room: int) -> Findings:
    """As many findings as there is room for, then as many of their names, the worst ones' first."""
    told = _with_names(findings, ())
    while len(told) > 1 and size(told) > room:
        told = told[:-1]
    if size(told) > room:
        told = _each(told, _least)
        return told if size(told) <= room else ()
    kept = findings[: len(told)]
    rounds = max((len(f.symptoms) for f in kept), default=0)
    order = [(r, i) for r in range(rounds) for i, f in enumerate(kept) if r < len(f.symptoms)]
    least, most = 0, min(len(order), room)
    while least < most:
        middle = (least + most + 1) // 2
        if size(_braced(_with_names(kept, order[:middle]))) <= room:
            least = middle
        else:
            most = middle - 1
    return _braced(_with_names(kept, order[:least]))


def _with_names(findings: Findings, chosen: Sequence[tuple[int, int]]) -> Findings:
    """The findings with so many names as were chosen of each."""
    counts = Counter(index for _, index in chosen)
    return tuple(_named(finding, counts[index]) for index, finding in enumerate(findings))


def _named(finding: Finding, most: int) -> Finding:
    if len(finding.symptoms) <= most:
        return finding
    left = f"{len(finding.symptoms) - most} more"
    return finding.model_copy(update={"symptoms": (*finding.symptoms[:most], left)})


def _least(finding: Finding) -> dict[str, object]:
    return {
        "subject": clip(finding.subject, _CAUSE),
        "cause": clip(finding.cause, _CAUSE),
        "next_step": NextStep(words=clip(finding.next_step.words, _WORDS)),
    }


def _clause(words: str) -> str:
    """What to do first: up to a mark, and where that is long, up to a second thing to do."""
    clause = words
    for mark in (". ", ", ", ": ", "; ", " ("):
        clause = clause.partition(mark)[0]
    for mark in (" and ", " or "):
        if len(clause) > _WORDS:
            clause = clause.partition(mark)[0]
    return clip(clause.rstrip("."), _WORDS)


def _each(findings: Findings, change: Callable[[Finding], dict[str, object]]) -> Findings:
    return tuple(finding.model_copy(update=change(finding)) for finding in findings)


_TIGHTER = (_near_names, _one_evidence, _one_for_each_rule, _few_words, _braced)
_SPARER: tuple[_Level, ...] = (_brief, _bare, _barest)
_NAMED_SINGLY = _TIGHTER.index(_braced)
