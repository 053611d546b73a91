"""An answer made as small as it has to be, the least telling first; what is cut is counted."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from fivetabs.app.fence import fenced
from fivetabs.app.fitting.findings import Briefs
from fivetabs.app.fitting.findings import size as size_of_findings
from fivetabs.app.fitting.lines import newest
from fivetabs.app.fitting.rows import Sheet, filled, tidied, untouched
from fivetabs.app.fitting.words import clip, first_words
from fivetabs.app.render import structured, text
from fivetabs.app.tokens import estimate
from fivetabs.core import Answer, Cell, Finding, More, Page, Rows, Table

A = TypeVar("A", bound=Answer)
LEAST, CEILING = 200, 8000
_MARGIN, _ASCII_MARGIN = 0.88, 0.93  # How low the estimate may be (tests/token_kinds.json).
_MORE = 40
_CODE, _CODES = 5, 45
"""Tokens of a cause that is told by its code alone; one such for every so many of the room."""
_ROW = 5
_TRIES = 16
_MANY_ROWS = 100
_UNKEPT = "00000000"
_TIGHTER = 0.85
_SLACK = 0.05
"""Room left over that is worth another try: parts are taken for a little larger than they are."""
_SHARE = 0.6
_ROOMY = 1200
_SUMMARY, _SUMMARIES = 600, (240, 150, 80, 40)


def roomy(budget: int) -> int:
    """How many tokens by the estimate a budget of real ones is."""
    return int(budget * _MARGIN)


def size(answer: Answer) -> int:
    """Tokens of the larger of the answer's two forms, as it will be shown."""
    shown = fenced(answer, lambda: "0f0f")
    written = json.dumps(structured(shown), ensure_ascii=False)
    return max(map(_tokens, (text(shown), written)))


def _tokens(form: str) -> int:
    """By the estimate, which is more exact where there are no letters of other scripts."""
    told = estimate(form)
    return int(told * _MARGIN / _ASCII_MARGIN) if form.isascii() else told


