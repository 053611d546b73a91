"""An answer taken apart into rows, each of which can be paged to, searched and projected."""

import json
from collections.abc import Iterator

from fivetabs.app.handles import Part
from fivetabs.core import Answer, Finding, Rows, Table, quoted

_FINDING = ("severity", "code", "subject", "cause", "evidence", "next_step", "affects", "symptoms")
_LISTS = (
    ("chain", "chain"),
    ("not read", "missing"),
    ("steps", "steps"),
    ("changes", "changes"),
    ("wrong", "wrong"),
    ("notes", "notes"),
    ("healthy", "healthy"),
)


def parts_of(answer: Answer) -> tuple[Part, ...]:
    """Everything an answer says, the rows and findings first."""
    return tuple(part for part in _parts(answer) if part.rows)


def _parts(answer: Answer) -> Iterator[Part]:
    findings: tuple[Finding, ...] = getattr(answer, "findings", ())
    yield Part("findings", _FINDING, tuple(map(_finding, findings)), own=_FINDING)
    if isinstance(answer, Rows):
        yield Part("rows", answer.columns, answer.rows, own=answer.own)
    tables: tuple[Table, ...] = getattr(answer, "tables", ())
    for table in tables:
        yield Part(table.title, table.columns, table.rows, own=table.own)
    if log := getattr(answer, "text", ""):
        yield Part("lines", ("line",), tuple((quoted(line),) for line in log.split("\n")))
    facts: dict[str, str | int | float | bool] = getattr(answer, "facts", {})
    yield Part("facts", ("name", "value"), tuple(facts.items()))
    for title, field in _LISTS:
        told: tuple[str, ...] = getattr(answer, field, ())
        yield Part(title, (title,), tuple((each,) for each in told), own=(title,))
    yield Part("summary", ("summary",), ((answer.summary,),), own=("summary",))


def _finding(finding: Finding) -> tuple[str | int, ...]:
    step = finding.next_step
    call = f" {step.tool}({json.dumps(step.arguments)})" if step.tool else ""
    seen = (f"{quoted(e.quote)} ({e.source} {e.time})" for e in finding.evidence)
    return (
        finding.severity.value,
        finding.code,
        finding.subject,
        finding.cause,
        "; ".join(seen),
        f"{step.words}{call}",
        finding.affects,
        ", ".join(finding.symptoms),
    )
