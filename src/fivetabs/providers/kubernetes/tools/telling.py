"""How these tools put counts and places, and findings so that they fit one answer."""

import json
from collections.abc import Callable, Sequence

from fivetabs.core import Finding, NextStep, excerpt
from fivetabs.providers.kubernetes.rules.saying import shorten

Findings = tuple[Finding, ...]

# 1,500 tokens of findings leave the rest of 2,000 to the other parts of an answer. Names that
# Kubernetes makes up cost most: there are about 2.7 characters to a token (o200k).
_MOST_CHARACTERS = 3_900
_QUOTE, _SHORT_QUOTE, _CAUSE, _WORDS = 90, 44, 110, 60


def count(number: int, noun: str) -> str:
    """`1 pod`, `6 pods`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def somewhere(namespace: str) -> str:
    """`in shop`, or `in all namespaces`."""
    return f"in {namespace}" if namespace else "in all namespaces"


def brief(findings: Sequence[Finding]) -> tuple[Findings, str]:
    """The findings, said shorter the more they are, and a note when causes were put together.

    Every pod stays named: words go first, then the differences between findings of one rule.
    """
    told = tuple(findings)
    for tighten in (_near_names, _one_evidence, _one_for_each_rule, _few_words, _names_only):
        if _size(told) <= _MOST_CHARACTERS:
            break
        told = tighten(told)
    if len(told) == len(findings):
        return told, ""
    return told, (
        f"{len(findings)} causes are put together by kind, in the words of the first; "
        "name a namespace to have them apart"
    )


def _size(findings: Sequence[Finding]) -> int:
    return sum(len(json.dumps(f.model_dump(mode="json", exclude_defaults=True))) for f in findings)


def _near_names(findings: Findings) -> Findings:
    """Symptoms without what they share with the subject: `name`, or `namespace/name`."""
    return _each(findings, lambda f: {"symptoms": tuple(_near(f.subject, s) for s in f.symptoms)})


def _near(subject: str, symptom: str) -> str:
    place, _, name = symptom.rpartition("/")
    if subject.startswith(f"{place}/"):
        return name
    namespace = place.rpartition("/")[0].rpartition("/")[2]
    return f"{namespace}/{name}"


def _one_evidence(findings: Findings) -> Findings:
    return _each(findings, lambda f: {"evidence": _quoted(f, _QUOTE)})


def _quoted(finding: Finding, most: int) -> tuple[object, ...]:
    return tuple(
        e.model_copy(update={"quote": shorten(e.quote, most)}) for e in finding.evidence[:1]
    )


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
        space = other.subject.rpartition("/")[0].rpartition("/")[0].rpartition("/")[2]
        names = (_near(first.subject, other.subject), *other.symptoms)
        here = first.subject.rpartition("/")[0] == other.subject.rpartition("/")[0]
        named += [n if "/" in n or here else f"{space}/{n}" for n in names]
    cause = f"{_cut(first.cause)}; alike in {count(len(others), 'more case')}"
    affects = sum(finding.affects for finding in group)
    return first.model_copy(update={"cause": cause, "affects": affects, "symptoms": tuple(named)})


def _few_words(findings: Findings) -> Findings:
    return _each(
        findings,
        lambda f: {
            "evidence": _quoted(f, _SHORT_QUOTE),
            "next_step": f.next_step.model_copy(update={"words": _clause(f.next_step.words)}),
        },
    )


def _names_only(findings: Findings) -> Findings:
    """The last resort: of the least bad only the cause, the names and what to do."""
    told = list(findings)
    for index in reversed(range(len(told))):
        if _size(told) <= _MOST_CHARACTERS:
            break
        found = told[index]
        change = {
            "cause": found.cause if "; alike in " in found.cause else _cut(found.cause),
            "evidence": (),
            "next_step": NextStep(words=_clause(found.next_step.words)),
        }
        told[index] = found.model_copy(update=change)
    return tuple(told)


def _cut(cause: str) -> str:
    return cause if len(cause) <= _CAUSE else f"{excerpt(cause, 0, _CAUSE - 3)}..."


def _clause(words: str) -> str:
    clause = words.partition(". ")[0].partition(", ")[0].partition(": ")[0]
    return shorten(clause.rstrip("."), _WORDS)


def _each(findings: Findings, change: Callable[[Finding], dict[str, object]]) -> Findings:
    return tuple(finding.model_copy(update=change(finding)) for finding in findings)
