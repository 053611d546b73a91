"""One tool call, start to finish. Read it top to bottom: this is the whole server."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from fivetabs.app.arguments import Asked, Offer, split
from fivetabs.app.connections import AnyConnection, AnyProvider, Connections
from fivetabs.app.jobs import Jobs
from fivetabs.app.policy import Policy, Shown
from fivetabs.app.redact import cleaned
from fivetabs.app.settings import AppSettings, Changes
from fivetabs.core import (
    Answer,
    Fault,
    Invalid,
    NotFound,
    Outcome,
    Plan,
    TimedOut,
    did_you_mean,
    stamp,
)

_FINISH_SECONDS = 30.0


@dataclass(slots=True)
class App:
    """Every tool of every house, and the one path all their calls take."""

    offers: Mapping[str, Offer]
    policy: Policy
    settings: AppSettings
    connections: Connections
    jobs: Jobs
    shown: Shown
    new_mark: Callable[[], str]
    changing: set[asyncio.Task[Outcome]] = field(default_factory=set["asyncio.Task[Outcome]"])

    def listed(self) -> tuple[Offer, ...]:
        """The tools a client may see, in the order of their names."""
        return tuple(
            offer
            for _, offer in sorted(self.offers.items())
            if self.policy.lists(offer.tool.effect)
        )

    async def call(self, name: str, arguments: Mapping[str, Any]) -> Answer:
        """Answer one call.

        Raises:
            Fault: Whatever went wrong, in words for the model.
        """
        offer = self._find(name)
        self.policy.check(name, offer.tool.effect)
        asked = split(offer, arguments)
        if asked.cancel:
            return self._finish(await self.jobs.cancel(asked.job), None)
        if asked.job:
            return self._finish(await self.jobs.look(asked.job), None)
        parsed = offer.tool.parse(asked.given)
        if offer.tool.long:
            key = (name, asked.target, repr(sorted(parsed.items())))
            work = self._run(offer, asked, parsed)
            return self._finish(await self.jobs.start(offer.tool.title, key, work), None)
        try:
            async with asyncio.timeout(self.settings.call_seconds):
                return await self._run(offer, asked, parsed)
        except TimeoutError as error:
            raise TimedOut(
                f"{name} took longer than {self.settings.call_seconds:g} s and was stopped",
                hint="ask for less: a namespace, a name, a shorter time",
            ) from error

    async def _run(self, offer: Offer, asked: Asked, parsed: dict[str, Any]) -> Answer:
        async with self.connections.use(offer.provider, asked.target) as connection:
            result = await offer.tool.run(connection.view, **parsed)
            if isinstance(result, Plan):
                result = await self._decide(offer, asked, result, connection)
            return self._finish(result, connection)

    async def _decide(
        self, offer: Offer, asked: Asked, plan: Plan[Any], connection: AnyConnection
    ) -> Outcome:
        digest = plan.digest(offer.tool.name, connection.target)
        if self.policy.refusal():
            return outcome(plan, "planned", notes=(self.policy.refusal(),))
        if asked.target is None and len(connection.targets) > 1:
            raise Invalid(
                f"{offer.tool.name} changes something and there are {len(connection.targets)} "
                "targets, so target must be named; nothing was done",
                hint=f"target is one of: {', '.join(connection.targets)}",
            )
        if self.policy.changes is Changes.MODEL:
            if not asked.approve:
                self.shown.add(digest)
                told = f"Nothing was done yet. To carry out exactly this: approve={digest!r}."
                return outcome(plan, "planned", digest=digest, notes=(told,))
            self.shown.spend(asked.approve, digest)
        return await self._see_through(plan, connection)

    async def _see_through(self, plan: Plan[Any], connection: AnyConnection) -> Outcome:
        """Carry a plan out, whatever becomes of the caller meanwhile."""
        task = asyncio.create_task(_carry_out(plan, connection))
        self.changing.add(task)
        task.add_done_callback(self.changing.discard)
        return await asyncio.shield(task)

    def _finish(self, answer: Answer, connection: AnyConnection | None) -> Answer:
        """Stamp where and when, mark a demo, and clean what a backend said. Once an answer."""
        if answer.observed or (answer.demo and connection is None):
            return answer
        stamps: dict[str, Any] = {"demo": self.settings.demo}
        if connection is not None:
            stamps |= {"target": connection.target, "observed": stamp(connection.now())}
        return cleaned(answer.model_copy(update=stamps), self.new_mark())

    def _find(self, name: str) -> Offer:
        if name in self.offers:
            return self.offers[name]
        raise NotFound(
            f"there is no tool {name!r}",
            hint=did_you_mean(name, self.offers, otherwise=f"tools: {', '.join(self.offers)}"),
        )


async def _carry_out(plan: Plan[Any], connection: AnyConnection) -> Outcome:
    """The one place in this project that changes anything."""
    done: list[str] = []
    for step in plan.steps:
        try:
            done.append(await connection.commit(step))
        except Fault as fault:
            if not done:
                raise
            left = len(plan.steps) - len(done)
            told = f"{fault}; {len(done)} steps were done, {left} were not"
            return outcome(plan, "failed", steps=tuple(done), notes=(told,))
    return outcome(plan, "done", steps=tuple(done))


def outcome(
    plan: Plan[Any],
    state: str,
    *,
    digest: str = "",
    steps: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
) -> Outcome:
    """What to say of a plan that is shown or was carried out."""
    check = (f"To see whether it helped: {plan.check}",) if plan.check and state == "done" else ()
    return Outcome(
        summary=plan.summary if state != "planned" else f"Plan, not carried out: {plan.summary}",
        state=state,
        steps=steps,
        changes=tuple(map(str, plan.deltas)),
        digest=digest,
        undo=str(plan.undo) if plan.undo else "",
        irreversible=plan.irreversible,
        notes=(*plan.warnings, *notes, *check),
    )


@asynccontextmanager
async def open_app(
    providers: tuple[AnyProvider, ...],
    settings: AppSettings,
    houses: Mapping[str, Any],
    new_mark: Callable[[], str],
) -> AsyncGenerator[App]:
    """Everything a call needs, from values alone; nothing is connected before its first call.

    `houses` are the settings of each provider by name; `new_mark` gives fresh random names for
    handles and fences. On the way out changes under way are finished (within 30 s), jobs are
    stopped and connections closed.
    """
    app = App(
        offers={t.name: Offer(p, t) for p in providers for t in p.tools},
        policy=Policy(settings.changes),
        settings=settings,
        connections=Connections(settings.demo, dict(houses), settings.open_seconds),
        jobs=Jobs(settings.job_seconds, new_mark),
        shown=Shown(settings.approval_seconds),
        new_mark=new_mark,
    )
    try:
        yield app
    finally:
        if app.changing:
            await asyncio.wait(app.changing, timeout=_FINISH_SECONDS)
        await app.jobs.aclose()
        await app.connections.aclose()