def fit(answer: A, budget: int) -> A:
    """The answer within `budget` tokens of o200k.

    Where something had to be folded, shortened or left out, `more` says what, and waits for the
    handle under which the whole is kept.
    """
    room = roomy(budget)
    given = rows_of(answer)
    whole_pages = isinstance(answer, Page)
    sheets = [
        untouched(each) if whole_pages else tidied(each, max(1, room // _ROW)) for each in given
    ]
    whole = _with_sheets(answer, sheets)
    folded = any(len(s.rows) < len(g.rows) for s, g in zip(sheets, given, strict=True))
    if not folded and _light(answer, room) and size(whole) <= room:
        return whole
    allowed, small, briefs = room, whole, Briefs(_findings(answer))
    for _ in range(_TRIES):
        small = _squeezed(answer, sheets, briefs, allowed)
        over = size(small) - room
        if over <= 0:
            wider = (
                _squeezed(answer, sheets, briefs, allowed - over)
                if -over > room * _SLACK
                else small
            )
            return wider if size(wider) <= room else small
        allowed = max(int(allowed * _TIGHTER), allowed - over - _ROW)
    return _least(answer, small, room)


def large(answer: Answer) -> bool:
    """Whether fitting it may take so long that nobody should have to wait for it."""
    rows = sum(len(each.rows) for each in rows_of(answer))
    return rows > _MANY_ROWS or not _light(answer, _ROOMY)


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


def _squeezed(answer: A, sheets: Sequence[Sheet], briefs: Briefs, room: int) -> A:
    """The summary whole, then findings, log lines and rows, each in its share of the room."""
    worded = answer.model_copy(update=_worded(answer, room))
    bare = _with_sheets(_emptied(worded), [s.first(0) for s in sheets])
    left = room - size(bare) - _MORE - _CODE * min(len(briefs.codes), room // _CODES)
    log = getattr(answer, "text", "")
    change: dict[str, Any] = {}
    if briefs.findings:
        change["findings"] = briefs.within(int(left * _SHARE) if sheets else left)
        left -= size_of_findings(change["findings"])
    if log:
        change["text"] = newest(log, int(left * _SHARE) if sheets else left)
        left -= estimate(change["text"]) + _MORE
        if hasattr(answer, "shown"):
            change["shown"] = change["text"].count("\n") + bool(change["text"])
    shown = filled(sheets, left)
    small = _with_sheets(worded.model_copy(update=change), shown)
    more = More(handle=_UNKEPT, left=_left(answer, small, shown, room // _CODES))
    return small.model_copy(update={"more": more})


def _worded(answer: Answer, room: int) -> dict[str, Any]:
    """Sentences, facts and lists, bounded in number and length."""
    few, longest = min(8, room // 200 + 1), min(400, room // 5 + 20)
    change: dict[str, Any] = {
        "summary": clip(answer.summary, min(_SUMMARY, max(room, _SUMMARIES[0]))),
        "notes": first_words(answer.notes, few, longest, "notes"),
        "missing": first_words(answer.missing, few, longest, "parts could not be read"),
    }
    lists = ((few, "chain"), (few, "healthy"), (few * 4, "changes"), (few * 4, "steps"))
    for most, name in lists:
        if told := getattr(answer, name, ()):
            change[name] = first_words(told, most, longest, name)
    if facts := getattr(answer, "facts", None):
        some = list(facts.items())[: few * 5]
        change["facts"] = {clip(name, longest): _fact(value, longest) for name, value in some}
    if source := getattr(answer, "source", ""):
        change["source"] = clip(source, longest)
    return change


def _least(answer: A, small: A, room: int) -> A:
    """Of an answer that is nearly all sentences only the first one, and how much was not read."""
    emptied: dict[str, object] = {
        "facts": {},
        "findings": (),
        "tables": (),
        "rows": (),
        "healthy": (),
        "chain": (),
        "text": "",
    }
    change: dict[str, Any] = {n: v for n, v in emptied.items() if hasattr(small, n)}
    gaps = (f"{len(small.missing)} or more parts could not be read",) if small.missing else ()
    small = small.model_copy(update={**change, "notes": (), "missing": gaps})
    for longest in _SUMMARIES:
        small = small.model_copy(update={"summary": clip(answer.summary, longest)})
        if size(small) <= room:
            break
    return small


def _others(whole: Answer, small: Answer, most: int) -> str:
    """How many things each cause affects of which nothing is shown."""
    shown = {finding.code for finding in _findings(small)}
    counts = Counter[str]()
    for each in _findings(whole):
        counts[each.code] += each.affects if each.code not in shown else 0
    ranked = [f"{code} {count}" for code, count in counts.most_common() if count]
    told = ", ".join(ranked[:most])
    more = f" and {len(ranked) - most} more" if len(ranked) > most else ""
    return f", other causes: {told}{more}" if told else ""


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
        change["tables"] = tuple(
            each.model_copy(update=_as_rows(s)) for each, s in pairs if s.rows or not each.rows
        )
    return answer.model_copy(update=change)


def _as_rows(sheet: Sheet) -> dict[str, Any]:
    return {"columns": sheet.columns, "rows": sheet.rows}


def _findings(answer: Answer) -> tuple[Finding, ...]:
    return getattr(answer, "findings", ())


def _left(whole: Answer, small: Answer, sheets: Sequence[Sheet], codes: int) -> str:
    """What is not there singly any more, in numbers; causes that are not there by their codes."""
    told: list[str] = []
    every = sum(len(each.rows) for each in rows_of(whole))
    if folded := sum(count for sheet in sheets for count in sheet.counts if count > 1):
        told.append(f"{folded} of {every} rows are folded")
    if gone := every - sum(sum(sheet.counts) for sheet in sheets):
        told.append(f"{gone} of {every} rows are not shown")
    found, kept = len(_findings(whole)), len(_findings(small))
    if kept < found:
        how = f"put together as {kept}" if kept else "not shown"
        told.append(f"{found} findings are {how}{_others(whole, small, codes)}")
    matched, shown = getattr(whole, "matched", 0), getattr(small, "shown", 0)
    if shown < matched:
        told.append(f"{matched - shown} of {matched} lines are not shown")
    return "; ".join(told) or "long texts are shortened"
