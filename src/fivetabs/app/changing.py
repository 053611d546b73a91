"""From a plan to its outcome: policy, a person's word, carrying out, watching, writing it down.

Everything here fails closed: whatever cannot be read, asked or written down is no agreement.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

from fivetabs.app.arguments import Asked, Offer
from fivetabs.app.connections import AnyConnection
from fivetabs.app.course import Course, told_again
from fivetabs.app.fence import spoken
from fivetabs.app.outcomes import as_text, outcome
from fivetabs.app.persons import Person, Question
from fivetabs.app.policy import Policy, Shown
from fivetabs.app.records import Records
from fivetabs.app.redact import Redactor
from fivetabs.app.seals import genuine
from fivetabs.app.settings import AppSettings, Changes
from fivetabs.app.store.approvals import Draft
from fivetabs.app.store.rows import Request, State
from fivetabs.core import Conflict, Invalid, Outcome, Plan

_LOOK_SECONDS = 0.25
_LONGEST_QUESTION = 12_000
_BEGUN = frozenset({State.CARRYING, State.DONE, State.FAILED})
_ID = re.compile(r"[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class Case:
    """One plan on its way.

    `again` makes it anew from the world as it is by then; `hold` keeps the connection open beyond
    the call, until what it returns is called.
    """

    offer: Offer
    asked: Asked
    plan: Plan[Any]
    connection: AnyConnection
    again: Callable[[], Awaitable[Plan[Any]]]
    hold: Callable[[], Callable[[], None]]

    @property
    def digest(self) -> str:
        """The name of exactly this plan of this tool on this target."""
        return self.plan.digest(self.offer.tool.name, self.connection.target)


@dataclass(slots=True)
class Changing:
    """The way of every change of this server; `courses` are those it carried out, by request."""

    settings: AppSettings
    policy: Policy
    records: Records
    redactor: Redactor
    shown: Shown
    courses: dict[str, Course] = field(default_factory=dict[str, Course])

    async def known(self, key: str, tool: str) -> Outcome | None:
        """How a change went on that this tool began before; nothing where there is none."""
        if not _ID.fullmatch(key):
            return None
        if (course := self.courses.get(key)) and course.request.tool == tool:
            return await course.seen(self.settings.verify_seconds)
        found = await asyncio.to_thread(self.records.approvals.find, key)
        if found is None or found.tool != tool or found.state not in _BEGUN:
            return None
        return told_again(found, self.records.approvals.now())

    async def decide(self, case: Case, person: Person) -> Outcome:
        """What the owner's policy lets become of a plan.

        Raises:
            Fault: If it may not be made, or nobody agreed to exactly this; nothing was done then.
            Unanswered: If a person is asked through another call.
        """
        ruling = self.policy.rule(case.plan)
        if ruling.changes is Changes.SHOW:
            return outcome(case.plan, "planned", notes=(f"{ruling.says}: plans are only shown.",))
        if case.asked.target is None and len(case.connection.targets) > 1:
            raise Invalid(
                f"{case.offer.tool.name} changes something and there are "
                f"{len(case.connection.targets)} targets, so target must be named; nothing was "
                "done",
                hint=f"target is one of: {', '.join(case.connection.targets)}",
            )
        if ruling.changes is Changes.ASK:
            return await self._ask(case, person)
        if ruling.changes is Changes.MODEL:
            if not case.asked.approve:
                self.shown.add(case.digest)
                told = f"Nothing was done yet. To carry out exactly this: approve={case.digest!r}."
                return outcome(case.plan, "planned", digest=case.digest, notes=(told,))
            self.shown.spend(case.asked.approve, case.digest)
        return await self._allowed(case, ruling.says)

    async def aclose(self, seconds: float) -> None:
        """Finish what is being carried out, within a bound, and stop watching."""
        await asyncio.gather(*(course.aclose(seconds) for course in self.courses.values()))

    async def _allowed(self, case: Case, says: str) -> Outcome:
        request = await self._put(case, approver="")
        approvals = self.records.approvals
        if request.state is State.WAITING:
            await asyncio.to_thread(approvals.decide, request.id, agreed=True, who=says)
        await self._note("agreed", request, who=says, way="settings")
        return await self._see_through(case, request, approver="")

    async def _ask(self, case: Case, person: Person, before: str = "") -> Outcome:
        """Have a person agree, through the client or out of band, and go on if they do."""
        request = await self._put(case, approver=self.settings.approver)
        if request.state is State.WAITING and not request.approver:
            request = await self._through_client(request, person)
        request = await self._awaited(request)
        if request.state is State.DENIED:
            return self._told(case, request, "declined", f"{request.who} said no.")
        if request.state is not State.APPROVED:
            how = (
                f"A person agrees on a terminal: fivetabs approve {request.id} (within "
                f"{self.settings.approval_seconds:.0f} s of asking). Then make this call again."
            )
            return self._told(case, request, "waiting", *filter(None, (before, how)))
        fresh = replace(case, plan=await case.again())
        if fresh.digest != request.digest:
            if before:
                raise Conflict(
                    "the world changes faster than it can be agreed to; nothing was done"
                )
            changed = (
                "The world changed since the plan was agreed to; this is the plan as it is now."
            )
            self.policy.rule(fresh.plan)
            return await self._ask(fresh, person, changed)
        return await self._see_through(fresh, request, approver=self.settings.approver)

    async def _through_client(self, request: Request, person: Person) -> Request:
        """Put the question to the person at the client, where there is a way to."""
        text = request.shown()["text"]
        if len(text) > _LONGEST_QUESTION:
            return request
        word = await person.agrees(Question(request.id, text))
        if word is None:
            return request
        await self._note(
            "agreed" if word else "declined", request, who="the client's user", way=person.way
        )
        decide = self.records.approvals.decide
        who = f"the client's user ({person.way})"
        return await asyncio.to_thread(decide, request.id, agreed=word, who=who)

    async def _awaited(self, request: Request) -> Request:
        """The request once a person has decided, or as it is when the call cannot wait longer."""
        loop = asyncio.get_running_loop()
        end = loop.time() + self.settings.asking_seconds
        while request.state is State.WAITING and loop.time() < end:
            await asyncio.sleep(_LOOK_SECONDS)
            request = await asyncio.to_thread(self.records.approvals.get, request.id)
        return request

    async def _put(self, case: Case, *, approver: str) -> Request:
        """The open request for this plan, as a person is shown it: without secrets."""
        shown = self.redactor.answer(outcome(case.plan, "planned"))
        text = spoken(as_text(shown))
        draft = Draft(
            digest=case.digest,
            tool=case.offer.tool.name,
            target=case.connection.target,
            told={"text": text, "outcome": shown.model_dump(mode="json")},
            undo=self._undo(case),
        )
        request = await asyncio.to_thread(self.records.approvals.ask, draft, approver)
        await self._note("asked", request, summary=spoken(shown.summary), changes=text)
        return request

    def _undo(self, case: Case) -> dict[str, Any]:
        """The call that takes it back, unless it would have to say a secret on the disk."""
        if case.plan.undo is None:
            return {}
        call = {"tool": case.plan.undo.tool, "arguments": dict(case.plan.undo.arguments)}
        written = repr(call)
        return (
            {**call, "target": case.asked.target} if self.redactor.text(written) == written else {}
        )

    async def _see_through(self, case: Case, request: Request, *, approver: str) -> Outcome:
        """Spend the approval and carry the plan out, whatever becomes of the caller meanwhile.

        Raises:
            Conflict: If the approval is used up, or is not sealed by the owner's passphrase.
        """
        request = await asyncio.to_thread(self.records.approvals.get, request.id)
        if approver and not genuine(approver, request.sealed(), request.seal):
            await self._note("refused", request, why="no seal of the owner's passphrase")
            raise Conflict(
                f"the approval of {request.id} is not sealed by the owner's passphrase; "
                "nothing was done",
                hint=f"fivetabs approve {request.id}",
            )
        await asyncio.to_thread(self.records.approvals.spend, request.id, case.digest)
        course = Course(
            case.plan, case.connection, case.offer.tool.verify, request, self.records, self.redactor
        )
        self.courses[request.id] = course
        course.begin(case.hold())
        return await course.seen(self.settings.verify_seconds)

    def _told(self, case: Case, request: Request, state: str, *notes: str) -> Outcome:
        return outcome(case.plan, state, key=request.id, digest=case.digest, notes=notes)

    async def _note(self, event: str, request: Request, **facts: str) -> None:
        named = {"id": request.id, "digest": request.digest, "tool": request.tool}
        told = {**named, "target": request.target, **facts}
        await asyncio.to_thread(self.records.ledger.add, event, told, durable=True)
