"""Reading everything that a handle keeps, page by page, as a caller would."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fivetabs.app.calls import App
from fivetabs.core import Answer, Cell, Page, Rows, Table

Row = tuple[Cell, ...]


@dataclass
class Pile:
    """All rows of one part of an answer, under their columns."""

    columns: tuple[str, ...]
    rows: list[Row] = field(default_factory=list[Row])
    total: int = 0

    def column(self, name: str) -> list[Cell]:
        """One cell of each row."""
        place = self.columns.index(name)
        return [row[place] for row in self.rows]


async def page_of(app: App, answer: Answer, page: int = 1, **more: Any) -> Page:
    """One page of what an answer left out."""
    assert answer.more is not None, "nothing was left out"
    found = await app.call("read_more", {"handle": answer.more.handle, "page": page, **more})
    assert isinstance(found, Page)
    return found


async def everything(app: App, answer: Answer, **more: Any) -> Mapping[str, Pile]:
    """All pages of an answer, by their parts; of one that left nothing out, what it shows."""
    if answer.more is None:
        return _shown(answer)
    piles: dict[str, Pile] = {}
    number, pages = 1, 1
    while number <= pages:
        page = await page_of(app, answer, number, budget=8000, **more)
        pages = page.pages
        assert page.more is None, f"page {number} has lost something: {page.more}"
        pile = piles.setdefault(page.part, Pile(page.columns, total=page.total))
        assert (page.columns, page.total) == (pile.columns, pile.total)
        pile.rows += page.rows
        number += 1
    return piles


def _shown(answer: Answer) -> Mapping[str, Pile]:
    tables: tuple[Table, ...] = getattr(answer, "tables", ())
    named: list[tuple[str, Rows]] = [(table.title, table) for table in tables]
    if isinstance(answer, Rows):
        named.append(("rows", answer))
    return {title: Pile(each.columns, list(each.rows), each.total) for title, each in named}
