"""One call's use of one directory: its environment, its private folder, and the commands in it."""

import asyncio
import contextlib
import os
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from fivetabs.core import Denied, Fault, NotFound, TimedOut, did_you_mean, spelled, term
from fivetabs.core.secrecy import Seen
from fivetabs.core.waiting import patient
from fivetabs.providers.terraform.auth import child_environment
from fivetabs.providers.terraform.live.backends import DEFAULT, Backend, read_backend
from fivetabs.providers.terraform.live.faults import fault_of
from fivetabs.providers.terraform.live.folders import Folder, Folders, data_folder, selected
from fivetabs.providers.terraform.live.outputs import messages, whole
from fivetabs.providers.terraform.live.private import Private, private_data
from fivetabs.providers.terraform.live.processes import Finished, Processes
from fivetabs.providers.terraform.port import (
    CHECK,
    PLAN,
    READS,
    STATE,
    WORKSPACES,
    Subcommand,
)
from fivetabs.providers.terraform.settings import Settings
from fivetabs.providers.terraform.shapes.diagnostics import (
    Diagnostic,
    parse_diagnostic,
    parse_text,
)

T = TypeVar("T")
_LONG = (PLAN, CHECK)


@dataclass(frozen=True, slots=True)
class Session:
    """One call's use of one directory: its environment and the folder that is ours alone."""

    folder: Folder
    backend: Backend
    environment: Mapping[str, str]
    private: Private

    @property
    def plan_file(self) -> Path:
        """Where this call has its plan."""
        return self.private.plan_file


@dataclass(frozen=True, slots=True)
class Terraform:
    """The binary in the allowed folders. What it runs here is one of `READS`."""

    settings: Settings
    folders: Folders
    binary: str
    processes: Processes
    seen: Seen = field(default_factory=Seen, compare=False)

    @contextlib.asynccontextmanager
    async def session(self, folder: Folder) -> AsyncGenerator[Session]:
        """Use a directory, in the workspace that is selected for it.

        Raises:
            NotFound: If that workspace is not there.
            Fault: If the state's backend cannot be asked.
        """
        data = data_folder(folder.path)
        workspace = os.environ.get("TF_WORKSPACE") or selected(data)
        backend = read_backend(folder.path, data, workspace)
        self.seen.note(backend.secrets)
        with private_data(data) as ours:
            environment = child_environment(self.settings, os.environ, str(ours.data))
            environment.pop("TF_WORKSPACE", None)
            session = Session(folder, backend, environment, ours)
            await backend.check()
            if workspace != DEFAULT:
                await self._see_workspace(session)
                environment["TF_WORKSPACE"] = workspace
            yield session

    async def soon(self, session: Session, what: Subcommand) -> Finished:
        """Run a command that should answer at once, unless the backend is slow or dead."""
        task = asyncio.ensure_future(self.run(session, what))
        backend, settings = session.backend, self.settings
        try:
            async with within(settings.state_timeout, f"{what.name} in {session.folder.label}"):
                done = await patient(_joined(task), backend.answer, quiet=settings.quiet)
        except TimedOut as error:
            if not backend.address:
                raise
            raise TimedOut(
                f"the {backend.type} backend of {session.folder.label}: {error}",
                hint="look at that service; nothing was read",
            ) from error
        finally:
            task.cancel()
            await asyncio.wait({task})
        if done.code:
            raise self.failed(session, done)
        return done

    async def run(self, session: Session, what: Subcommand) -> Finished:
        """Run one of `READS` to its end."""
        if what not in READS:
            raise Denied(f"terraform {what.name} is not a read")
        argv = (each.format(file=session.plan_file) for each in what.argv)
        return await self.processes.run(
            (self.binary, *argv),
            cwd=session.folder.path,
            environment=session.environment,
            gently=what in _LONG,
        )

    async def state(self, session: Session) -> Mapping[str, Any] | None:
        """The state as `state pull` prints it; None when nothing was ever applied."""
        pulled = await self.soon(session, STATE)
        text = pulled.out.strip()
        return whole(text, f"the state of {session.folder.label}") if text else None

    def judged(self, session: Session, made: Finished) -> tuple[Mapping[str, Any], ...]:
        """The diagnostics of a plan that was made whole.

        Raises:
            Fault: If it was not.
        """
        told = tuple(messages(made.out))
        found = tuple(each["diagnostic"] for each in told if "diagnostic" in each)
        if made.code or any(each.get("severity") == "error" for each in found):
            planned = sum(each.get("type") == "planned_change" for each in told)
            raise self.failed(session, made, found, planned)
        return found

    def failed(
        self,
        session: Session,
        ended: Finished,
        found: tuple[Mapping[str, Any], ...] = (),
        planned: int = 0,
    ) -> Fault:
        """The fault for a command that ended in failure."""
        problems = tuple(parse_diagnostic(each) for each in found) or parse_text(ended.err)
        return self.fault(session, problems, planned)

    def fault(self, session: Session, problems: Sequence[Diagnostic], planned: int = 0) -> Fault:
        """The fault for what terraform complained about."""
        folder, binary = session.folder, Path(self.binary).name
        return fault_of(
            problems, name=folder.name, path=folder.path, binary=binary, planned=planned
        )

    async def _see_workspace(self, session: Session) -> None:
        # Terraform makes a selected workspace that is not there; reading must not.
        listed = await self.soon(session, WORKSPACES)
        names = [
            line[2:].strip()
            for line in listed.out.splitlines()
            if line[:2] in ("* ", "  ") and line.strip()
        ]
        wanted = session.backend.workspace
        if wanted not in names:
            raise NotFound(
                f"the workspace {spelled(wanted)} is selected for {session.folder.label}, but is "
                "not there",
                hint=did_you_mean(wanted, names, otherwise=f"it has {', '.join(map(term, names))}"),
            )


@contextlib.asynccontextmanager
async def within(seconds: float, what: str) -> AsyncGenerator[None]:
    """Bound what is done inside.

    Raises:
        TimedOut: If it takes longer.
    """
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise TimedOut(
            f"{what} took more than {seconds:g} s and was stopped",
            hint="give it longer: FIVETABS_TERRAFORM__PLAN_TIMEOUT or __STATE_TIMEOUT (seconds)",
        ) from error


async def _joined(task: "asyncio.Future[T]") -> T:
    return await asyncio.shield(task)
