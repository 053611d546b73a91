"""One tool call, start to finish. Read it top to bottom: this is the whole server."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from secrets import token_bytes
from time import monotonic
from typing import Any, TypeVar

from fivetabs.app import desk
from fivetabs.app.arguments import Asked, Offer, offers_of, split
from fivetabs.app.connections import AnyConnection, AnyProvider, Connections
from fivetabs.app.estate import OpenEstate
from fivetabs.app.fence import fenced, fenced_fault, prose_quoted
from fivetabs.app.fitting import clip, fit, large
from fivetabs.app.handles import Handles, Kept, Query
from fivetabs.app.jobs import Jobs
from fivetabs.app.labels import Label
from fivetabs.app.outcomes import outcome
from fivetabs.app.parts import parts_of
from fivetabs.app.policy import Policy, Shown
from fivetabs.app.redact import Redactor
from fivetabs.app.settings import AppSettings, Changes
from fivetabs.core import (
    Answer,
    Estate,
    Fault,
    Invalid,
    Log,
    NotFound,
    Outcome,
    Plan,
    TimedOut,
    did_you_mean,
    stamp,
)

A = TypeVar("A", bound=Answer)
_FINISH_SECONDS = 30.0
_LONGEST_FAULT = 1400


@dataclass(slots=True)
class App:
    """Every tool of every house, and the one path all their calls take."""

    offers: dict[str, Offer]
    policy: Policy
    settings: AppSettings
    connections: Connections
    jobs: Jobs
    handles: Handles
    shown: Shown
    new_mark: Callable[[], str]
    redactor: Redactor
    changing: set[asyncio.Task[Outcome]] = field(default_factory=set["asyncio.Task[Outcome]"])

    def listed(self) -> tuple[Offer, ...]:
        """The tools a client may see, in the order of their names."""
        return tuple(
            offer
            for _, offer in sorted(self.offers.items())
            if self.policy.lists(offer.label.effect)
        )

    async def call(self, name: str, arguments: Mapping[str, Any]) -> Answer:
        """Answer one call.

        Raises:
            Fault: Whatever went wrong, in words for the model.
        """
        self.redactor.prepare_meanwhile()
        try:
            offer = self._find(name)
            self.policy.check(name, offer.label.effect)
            await asyncio.to_thread(getattr, offer, "tool")  # Its house is imported now.
            asked = split(offer, arguments)
            answer = await self._answer(offer, asked)
        except Fault as fault:
            raise await self._safe_fault(fault) from fault
        budget = int(asked.budget or asked.given.get("budget") or self.settings.budget)
        # Hundreds of findings take a tenth of a second: a thread leaves the loop to the others.
        shown = (
            await asyncio.to_thread(fit, answer, budget) if large(answer) else fit(answer, budget)
        )
        if shown.more is not None:
            more = shown.more.model_copy(update={"handle": self._keep(offer, asked, answer)})
            shown = shown.model_copy(update={"more": more})
        return fenced(shown, self.new_mark)

    async def _answer(self, offer: Offer, asked: Asked) -> Answer:
        """The whole answer: stamped and safe, not yet fitted."""
        if asked.cancel:
            return self._stamped(await self.jobs.cancel(asked.job))
        if asked.job:
            return self._stamped(await self.jobs.look(asked.job))
        parsed = offer.tool.parse(asked.given)
        if offer.tool.long:
            key = (offer.tool.name, asked.target, repr(sorted(parsed.items())))
            work = self._run(offer, asked, parsed)
            return self._stamped(await self.jobs.start(offer.tool.title, key, work))
        try:
            async with asyncio.timeout(self.settings.call_seconds):
                return await self._run(offer, asked, parsed)
        except TimeoutError as error:
            seconds = self.settings.call_seconds
            raise TimedOut(
                f"{offer.label.name} took longer than {seconds:g} s and was stopped",
                hint="ask for less: a namespace, a name, a shorter time",
            ) from error

    async def _run(self, offer: Offer, asked: Asked, parsed: dict[str, Any]) -> Answer:
        async with self.connections.use(offer.provider, asked.target) as connection:
            result = await offer.tool.run(connection.view, **parsed)
            if isinstance(result, Plan):
                result = await self._decide(offer, asked, result, connection)
            answer = self._stamped(result, connection)
        return await self._safe(answer)  # Knowing the secrets that came by meanwhile.

    async def again(self, query: Query) -> Answer:
        """Make a call once more that a handle stands for; the answer is whole."""
        offer = self._find(query.tool)
        return await self._answer(offer, split(offer, {**query.arguments, "target": query.target}))

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

    async def aclose(self) -> None:
        """Finish changes under way, within 30 s; stop jobs, close connections, forget answers."""
        if self.changing:
            await asyncio.wait(self.changing, timeout=_FINISH_SECONDS)
        await self.jobs.aclose()
        await self.connections.aclose()
        self.handles.close()

    def _stamped(self, answer: A, connection: AnyConnection | None = None) -> A:
        """Say where and when an answer was observed, unless it says so itself; mark a demo."""
        stamps: dict[str, Any] = {"demo": self.settings.demo}
        if connection is not None and not answer.observed:
            stamps |= {"target": connection.target, "observed": stamp(connection.now())}
        return answer.model_copy(update=stamps)

    async def _safe(self, answer: A) -> A:
        await self.redactor.prepared()
        if large(answer):
            return await asyncio.to_thread(self._clean, answer)
        return self._clean(answer)

    def _clean(self, answer: A) -> A:
        return prose_quoted(self.redactor.answer(answer))

    async def _safe_fault(self, fault: Fault) -> Fault:
        await self.redactor.prepared()
        safe = self.redactor.fault(fault)
        message, hint = (clip(each, _LONGEST_FAULT) for each in (str(safe), safe.hint))
        return fenced_fault(type(fault)(message, hint=hint), self.new_mark)

    def _keep(self, offer: Offer, asked: Asked, answer: Answer) -> str:
        """Put the whole answer away; of a log only the question, up to the time it was asked."""
        tool, stamps = offer.tool, (answer.target, answer.observed, answer.demo)
        known = tool.arguments.model_fields
        if isinstance(answer, Log) and {"page", "until"} <= known.keys():
            until = asked.given.get("until") or answer.observed
            query = Query(tool.name, {**asked.given, "until": until}, asked.target)
            return self.handles.keep(Kept(tool.name, *stamps, query=query))
        return self.handles.keep(Kept(tool.name, *stamps, parts=parts_of(answer)))

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


@asynccontextmanager
async def open_app(  # noqa: PLR0913, PLR0917  (the composition root hands everything down)
    providers: tuple[AnyProvider, ...],
    settings: AppSettings,
    houses: Mapping[str, Any],  # Their settings by name.
    new_mark: Callable[[], str],  # Random names.
    spanning: tuple[Callable[[Estate], AnyProvider], ...] = (),
    redactor: Redactor | None = None,
    labels: Sequence[Label] = (),  # Of houses that are imported late.
) -> AsyncGenerator[App]:
    """Everything a call needs, from values alone; nothing is connected before its first call."""
    safe = redactor or Redactor(token_bytes(32))
    app = App(
        offers=offers_of(*providers, known=labels),
        policy=Policy(settings.changes),
        settings=settings,
        connections=Connections(settings.demo, houses, settings.open_seconds, safe.learn),
        jobs=Jobs(settings.job_seconds, new_mark),
        handles=Handles(settings.handle_seconds, new_mark, monotonic),
        shown=Shown(settings.approval_seconds),
        new_mark=new_mark,
        redactor=safe,
    )
    estate = OpenEstate(app.connections, providers, settings.house_seconds)
    houseless = (desk.nameplate(app.handles, app.again), *(each(estate) for each in spanning))
    app.offers |= offers_of(*houseless, known=labels)
    try:
        yield app
    finally:
        await app.aclose()
