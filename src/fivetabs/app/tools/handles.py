"""Reading on where an answer had to stop."""

import asyncio
from typing import Annotated

from pydantic import Field

from fivetabs.app.desk import Desk
from fivetabs.app.fitting.answers import CEILING, LEAST, roomy
from fivetabs.app.fitting.pages import Leaf, chosen, cuts, leaf
from fivetabs.app.handles import Kept, Query
from fivetabs.core import Invalid, Page, read
from fivetabs.core.logs import compile_pattern

_LINES = 25

Handle = Annotated[str, Field(description="From an answer's `more`.")]
Number = Annotated[int, Field(ge=1, description="Which page.")]
Pattern = Annotated[str, Field(description="RE2: only rows or lines that match.")]
Fields = Annotated[str, Field(description="Only these columns, comma-separated.")]
Budget = Annotated[int, Field(ge=LEAST, le=CEILING, description="Most tokens of a page.")]


@read(
    example={"handle": "handle-of-an-answer"},
    questions=(
        "Read more of that answer",
        "Turn to the next page of what was left out",
        "What else is under the handle of the earlier answer?",
    ),
)
async def read_more(  # noqa: PLR0913, PLR0917  (each argument is one the model may give)
    desk: Desk,
    /,
    handle: Handle,
    page: Number = 1,
    grep: Pattern = "",
    fields: Fields = "",
    budget: Budget = 2000,
) -> Page:
    """Read more of an earlier answer that had to leave something out, by the handle it gave.

    Turns to the next page or greps it; nothing is folded here. Asks no backend, except again for
    lines of get_pod_logs and its like.
    """
    kept = desk.kept(handle)
    if kept.query is not None:
        if fields:
            raise Invalid("fields do not apply to log lines", hint="use grep or page")
        return await _lines(desk, kept.query, page, grep)
    names = [name.strip() for name in fields.split(",") if name.strip()]
    wanted = compile_pattern(grep)
    question = (handle, grep, tuple(names), budget)

    def turn() -> tuple[Leaf | None, int]:
        parts, room = chosen(kept.parts, wanted, names), roomy(budget)
        found = desk.cut(question, lambda: cuts(parts, room))
        return (leaf(parts, found[page - 1], room) if page <= len(found) else None), len(found)

    # Thousands of rows are a tenth of a second: a thread leaves the loop to the others.
    return _page(kept, await asyncio.to_thread(turn), page, grep)


async def _lines(desk: Desk, query: Query, page: int, grep: str) -> Page:
    changed = {"grep": grep} if grep else {}
    log = await desk.again(query, page=page, lines=_LINES, **changed)
    pages = -(-log.matched // _LINES) or 1
    if page > pages:
        raise Invalid(f"there is no page {page}: {_of(pages)}")
    return Page(
        summary=log.summary,
        target=log.target,
        observed=log.observed,
        demo=log.demo,
        missing=log.missing,
        notes=log.notes,
        page=page,
        pages=pages,
        part=log.source,
        text=log.text,
        total=log.matched,
    )


def _page(kept: Kept, found: tuple[Leaf | None, int], page: int, grep: str) -> Page:
    shown, pages = found
    if not pages:
        told = f"Nothing of that {kept.tool} answer matches {grep!r}."
        return _stamped(kept, Page(summary=told, page=1, pages=1, total=0))
    if shown is None:
        raise Invalid(f"there is no page {page}: {_of(pages)}")
    part, last = shown.part, shown.first + len(shown.rows) - 1
    matching = f" that match {grep!r}" if grep else ""
    return _stamped(
        kept,
        Page(
            summary=f"{kept.tool}, {part.title}: {shown.first} to {last} of "
            f"{len(part.rows)}{matching}.",
            part=part.title,
            columns=part.columns,
            rows=shown.rows,
            total=len(part.rows),
            own=part.own,
            page=page,
            pages=pages,
        ),
    )


def _stamped(kept: Kept, page: Page) -> Page:
    """Where and when the answer was observed that the page is of."""
    stamps = {"target": kept.target, "observed": kept.observed, "demo": kept.demo}
    return page.model_copy(update=stamps)


def _of(pages: int) -> str:
    return "there is one page" if pages == 1 else f"there are {pages} pages"
