"""Asking how one house is reached, of the real houses and by the path that all calls take."""

from itertools import count
from typing import Any

from fivetabs.app.calls import open_app
from fivetabs.app.settings import AppSettings
from fivetabs.cli.houses import PROVIDERS, SPANNING
from fivetabs.core import Answer, Detail, Finding


async def checked(house: str, *, every: bool = False, target: str = "", **settings: Any) -> Detail:
    """What the doctor says of a house, or of one target; `settings` are the house's own."""
    marks = count()
    given = {p.name: p.settings(**(settings if p.name == house else {})) for p in PROVIDERS}
    app_settings = AppSettings(budget=8000, open_seconds=20, house_seconds=20)
    new_mark = lambda: f"mark{next(marks)}"  # noqa: E731
    async with open_app(PROVIDERS, app_settings, given, new_mark, SPANNING) as app:
        name = "all" if every else target
        asked = {"target": f"{house}:{name}" if name else house}
        answer: Answer = await app.call("check_connections", asked)
    assert isinstance(answer, Detail)
    return answer


def worst(answer: Detail) -> Finding:
    """The first finding."""
    assert answer.findings, answer
    return answer.findings[0]


def cells(answer: Detail, column: str) -> list[str]:
    """One column of the connections; empty where it was left out for saying nothing."""
    (table,) = answer.tables
    if column not in table.columns:
        return []
    at = table.columns.index(column)
    return [str(row[at]) for row in table.rows]


def diagnosed(answer: Detail, code: str, cause: str, mend: str) -> None:
    """The worst is this very trouble, with this cause and this command to mend it."""
    found = worst(answer)
    assert found.code == code, found
    assert cause in found.cause, found.cause
    assert mend in found.next_step.words, found.next_step.words
