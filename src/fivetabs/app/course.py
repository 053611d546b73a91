"""A change that is being carried out: its steps, one after the other, and how it turns out.

It goes on whatever becomes of the call that began it. What was done is written down before and
after each step, so that the record tells the truth wherever the process ends.
"""

import asyncio
import json
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fivetabs.app.connections import AnyConnection
from fivetabs.app.fence import spoken
from fivetabs.app.outcomes import outcome
from fivetabs.app.records import Records
from fivetabs.app.redact import Redactor
from fivetabs.app.store.rows import Request, State
from fivetabs.core import Fault, Outcome, Plan, Turn, Unavailable, Verdict
from fivetabs.core.tool import Verify

_log = logging.getLogger(__name__)
_LOOK_SECONDS, _WATCH_SECONDS = 1.0, 300.0
_BEAT_SECONDS = 5.0
_CARRY_SECONDS = 20.0


@dataclass(slots=True, eq=False)
class Course:
    """One plan from its first step to the last look at it."""

    plan: Plan[Any]
    connection: AnyConnection
    verify: Verify[Any, Any] | None
    request: Request
    records: Records
    redactor: Redactor
    done: list[str] = field(default_factory=list[str])
    begun: int = 0
    failed: str = ""
    verdict: Verdict | None = None
    carried: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None

    def begin(self, let_go: Callable[[], None]) -> None:
        """Start; it ends by itself, and lets go of the connection then."""
        self.task = asyncio.create_task(self._run())
        self.task.add_done_callback(lambda _: let_go())

    async def seen(self, seconds: float) -> Outcome:
        """How far it is, after waiting this long at most for it to end."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        with suppress(TimeoutError):
            await asyncio.wait_for(self.carried.wait(), max(seconds, _CARRY_SECONDS))
        if self.task is not None and (rest := end - loop.time()) > 0:
            await asyncio.wait({self.task}, timeout=rest)
        return self._outcome()

    async def aclose(self, seconds: float) -> None:
        """Wait for the steps, within a bound; what is only watched is left."""
        if self.task is None or self.task.done():
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(self.carried.wait(), seconds)
        self.task.cancel()
        await asyncio.wait({self.task})

    async def _run(self) -> None:
        began = self.connection.now()
        beating = asyncio.create_task(self._beat())
        try:
            await self._carry_out()
        finally:
            beating.cancel()
            self.carried.set()
        try:
            if not self.failed and self.verify is not None:
                await self._watch(self.verify, began)
        finally:
            await self._write()

    async def _carry_out(self) -> None:
        """The one place in this project that changes anything."""
        try:
            await self._note("begin", steps=len(self.plan.steps))
            for number, step in enumerate(self.plan.steps, 1):
                await self._step(number, step)
        except Fault as fault:
            hint = f" ({fault.hint})" if fault.hint else ""
            self.failed = self.redactor.text(f"{fault.status}: {fault}{hint}")
            if isinstance(fault, Unavailable) and self.begun > len(self.done):
                self.failed += f"; whether step {self.begun} took effect is not known"
        except Exception:  # noqa: BLE001  (whatever happens, the record must say how far it came)
            _log.exception("carrying out %s failed", self.request.id)
            self.failed = "failed inside fivetabs; its log on stderr says how"
        await self._end()

    async def _step(self, number: int, step: Any) -> None:
        """Carry one step out, written down before and after."""
        await self._note("step", number=number, state="begun", begun=number)
        self.begun = number
        try:
            told = await self.connection.commit(step)
        except Unavailable:
            raise
        except Fault as fault:
            await self._note("step", number=number, state="failed", told=str(fault))
            raise
        self.done.append(self.redactor.text(told))
        await self._note("step", number=number, state="done", told=self.done[-1])

    async def _end(self) -> None:
        state = State.FAILED if self.failed else State.DONE
        try:
            await self._note("end", state=state.value, told=self.failed)
            self.carried.set()
            await self._keep(state)
        except Fault as fault:  # The world has changed already: say so, and that it is unwritten.
            self.done.append(f"this could not be written down: {fault}")

    async def _watch(self, verify: Verify[Any, Any], since: datetime) -> None:
        """Look until it is known how it turned out, within five minutes."""
        loop = asyncio.get_running_loop()
        end = loop.time() + _WATCH_SECONDS
        while loop.time() < end:
            try:
                self.verdict = await verify(self.connection.view, self.plan, since)
            except Fault as fault:
                told = f"could not be looked at ({fault.status}: {fault})"
                self.verdict = Verdict(Turn.UNDER_WAY, told)
            if self.verdict.turn is not Turn.UNDER_WAY:
                return
            await asyncio.sleep(_LOOK_SECONDS)

    async def _write(self) -> None:
        if self.verdict is None:
            return
        told = spoken(self.redactor.text(self.verdict.told))
        try:
            await self._note("verified", turn=self.verdict.turn.value, told=told)
            await self._keep(State.FAILED if self.failed else State.DONE)
        except Fault as fault:
            _log.warning("how %s turned out could not be written: %s", self.request.id, fault)

    async def _beat(self) -> None:
        """Say every few seconds that this process is still at it."""
        approvals = self.records.approvals
        while True:
            with suppress(Fault):
                await asyncio.to_thread(approvals.note, self.request.id)
            await asyncio.sleep(_BEAT_SECONDS)

    async def _note(self, event: str, *, begun: int = 0, **facts: Any) -> None:
        named = {"id": self.request.id, "digest": self.request.digest, "tool": self.request.tool}
        spoken_facts = {
            k: spoken(self.redactor.text(v)) if isinstance(v, str) else v for k, v in facts.items()
        }
        add = self.records.ledger.add
        await asyncio.to_thread(add, event, {**named, **spoken_facts}, durable=True)
        done = [*map(spoken, self.done)]
        steps = {"of": len(self.plan.steps), "begun": begun or self.begun, "done": done}
        note = self.records.approvals.note
        await asyncio.to_thread(note, self.request.id, steps=json.dumps(steps))

    async def _keep(self, state: State) -> None:
        told = self.redactor.answer(self._outcome()).model_dump_json()
        note = self.records.approvals.note
        await asyncio.to_thread(note, self.request.id, status=state.value, outcome=told)

    def _outcome(self) -> Outcome:
        notes = (self.failed,) if self.failed else ()
        if self.failed and self.done:
            left = len(self.plan.steps) - len(self.done)
            notes = (f"{self.failed}; {len(self.done)} steps were done, {left} were not",)
        if not self.carried.is_set():
            state = "under way"
            notes = ("It is being carried out. " + _LATER.format(id=self.request.id),)
        elif self.failed:
            state = "failed"
        else:
            state = "done"
            if self.verdict is not None and self.verdict.turn is Turn.UNDER_WAY:
                notes = ("It is watched on. " + _LATER.format(id=self.request.id),)
        steps = tuple(self.done)
        return outcome(
            self.plan, state, key=self.request.id, steps=steps, notes=notes, verdict=self.verdict
        )


def told_again(request: Request, now: float) -> Outcome:
    """How a change came out that another call, or a process before this one, carried out."""
    if request.outcome:
        return Outcome.model_validate_json(request.outcome)
    planned = Outcome.model_validate(request.shown()["outcome"])
    of, begun, done = request.progress()
    told = f"{len(done)} of {of or 'its'} steps are recorded as done."
    if request.word(now) == "interrupted":
        state = "interrupted"
        told = f"The process that carried it out ended in the middle. {told}"
        if begun > len(done):
            told += f" Step {begun} was begun and its end is not recorded: it may be done or not."
    else:
        state = "under way"
    changed: dict[str, Any] = {"state": state, "id": request.id, "steps": done, "notes": (told,)}
    summary = planned.summary.removeprefix("Plan, not carried out: ")
    return planned.model_copy(update={**changed, "summary": summary})


_LATER = "The same call with approve='{id}' tells how it went on."
