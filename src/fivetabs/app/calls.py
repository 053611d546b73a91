"""One tool call, start to finish. Read it top to bottom: this is the whole server."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from secrets import token_bytes
from time import monotonic
from typing import Any, TypeVar, cast

from fivetabs.app import desk
from fivetabs.app.arguments import Asked, Offer, offers_of, split
from fivetabs.app.changing import Case, Changing
from fivetabs.app.connections import AnyConnection, AnyProvider, Connections
from fivetabs.app.estate import OpenEstate
from fivetabs.app.fence import fenced, fenced_fault, prose_quoted
from fivetabs.app.fitting import clip, fit, large
from fivetabs.app.handles import Handles, Kept, Query
from fivetabs.app.jobs import Jobs
from fivetabs.app.journal import Journal
from fivetabs.app.labels import Label
from fivetabs.app.parts import parts_of
from fivetabs.app.persons import NOBODY, Person
from fivetabs.app.policy import Policy, Shown
from fivetabs.app.records import NO_RECORDS, Records
from fivetabs.app.redact import Redactor
from fivetabs.app.settings import AppSettings
from fivetabs.app.spreading import names_of, spread
from fivetabs.app.steps import aimed
from fivetabs.app.undoing import Undoing
from fivetabs.core import (
    Answer,
    Estate,
    Fault,
    Log,
    NotFound,
    Plan,
    TimedOut,
    did_you_mean,
    stamp,
    written,
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
    new_mark: Callable[[], str]
    redactor: Redactor
    changing: Changing
    journal: Journal

    def listed(self) -> tuple[Offer, ...]:
        """The tools a client may see, in the order of their names."""
        return tuple(
            offer
            for _, offer in sorted(self.offers.items())
            if self.policy.lists(offer.label.effect)
        )

    async def call(
        self, name: str, arguments: Mapping[str, Any], person: Person = NOBODY
    ) -> Answer:
        """Answer one call. `person` is whom the client lets us ask before a change.

        Raises:
            Fault: Whatever went wrong, in words for the model.
            Unanswered: If a person is asked first; the same call goes on with their answer.
        """
        self.redactor.prepare_meanwhile()
        began = monotonic()
        try:
            offer = self.find(name)
            self.policy.check(name, offer.label.effect)
            await asyncio.to_thread(getattr, offer, "tool")  # Its house is imported now.
            asked = split(offer, arguments)
            answer = await self._answer(offer, asked, person)
        except Fault as fault:
            safe = await self._safe_fault(fault)
            await self.journal.failed(name, arguments, began, safe)
            raise fenced_fault(safe, self.new_mark) from fault
        await self.journal.answered(name, arguments, began, answer)
        budget = int(asked.budget or asked.given.get("budget") or self.settings.budget)
        shown = await _fitted(answer, budget)
        if shown.more is not None:
            more = shown.more.model_copy(update={"handle": self._keep(offer, asked, answer)})
            shown = shown.model_copy(update={"more": more})
        return fenced(shown, self.new_mark)

    async def _answer(self, offer: Offer, asked: Asked, person: Person) -> Answer:
        """The whole answer: stamped and safe, not yet fitted."""
        if asked.cancel:
            return self._stamped(await self.jobs.cancel(asked.job))
        if asked.job:
            return self._stamped(await self.jobs.look(asked.job))
        parsed = offer.tool.parse(asked.given)
        if names := await names_of(offer, asked, self.connections):
            ask = partial(self._run, offer, parsed=parsed, person=NOBODY)
            return await self._safe(await spread(names, asked, ask))
        work = self._run(offer, asked, parsed, person)
        if offer.tool.long:
            key = (offer.tool.name, asked.target, repr(sorted(parsed.items())))
            return self._stamped(await self.jobs.start(offer.tool.title, key, work))
        return await work

    async def _run(
        self, offer: Offer, asked: Asked, parsed: dict[str, Any], person: Person
    ) -> Answer:
        async with self.connections.use(offer.provider, asked.target) as connection:
            run = partial(self._look, offer, parsed, connection)
            result = await self.changing.known(asked.approve, offer.tool.name) or await run()
            if isinstance(result, Plan):
                hold = partial(self.connections.hold, connection)
                case = Case(offer, asked, cast("Plan[Any]", result), connection, run, hold)
                result = await self.changing.decide(case, person)
            answer = self._stamped(aimed(result, offer.provider, asked.target), connection)
        return await self._safe(answer)  # Knowing the secrets that came by meanwhile.

    async def _look(self, offer: Offer, parsed: dict[str, Any], connection: AnyConnection) -> Any:
        """What the tool says: an answer or a plan. Only a job may take long."""
        seconds = None if offer.tool.long else self.settings.call_seconds
        try:
            async with asyncio.timeout(seconds):
                return await offer.tool.run(connection.view, **parsed)
        except TimeoutError as error:
            raise TimedOut(
                f"{offer.label.name} took longer than {seconds:g} s and was stopped",
                hint="ask for less: a namespace, a name, a shorter time",
            ) from error

    async def again(self, query: Query) -> Answer:
        """Make a call once more that a handle stands for; the answer is whole."""
        offer = self.find(query.tool)
        asked = split(offer, {**query.arguments, "target": query.target})
        return await self._answer(offer, asked, NOBODY)

    async def aclose(self) -> None:
        """Finish changes under way, within 30 s; stop jobs, close connections, forget answers."""
        await self.changing.aclose(_FINISH_SECONDS)
        await self.jobs.aclose()
        await self.connections.aclose()
        self.handles.close()

    def _stamped(self, answer: A, connection: AnyConnection | None = None) -> A:
        """Say where and when an answer was observed, unless it says so itself; mark a demo."""
        stamps: dict[str, Any] = {"demo": self.settings.demo}
        if connection is not None and not answer.observed:
            stamps |= {"target": written(connection.target), "observed": stamp(connection.now())}
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
        return type(fault)(message, hint=hint)

    def _keep(self, offer: Offer, asked: Asked, answer: Answer) -> str:
        """Put the whole answer away; of a log only the question, up to the time it was asked."""
        tool, stamps = offer.tool, (answer.target, answer.observed, answer.demo)
        known = tool.arguments.model_fields
        if isinstance(answer, Log) and {"page", "until"} <= known.keys():
            until = asked.given.get("until") or answer.observed
            query = Query(tool.name, {**asked.given, "until": until}, asked.target)
            return self.handles.keep(Kept(tool.name, *stamps, query=query))
        return self.handles.keep(Kept(tool.name, *stamps, parts=parts_of(answer)))

    def find(self, name: str) -> Offer:
        """A tool by its name.

        Raises:
            NotFound: If there is none.
        """
        if name in self.offers:
            return self.offers[name]
        raise NotFound(
            f"there is no tool {name!r}",
            hint=did_you_mean(name, self.offers, otherwise=f"tools: {', '.join(self.offers)}"),
        )


async def _fitted(answer: Answer, budget: int) -> Answer:
    """Hundreds of findings take a tenth of a second: a thread leaves the loop to the others."""
    return await asyncio.to_thread(fit, answer, budget) if large(answer) else fit(answer, budget)


@asynccontextmanager
async def open_app(  # noqa: PLR0913, PLR0917  (the composition root hands everything down)
    providers: tuple[AnyProvider, ...],
    settings: AppSettings,
    houses: Mapping[str, Any],  # Their settings by name.
    new_mark: Callable[[], str],  # Random names.
    spanning: tuple[Callable[[Estate], AnyProvider], ...] = (),
    redactor: Redactor | None = None,
    records: Records | None = None,  # Without them no change can be made.
    labels: Sequence[Label] = (),  # Of houses that are imported late.
) -> AsyncGenerator[App]:
    """Everything a call needs, from values alone; nothing is connected before its first call."""
    safe, written = redactor or Redactor(token_bytes(32)), records or NO_RECORDS
    policy = Policy.of(settings)
    app = App(
        offers=offers_of(*providers, known=labels),
        policy=policy,
        settings=settings,
        connections=Connections.of(settings, houses, safe.learn),
        jobs=Jobs(settings.job_seconds, new_mark),
        handles=Handles(settings.handle_seconds, new_mark, monotonic),
        new_mark=new_mark,
        redactor=safe,
        changing=Changing(settings, policy, written, safe, Shown(settings.approval_seconds)),
        journal=Journal(written.ledger, safe),
    )
    app.offers |= offers_of(*_houseless(app, providers, spanning), known=labels)
    try:
        yield app
    finally:
        await app.aclose()


def _houseless(
    app: App,
    providers: tuple[AnyProvider, ...],
    spanning: tuple[Callable[[Estate], AnyProvider], ...],
) -> tuple[AnyProvider, ...]:
    """The desk, and what spans the houses."""
    undoing = Undoing(app.changing.records.approvals, app.connections, app.find)
    estate = OpenEstate(app.connections, providers, app.settings.house_seconds)
    own = desk.nameplate(app.handles, app.again, undoing)
    return (own, *(each(estate) for each in spanning))
