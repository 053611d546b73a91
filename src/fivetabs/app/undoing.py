"""Taking a change back: the plan that the change itself declared, made anew from the world now."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from fivetabs.app.arguments import Offer
from fivetabs.app.connections import Connections
from fivetabs.app.store.approvals import Approvals
from fivetabs.app.store.rows import Request, State
from fivetabs.core import Conflict, Plan, Turn, Verdict


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A step of another tool, on the target where that tool took it."""

    tool: str
    target: str | None
    step: Any


@dataclass(frozen=True, slots=True)
class Undoing:
    """Finds what a change said would undo it, and has that tool's house plan and do it."""

    approvals: Approvals
    connections: Connections
    find: Callable[[str], Offer]

    async def plan(self, change: str) -> Plan[Elsewhere]:
        """The plan that takes a change back.

        Raises:
            NotFound: If there is no such change.
            Conflict: If it was not carried out, or cannot be taken back.
        """
        request = await asyncio.to_thread(self.approvals.get, change)
        call = _undo(request, self.approvals.now())
        offer, target = self.find(call["tool"]), call["target"]
        async with self.connections.use(offer.provider, target) as connection:
            given = offer.tool.parse(call["arguments"])
            made = cast("Plan[Any]", await offer.tool.run(connection.view, **given))
        steps = tuple(Elsewhere(offer.tool.name, target, step) for step in made.steps)
        return replace(made, summary=f"Undo {request.tool} {change}: {made.summary}", steps=steps)

    async def verify(self, plan: Plan[Elsewhere], since: datetime) -> Verdict:
        """How it turned out, as the tool that undid it sees it."""
        first = plan.steps[0]
        offer = self.find(first.tool)
        if offer.tool.verify is None:
            return Verdict(Turn.WELL, "carried out")
        bare = replace(plan, steps=tuple(each.step for each in plan.steps))
        async with self.connections.use(offer.provider, first.target) as connection:
            return await offer.tool.verify(connection.view, bare, since)

    async def commit(self, step: Elsewhere) -> str:
        """Carry one step out where it belongs."""
        offer = self.find(step.tool)
        async with self.connections.use(offer.provider, step.target) as connection:
            return await connection.commit(step.step)


def _undo(request: Request, now: float) -> dict[str, Any]:
    if request.state is not State.DONE:
        raise Conflict(
            f"change {request.id} is {request.word(now)}: there is nothing to take back",
            hint="only a change that was carried out can be undone",
        )
    call: dict[str, Any] = json.loads(request.undo)
    if not call:
        why = request.shown()["outcome"].get("irreversible") or "its undo would hold a secret"
        raise Conflict(f"change {request.id} cannot be taken back by fivetabs: {why}")
    return call
