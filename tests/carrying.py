"""A change from its question to its verified outcome, as the pipeline sees one through."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from fivetabs.app.calls import App, open_app
from fivetabs.app.connections import AnyProvider
from fivetabs.app.settings import AppSettings, Changes
from fivetabs.core import Outcome, Plan, Turn, Verdict

WITHIN = 120.0


@asynccontextmanager
async def allowed(provider: AnyProvider, settings: Any = None, **more: Any) -> AsyncGenerator[App]:
    """The server over one house, which carries every plan out at once."""
    chosen = AppSettings(changes=Changes.ALLOW, job_seconds=30, **more)
    houses = {provider.name: settings or provider.settings()}
    async with open_app((provider,), chosen, houses, lambda: "mark") as app:
        yield app


async def planned(app: App, tool: str, arguments: dict[str, Any]) -> Plan[Any]:
    """The plan alone."""
    offer = app.offers[tool]
    asked = {k: v for k, v in arguments.items() if k != "target"}
    async with app.connections.use(offer.provider, arguments.get("target")) as connection:
        made = await offer.tool.run(connection.view, **offer.tool.parse(asked))
    assert isinstance(made, Plan)
    return made


async def seen_through(
    app: App, tool: str, arguments: dict[str, Any]
) -> tuple[Plan[Any], Outcome, Verdict]:
    """Ask for a change, let it be carried out, and look until it is known how it turned out."""
    plan = await planned(app, tool, arguments)
    offer = app.offers[tool]
    async with app.connections.use(offer.provider, arguments.get("target")) as connection:
        since = connection.now()
        answer = await app.call(tool, arguments)
        assert isinstance(answer, Outcome)
        assert offer.tool.verify is not None
        async with asyncio.timeout(WITHIN):
            verdict = await offer.tool.verify(connection.view, plan, since)
            while verdict.turn is Turn.UNDER_WAY:
                await asyncio.sleep(0.1)
                verdict = await offer.tool.verify(connection.view, plan, since)
    return plan, answer, verdict


async def undone(app: App, plan: Plan[Any], target: str | None = None) -> Verdict:
    """Go the way back that a plan names."""
    assert plan.undo is not None
    more = {"target": target} if target else {}
    _, outcome, verdict = await seen_through(app, plan.undo.tool, {**plan.undo.arguments, **more})
    assert outcome.state == "done"
    return verdict
