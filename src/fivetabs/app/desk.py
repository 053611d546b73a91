"""The desk: what belongs to no house. Its tools get this view of the server itself."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from pydantic import BaseModel

from fivetabs.app import tools
from fivetabs.app.arguments import Offer
from fivetabs.app.fitting.pages import Cut
from fivetabs.app.handles import Handles, Kept, Query
from fivetabs.app.undoing import Elsewhere, Undoing
from fivetabs.core import Answer, Connection, Log, NotFound, Plan, Provider, Verdict, tools_in

_MOST_CUTS = 16
AnyDesk = Provider["Desk", Elsewhere, BaseModel]


class Desk(Protocol):
    """All that a tool of the desk may see."""

    def kept(self, handle: str) -> Kept:
        """What a handle stands for.

        Raises:
            NotFound: If there is no such handle, or it has expired.
        """
        ...

    def cut(self, question: Hashable, make: Callable[[], tuple[Cut, ...]]) -> tuple[Cut, ...]:
        """Where the pages are, as it was worked out for the page before; else made now."""
        ...

    async def again(self, query: Query, **changed: Any) -> Log:
        """A log read again, with other arguments; stamped, and not yet fitted or fenced."""
        ...

    async def back(self, change: str) -> Plan[Elsewhere]:
        """The plan that takes a change back.

        Raises:
            Fault: If there is no such change, or no way back.
        """
        ...

    async def verdict(self, plan: Plan[Elsewhere], since: datetime) -> Verdict:
        """How such a plan turned out."""
        ...


@dataclass(slots=True)
class OpenDesk:
    """The desk over the kept answers; `run` makes a call once more, as the app makes all calls."""

    handles: Handles
    run: Callable[[Query], Awaitable[Answer]]
    undoing: Undoing
    cuts: dict[Hashable, tuple[Cut, ...]] = field(default_factory=dict[Hashable, "tuple[Cut, ...]"])

    def cut(self, question: Hashable, make: Callable[[], tuple[Cut, ...]]) -> tuple[Cut, ...]:
        """Where the pages are; of the last few questions it is remembered."""
        if question not in self.cuts:
            if len(self.cuts) >= _MOST_CUTS:
                self.cuts.pop(next(iter(self.cuts)))
            self.cuts[question] = make()
        return self.cuts[question]

    def kept(self, handle: str) -> Kept:
        """What a handle stands for."""
        return self.handles.find(handle)

    async def again(self, query: Query, **changed: Any) -> Log:
        """A log read again, with other arguments."""
        arguments = {**query.arguments, **changed}
        answer = await self.run(Query(query.tool, arguments, query.target))
        if not isinstance(answer, Log):
            raise TypeError(f"{query.tool} did not answer with a log")
        return answer

    async def back(self, change: str) -> Plan[Elsewhere]:
        """The plan that takes a change back."""
        return await self.undoing.plan(change)

    async def verdict(self, plan: Plan[Elsewhere], since: datetime) -> Verdict:
        """How such a plan turned out, as the house sees it whose tool it was."""
        return await self.undoing.verify(plan, since)


async def no_call(query: Query) -> Answer:
    """What a desk without an app answers when it is to make a call."""
    raise NotFound(f"{query.tool} cannot be called from here")


def no_tool(name: str) -> Offer:
    """What a desk without an app finds."""
    raise NotFound(f"{name} cannot be called from here")


def utc_now() -> datetime:
    """The time of this machine."""
    return datetime.now(UTC)


def provider(desk: OpenDesk, now: Callable[[], datetime] = utc_now) -> AnyDesk:
    """The nameplate of the desk, so that its tools take the one path that all tools take."""

    @asynccontextmanager
    async def connect(*_: object) -> AsyncGenerator[Connection[Desk, Elsewhere]]:
        yield Connection(view=desk, commit=desk.undoing.commit, target="", now=now)

    return Provider(
        name="desk",
        title="The server itself",
        tools=tools_in(tools),
        rules=(),
        settings=BaseModel,
        live=connect,
        demo=connect,
    )


def nameplate(
    handles: Handles, run: Callable[[Query], Awaitable[Answer]], undoing: Undoing
) -> AnyDesk:
    """The desk over an app's kept answers, its way to call, and its changes."""
    return provider(OpenDesk(handles, run, undoing))
