"""Answers as text and as structured values: the same facts twice, each complete by itself."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fivetabs.core import (
    Answer,
    Detail,
    Diagnosis,
    Fault,
    Finding,
    Investigation,
    Listing,
    Log,
    NextStep,
    Outcome,
    Page,
    Table,
)

DEMO_MARK = "DEMO DATA: a made-up world, not a real backend."
_LONGEST_FAULT = 1500
_WIDEST = 40


def structured(answer: Answer) -> dict[str, Any]:
    """The value for `structuredContent`: nothing null, nothing empty."""
    return answer.model_dump(mode="json", exclude_defaults=True)


def text(answer: Answer) -> str:
    """The same value in words, the summary first."""
    head = [DEMO_MARK] if answer.demo else []
    where = f"[{', '.join(filter(None, (answer.target, _when(answer))))}]"
    parts = [*head, answer.summary, where.strip("[]") and where, *_body(answer), *_tail(answer)]
    return "\n".join(part for part in parts if part)


def _when(answer: Answer) -> str:
    return f"observed {answer.observed}" if answer.observed else ""


def fault_text(fault: Fault, *, demo: bool) -> str:
    """What went wrong and what mends it."""
    parts = (DEMO_MARK if demo else "", f"{fault.status}: {_bounded(str(fault))}", fault.hint)
    return "\n".join(part for part in parts if part)


def _bounded(words: str) -> str:
    """A message may quote what was asked, and somebody may have asked with a whole file."""
    if len(words) <= _LONGEST_FAULT:
        return words
    half = _LONGEST_FAULT // 2
    return f"{words[:half]} [{len(words) - 2 * half} characters left out] {words[-half:]}"


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows under upper-case columns, as the command-line tools print them."""
    cells = [[*map(_head, columns)], *([_cell(v) for v in row] for row in rows)]
    widths = [min(_WIDEST, max(map(len, column))) for column in zip(*cells, strict=True)]
    lines = (
        "  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip() for line in cells
    )
    return "\n".join(lines)


def _body(answer: Answer) -> Iterable[str]:  # noqa: PLR0911  (one for each kind of answer)
    match answer:
        case Listing(columns=columns, rows=rows):
            return [table(columns, rows)] if rows else []
        case Detail():
            return [*_facts(answer.facts), *_findings(answer.findings), *_tables(answer.tables)]
        case Log():
            counts = f"lines: {answer.shown} shown, {answer.matched} matched, {answer.read} read"
            return [f"{answer.source}; {counts}", *_tables(answer.tables), answer.text]
        case Page():
            return [f"page {answer.page} of {answer.pages}", *_page(answer)]
        case Investigation():
            chain = (f"chain: {each}" for each in answer.chain)
            return [*chain, *_diagnosis(answer), *_tables(answer.tables)]
        case Diagnosis():
            return _diagnosis(answer)
        case Outcome():
            return _outcome(answer)
        case _:
            return []


def _diagnosis(answer: Diagnosis) -> list[str]:
    return [*_findings(answer.findings), *(f"healthy: {each}" for each in answer.healthy)]


def _tail(answer: Answer) -> Iterable[str]:
    yield from (f"NOT READ: {each}" for each in answer.missing)
    yield from (f"note: {each}" for each in answer.notes)
    if answer.job:
        job = answer.job
        yield f"job {job.handle}: {job.state} after {job.seconds} s"
    if answer.more:
        left, handle = answer.more.left, answer.more.handle
        yield f"more: {left}; read_more(handle={json.dumps(handle)})"
    if answer.fence:
        yield f"fence: {answer.fence}"


def _page(page: Page) -> Iterable[str]:
    if page.text:
        yield page.text
    if page.rows:
        yield f"{page.part} ({page.total})"
        yield table(page.columns, page.rows)


def _facts(facts: Mapping[str, object]) -> Iterable[str]:
    return (f"{name}: {_cell(value)}" for name, value in facts.items())


def _tables(tables: Sequence[Table]) -> Iterable[str]:
    for each in tables:
        shown = "" if each.total == len(each.rows) else f", {len(each.rows)} shown"
        yield f"{each.title} ({each.total}{shown})"
        if each.rows:
            yield table(each.columns, each.rows)


def _findings(findings: Sequence[Finding]) -> Iterable[str]:
    for found in findings:
        since = f" (since {found.since})" if found.since not in found.cause else ""
        yield f"[{found.severity.value} {found.code}] {found.subject}: {found.cause}{since}"
        for seen in found.evidence:
            when = f", {seen.time}" if seen.time else ""
            yield f"  seen: {seen.quote} ({seen.source}{when})"
        yield f"  next: {_step(found.next_step)}"
        if found.affects > 1:
            yield f"  affects {found.affects}: also {', '.join(found.symptoms)}"


def _step(step: NextStep) -> str:
    if not step.tool:
        return step.words
    given = ", ".join(f"{k}={json.dumps(v)}" for k, v in step.arguments.items())
    return f"{step.words} {step.tool}({given})"


def _outcome(outcome: Outcome) -> Iterable[str]:
    yield f"state: {outcome.state}{f', id {outcome.id}' if outcome.id else ''}"
    if outcome.result:
        yield f"result: {outcome.result}"
    yield from (f"wrong: {each}" for each in outcome.wrong)
    yield from (f"changes {each}" for each in outcome.changes)
    yield from (f"step: {each}" for each in outcome.steps)
    if outcome.undo:
        yield f"undo: {outcome.undo}"
    if outcome.irreversible:
        yield f"irreversible: {outcome.irreversible}"
    if outcome.digest:
        yield f"digest: {outcome.digest}"


def _head(column: str) -> str:
    """A column's name in capitals, unless another program gave it and it stands in a fence."""
    return column if "<" in column else column.upper()


def _cell(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.2f}"
        case _:
            return str(value).replace("\n", " ")
