"""Applying one saved plan: the only place of this house that changes anything."""

import asyncio
import signal
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from fivetabs.core import Conflict, Denied, Fault
from fivetabs.providers.terraform.live.backends import lock_of
from fivetabs.providers.terraform.live.folders import Folder
from fivetabs.providers.terraform.live.outputs import messages
from fivetabs.providers.terraform.live.private import write_private
from fivetabs.providers.terraform.live.sessions import Session, Terraform
from fivetabs.providers.terraform.live.shelves import Kept, Shelf
from fivetabs.providers.terraform.live.unbroken import run_to_its_end
from fivetabs.providers.terraform.port import APPLY, CHANGES, Apply
from fivetabs.providers.terraform.shapes.applies import Applied, parse_applied, story
from fivetabs.providers.terraform.shapes.diagnostics import parse_text
from fivetabs.providers.terraform.shapes.locks import parse_lock
from fivetabs.providers.terraform.shapes.saving import fingerprint, name_of

_AGAIN = "run_terraform_plan makes a new plan"


@dataclass(frozen=True, slots=True)
class Applier:
    """Carries out the steps of this house."""

    terraform: Terraform
    shelf: Shelf

    async def commit(self, step: Apply) -> str:
        """Apply the plan whose file has the step's hash, and say what terraform did.

        Terraform is handed a private copy whose bytes were hashed. It takes the state's lock and
        checks under it once more that the state is the one the plan was made from.

        Raises:
            Denied: If the directory is not allowed any more.
            Conflict: If the plan, its file or the state is another by now; nothing was done then.
            Fault: If the apply failed, with what was done before.
        """
        folder = await asyncio.to_thread(self.terraform.folders.locate, step.directory)
        kept = self.shelf.find(name_of(step.sha256), folder)
        content = await asyncio.to_thread(self.shelf.content, kept)
        if sha256(content).hexdigest() != step.sha256 or str(folder.path) != step.path:
            raise Conflict(f"{folder.label} has another plan by now; nothing was done", hint=_AGAIN)
        async with self.terraform.session(folder) as session:
            self.shelf.check_workspace(kept, session.backend.workspace)
            self._check_state(step, folder, await self.terraform.state(session))
            await asyncio.to_thread(write_private, session.plan_file, content)
            code, applied = await self._applied(session)
            if code == 0:
                return await self._well(session, kept, applied)
            raise await self._badly(session, kept, code, applied)

    def _check_state(self, step: Apply, folder: Folder, now: Mapping[str, Any] | None) -> None:
        lineage = fingerprint(str(now.get("lineage", ""))) if now else step.lineage
        found = (int(now["serial"]) if now else 0, lineage)
        if found != (step.serial, step.lineage):
            raise Conflict(
                f"the state of {folder.label} moved on since the plan was made (serial "
                f"{step.serial}, now {found[0]}); nothing was done",
                hint=_AGAIN,
            )

    async def _applied(self, session: Session) -> tuple[int, Applied]:
        if APPLY not in CHANGES:
            raise Denied("terraform apply is not among the changes of this server")
        argv = (each.format(file=session.plan_file) for each in APPLY.argv)
        code, out, err = await run_to_its_end(
            (self.terraform.binary, *argv),
            cwd=session.folder.path,
            environment=session.environment,
            private=session.private,
            grace=self.terraform.settings.grace,
        )
        applied = parse_applied(messages(out))
        if code and not applied.problems:
            said = parse_text(err)
            applied = Applied(applied.done, applied.unknown, applied.failed, said)
        return code, applied

    async def _well(self, session: Session, kept: Kept, applied: Applied) -> str:
        self.shelf.drop(kept.name)
        serial = await self._serial(session)
        return f"applied plan {kept.name} in {session.folder.label}: {applied.told}{serial}"

    async def _badly(self, session: Session, kept: Kept, code: int, applied: Applied) -> Fault:
        """The fault for an apply that came to a bad end: what was done, and how things are now."""
        fault = self.terraform.fault(session, applied.problems)
        if code > 0 and not applied.begun:
            kind = Conflict if applied.stale or applied.locked else type(fault)
            return kind(f"{fault}; nothing was applied", hint=_hint(applied) or fault.hint)
        self.shelf.drop(kept.name)
        name = Path(self.terraform.binary).name
        how = f"was ended in the middle by {_signal(-code)}" if code < 0 else f"failed: {fault}"
        told = f"{name} apply in {session.folder.label} {how}. {story(applied)}"
        told += await self._serial(session)
        if code < 0:
            told += "; what it made last may be missing in the state"
        if lock := parse_lock(lock_of(session.backend)):
            told += f"; a lock is left: {lock}"
        return Fault(told, hint=f"{_AGAIN} of what is left, and shows whether anything drifted")

    async def _serial(self, session: Session) -> str:
        with suppress(Fault):
            if state := await self.terraform.state(session):
                return f"; the state is at serial {int(state['serial'])}"
            return "; there is no state"
        return "; the state could not be read"


def _hint(applied: Applied) -> str:
    if applied.locked:
        return "wait for whoever holds it; terraform force-unlock only when that is surely over"
    return _AGAIN if applied.stale else ""


def _signal(number: int) -> str:
    with suppress(ValueError):
        return signal.Signals(number).name
    return f"signal {number}"
