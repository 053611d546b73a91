"""A change from its question to its verified outcome, as the pipeline sees one through."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fivetabs.app.calls import App, open_app
from fivetabs.app.connections import AnyProvider
from fivetabs.app.records import Records
from fivetabs.app.settings import AppSettings, Changes
from fivetabs.core import Outcome, Plan
from tests.app.records import records

WITHIN = 120.0


@asynccontextmanager
async def allowed(
    provider: AnyProvider, folder: Path, settings: Any = None, **more: Any
) -> AsyncGenerator[App]:
    """The server over one house, which carries every plan out at once and writes into a folder."""
    chosen = AppSettings(changes=Changes.ALLOW, job_seconds=60, verify_seconds=WITHIN, **more)
    houses = {provider.name: settings or provider.settings()}
    kept = _kept_in(folder)
    async with open_app((provider,), chosen, houses, lambda: "mark", records=kept) as app:
        yield app


def _kept_in(folder: Path) -> Records:
    folder.mkdir(exist_ok=True)
    return records(folder)


async def planned(app: App, tool: str, arguments: dict[str, Any]) -> Plan[Any]:
    """The plan alone."""
    offer = app.offers[tool]
    asked = {k: v for k, v in arguments.items() if k != "target"}
    async with app.connections.use(offer.provider, arguments.get("target")) as connection:
        made = await offer.tool.run(connection.view, **offer.tool.parse(asked))
    assert isinstance(made, Plan)
    return made


async def commit(app: App, tool: str, plan: Plan[Any], target: str | None = None) -> str:
    """Carry out the one step of a plan that was made before, whatever the world is now."""
    (step,) = plan.steps
    async with app.connections.use(app.offers[tool].provider, target) as connection:
        return await connection.commit(step)


async def seen_through(app: App, tool: str, arguments: dict[str, Any]) -> Outcome:
    """Ask for a change, let it be carried out, and look until it is known how it turned out."""
    answer = await app.call(tool, arguments)
    assert isinstance(answer, Outcome)
    return answer


async def undone(app: App, change: Outcome) -> Outcome:
    """Go the way back that a change named."""
    assert change.undo == f"undo(change={change.id!r})"
    return await seen_through(app, "undo", {"change": change.id})
