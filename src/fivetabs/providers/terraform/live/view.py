"""The working directories of this machine, asked through the terraform (or tofu) binary."""

import asyncio
import contextlib
import os
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from fivetabs.core import Denied, Fault, Invalid, NotFound, TimedOut, did_you_mean, spelled, term
from fivetabs.core.secrecy import Seen
from fivetabs.core.waiting import Flights, patient
from fivetabs.providers.terraform.auth import child_environment
from fivetabs.providers.terraform.live.backends import (
    DEFAULT,
    REMOTE_PLANS,
    Backend,
    lock_of,
    read_backend,
    replaced,
    written,
)
from fivetabs.providers.terraform.live.faults import fault_of
from fivetabs.providers.terraform.live.folders import (
    Folder,
    Folders,
    data_folder,
    private_data,
    selected,
)
from fivetabs.providers.terraform.live.outputs import messages, serial, whole
from fivetabs.providers.terraform.live.processes import Finished, Processes
from fivetabs.providers.terraform.live.screening import screen_files, screen_graph
from fivetabs.providers.terraform.port import (
    GRAPH,
    PLAN,
    READS,
    SHOW,
    STATE,
    WORKSPACES,
    Directory,
    PlanRaw,
    StateRaw,
    Subcommand,
)
from fivetabs.providers.terraform.settings import Settings
from fivetabs.providers.terraform.shapes.diagnostics import parse_diagnostic, parse_text
from fivetabs.providers.terraform.shapes.secrets import secrets_in

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Session:
    """One call's use of one directory: its environment and the folder that is ours alone."""

    folder: Folder
    backend: Backend
    environment: Mapping[str, str]
    plan_file: Path


@dataclass(frozen=True, slots=True)
class LiveWorkspaces:
    """The view. Every command it runs is one of `READS`."""

    settings: Settings
    folders: Folders
    binary: str
    processes: Processes
    flights: Flights = field(default_factory=Flights)
    seen: Seen = field(default_factory=Seen, compare=False)

    def now(self) -> datetime:
        """The machine's clock."""
        return datetime.now(UTC)

    async def directories(self) -> tuple[Directory, ...]:
        """The configurations found below the allowed roots."""
        return await asyncio.to_thread(self.folders.found)

    async def plan(self, directory: str, /) -> PlanRaw:
        """Make a plan and keep nothing of it; it may take as long as `plan_timeout`.

        Raises:
            Fault: Whatever keeps terraform from making a whole plan.
        """
        folder = await asyncio.to_thread(self.folders.locate, directory)
        raw = await self.flights.share(("plan", folder.path), lambda: self._plan(folder))
        await asyncio.to_thread(self.seen.note, secrets_in(raw))
        return raw

    async def state(self, directory: str, /) -> StateRaw:
        """Read the state as it is.

        Raises:
            Fault: Whatever keeps terraform from reading it.
        """
        folder = await asyncio.to_thread(self.folders.locate, directory)
        raw = await self.flights.share(("state", folder.path), lambda: self._state(folder))
        await asyncio.to_thread(self.seen.note, secrets_in(raw))
        return raw

    async def _plan(self, folder: Folder) -> PlanRaw:
        allowed, data = self.settings.allow_external_data, data_folder(folder.path)
        screen_files(self.folders, folder, data, allowed=allowed)
        if read_backend(folder.path, data, DEFAULT).type in REMOTE_PLANS:
            raise Invalid(
                f"{folder.label} plans on HCP Terraform, which would start a run there",
                hint="read its state with check_terraform_state, or plan it there",
            )
        async with self._session(folder) as session:
            graph = await self._soon(session, GRAPH)
            writers = screen_graph(folder, graph.out, allowed=allowed)
            async with _within(self.settings.plan_timeout, f"the plan of {folder.label}"):
                made = await self._run(session, PLAN)
                diagnostics = self._judge(session, made)
                shown = await self._run(session, SHOW)
            if shown.code:
                raise self._failed(session, shown)
            return PlanRaw(
                directory=folder.name,
                workspace=session.backend.workspace,
                backend=session.backend.type,
                plan=whole(shown.out, f"the plan of {folder.label}"),
                diagnostics=diagnostics,
                serial=serial(session.plan_file),
                lock=lock_of(session.backend),
                writes=writers,
            )

    async def _state(self, folder: Folder) -> StateRaw:
        async with self._session(folder) as session:
            pulled = await self._soon(session, STATE)
            text = pulled.out.strip()
            version, modified = written(session.backend)
            return StateRaw(
                directory=folder.name,
                workspace=session.backend.workspace,
                backend=session.backend.type,
                state=whole(text, f"the state of {folder.label}") if text else None,
                written_by=version,
                modified=modified,
                lock=lock_of(session.backend),
                before=replaced(session.backend),
            )

    @contextlib.asynccontextmanager
    async def _session(self, folder: Folder) -> AsyncGenerator[_Session]:
        data = data_folder(folder.path)
        workspace = os.environ.get("TF_WORKSPACE") or selected(data)
        backend = read_backend(folder.path, data, workspace)
        self.seen.note(backend.secrets)
        with private_data(data) as (ours, plans):
            environment = child_environment(self.settings, os.environ, str(ours))
            environment.pop("TF_WORKSPACE", None)
            session = _Session(folder, backend, environment, plans / "plan")
            await backend.check()
            if workspace != DEFAULT:
                await self._see_workspace(session)
                environment["TF_WORKSPACE"] = workspace
            yield session

    async def _see_workspace(self, session: _Session) -> None:
        # Terraform makes a selected workspace that is not there; reading must not.
        listed = await self._soon(session, WORKSPACES)
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

    async def _soon(self, session: _Session, what: Subcommand) -> Finished:
        """Run a command that should answer at once, unless the backend is slow or dead."""
        task = asyncio.ensure_future(self._run(session, what))
        backend, settings = session.backend, self.settings
        try:
            async with _within(settings.state_timeout, f"{what.name} in {session.folder.label}"):
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
            raise self._failed(session, done)
        return done

    async def _run(self, session: _Session, what: Subcommand) -> Finished:
        if what not in READS:
            raise Denied(f"terraform {what.name} is not a read")
        argv = (each.format(file=session.plan_file) for each in what.argv)
        return await self.processes.run(
            (self.binary, *argv),
            cwd=session.folder.path,
            environment=session.environment,
            gently=what == PLAN,
        )

    def _judge(self, session: _Session, made: Finished) -> tuple[Mapping[str, Any], ...]:
        """The diagnostics of a plan that was made whole."""
        told = tuple(messages(made.out))
        found = tuple(each["diagnostic"] for each in told if "diagnostic" in each)
        if made.code or any(each.get("severity") == "error" for each in found):
            planned = sum(each.get("type") == "planned_change" for each in told)
            raise self._failed(session, made, found, planned)
        return found

    def _failed(
        self,
        session: _Session,
        ended: Finished,
        found: tuple[Mapping[str, Any], ...] = (),
        planned: int = 0,
    ) -> Fault:
        problems = tuple(parse_diagnostic(each) for each in found) or parse_text(ended.err)
        folder, binary = session.folder, Path(self.binary).name
        return fault_of(
            problems, name=folder.name, path=folder.path, binary=binary, planned=planned
        )


@contextlib.asynccontextmanager
async def _within(seconds: float, what: str) -> AsyncGenerator[None]:
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
