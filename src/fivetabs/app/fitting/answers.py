"""An answer made as small as it has to be, the least telling first; what is cut is counted."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from fivetabs.app.fence import fenced
from fivetabs.app.fitting.findings import brief
from fivetabs.app.fitting.findings import size as size_of_findings
from fivetabs.app.fitting.lines import newest
from fivetabs.app.fitting.rows import Sheet, filled, tidied
from fivetabs.app.fitting.words import clip, first_words
from fivetabs.app.render import structured, text
from fivetabs.app.tokens import estimate
from fivetabs.core import Answer, Cell, Finding, More, Rows, Table

A = TypeVar("A", bound=Answer)
LEAST, CEILING = 200, 8000
_MARGIN = 0.88  # The estimate may be an eighth too low.
_MORE = 40
_ROW = 5
_TRIES = 16
_TIGHTER = 0.85
_SHARE = 0.6
_ROOMY = 1200
_SUMMARY, _FACTS = 600, 40


def roomy(budget: int) -> int:
    """How many tokens by the estimate a budget of real ones is."""
    return int(budget * _MARGIN)


def size(answer: Answer) -> int:
    """Tokens of the larger of the answer's two forms, as it will be shown."""
    shown = fenced(answer, lambda: "0f0f")
    written = json.dumps(structured(shown), ensure_ascii=False)
    return max(estimate(text(shown)), estimate(written))


def fit(answer: A, budget: int, keep: Callable[[], str]) -> A:
    """The answer within `budget` tokens of o200k.

    `keep` puts the whole of it away and gives the handle; it is called only when something had to
    be folded, shortened or left out.
    """
    room = roomy(budget)
    given = rows_of(answer)
    sheets = [tidied(each, max(1, room // _ROW)) for each in given]
    whole = _with_sheets(answer, sheets)
    folded = any(len(s.rows) < len(g.rows) for s, g in zip(sheets, given, strict=True))
    if not folded and _light(answer, room) and size(whole) <= room:
        return whole
    handle, allowed, small = keep(), room, whole
    for _ in range(_TRIES):
        small = _squeezed(answer, sheets, allowed)
        small = small.model_copy(update={"more": More(handle=handle, left=_left(answer, small))})
        if size(small) <= room:
            break
        allowed = int(allowed * _TIGHTER)
    return small


def rows_of(answer: Answer) -> tuple[Rows, ...]:
    """Everything in an answer that has rows: itself, or its tables."""
    if isinstance(answer, Rows):
        return (answer,)
    return tuple(getattr(answer, "tables", ()))


def _light(answer: Answer, room: int) -> bool:
    """Whether it is worth writing the whole of it out to see if it fits."""
    return sum(map(len, _long_parts(answer))) < room * 16


def _long_parts(answer: Answer) -> Iterator[str]:
    yield getattr(answer, "text", "")
    for finding in _findings(answer):
        yield finding.cause
        yield from finding.symptoms


def _squeezed(answer: A, sheets: Sequence[Sheet], room: int) -> A:
    """The summary whole, then findings, log lines and rows, each in its share of the room."""
    worded = answer.model_copy(update=_worded(answer, room))
    bare = _with_sheets(_emptied(worded), [Sheet(s.columns, (), 0, s.same) for s in sheets])
    left = room - size(bare) - _MORE
    findings, log = _findings(answer), getattr(answer, "text", "")
    change: dict[str, Any] = {}
    if findings:
        change["findings"] = brief(findings, int(left * _SHARE) if sheets else left)
        left -= size_of_findings(change["findings"])
    if log:
        change["text"] = newest(log, int(left * _SHARE) if sheets else left)
        left -= estimate(change["text"]) + _MORE
        if hasattr(answer, "shown"):
            change["shown"] = change["text"].count("\n") + bool(change["text"])
    return _with_sheets(worded.model_copy(update=change), filled(sheets, left))


def _worded(answer: Answer, room: int) -> dict[str, Any]:
    """Sentences, facts and lists, bounded in number and length."""
    few, longest = (8, 400) if room >= _ROOMY else (3, 140)
    change: dict[str, Any] = {
        "summary": clip(answer.summary, min(_SUMMARY, room)),
        "notes": first_words(answer.notes, few, longest, "notes"),
        "missing": first_words(answer.missing, few, longest, "parts could not be read"),
    }
    lists = ((few, "healthy"), (few * 4, "changes"), (few * 4, "steps"))
    for most, name in lists:
        if told := getattr(answer, name, ()):
            change[name] = first_words(told, most, longest, name)
    if facts := getattr(answer, "facts", None):
        some = list(facts.items())[: _FACTS if room >= _ROOMY else few]
        change["facts"] = {clip(name, longest): _fact(value, longest) for name, value in some}
    if source := getattr(answer, "source", ""):
        change["source"] = clip(source, longest)
    return change


def _fact(value: Cell, longest: int) -> Cell:
    return clip(value, longest) if isinstance(value, str) else value


def _emptied(answer: A) -> A:
    names = {"findings": (), "text": ""}
    return answer.model_copy(update={n: v for n, v in names.items() if hasattr(answer, n)})


def _with_sheets(answer: A, sheets: Sequence[Sheet]) -> A:
    same = tuple(f"the same in every row: {', '.join(s.same)}" for s in sheets if s.same)
    change: dict[str, Any] = {"notes": (*answer.notes, *same)} if same else {}
    if isinstance(answer, Rows):
        change |= _as_rows(sheets[0])
    elif sheets:
        tables: tuple[Table, ...] = getattr(answer, "tables", ())
        pairs = zip(tables, sheets, strict=True)
        change["tables"] = tuple(each.model_copy(update=_as_rows(s)) for each, s in pairs)
    return answer.model_copy(update=change)


def _as_rows(sheet: Sheet) -> dict[str, Any]:
    return {"columns": sheet.columns, "rows": sheet.rows}


def _findings(answer: Answer) -> tuple[Finding, ...]:
    return getattr(answer, "findings", ())


def _left(whole: Answer, small: Answer) -> str:
    """What is not there singly any more, in numbers."""
    told: list[str] = []
    for before, after in zip(rows_of(whole), rows_of(small), strict=True):
        title = f" of {before.title}" if isinstance(before, Table) else ""
        if len(after.rows) < len(before.rows):
            told.append(f"{len(after.rows)} rows stand for {len(before.rows)}{title}")
    found, kept = len(_findings(whole)), len(_findings(small))
    if kept < found:
        told.append(f"{kept} findings stand for {found}")
    matched, shown = getattr(whole, "matched", 0), getattr(small, "shown", 0)
    if shown < matched:
        told.append(f"{matched - shown} lines")
    return "; ".join(told) or "long texts are shortened"
