"""The working directories of this machine, asked through the terraform (or tofu) binary."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from fivetabs.core import Invalid
from fivetabs.core.secrecy import Seen
from fivetabs.core.waiting import Flights
from fivetabs.providers.terraform.live.backends import (
    DEFAULT,
    REMOTE_PLANS,
    lock_of,
    read_backend,
    replaced,
    written,
)
from fivetabs.providers.terraform.live.folders import Folder, data_folder
from fivetabs.providers.terraform.live.outputs import left, prior, whole
from fivetabs.providers.terraform.live.private import write_private
from fivetabs.providers.terraform.live.screening import screen_files, screen_graph, screen_plan
from fivetabs.providers.terraform.live.sessions import Session, Terraform, within
from fivetabs.providers.terraform.live.shelves import Kept, Shelf
from fivetabs.providers.terraform.port import (
    CHECK,
    GRAPH,
    PLAN,
    SHOW,
    Directory,
    PlanRaw,
    Saved,
    Standing,
    StateRaw,
)
from fivetabs.providers.terraform.shapes.secrets import secrets_in


@dataclass(frozen=True, slots=True)
class LiveWorkspaces:
    """The view. Every command it runs is one of `READS`."""

    terraform: Terraform
    shelf: Shelf
    flights: Flights = field(default_factory=Flights)

    @property
    def seen(self) -> Seen:
        """The secrets that came by."""
        return self.terraform.seen

    def now(self) -> datetime:
        """The machine's clock."""
        return datetime.now(UTC)

    async def directories(self) -> tuple[Directory, ...]:
        """The configurations found below the allowed roots."""
        return await asyncio.to_thread(self.terraform.folders.found)

    async def plan(self, directory: str, /) -> PlanRaw:
        """Make a plan and keep its file for a while; it may take as long as `plan_timeout`.

        Raises:
            Fault: Whatever keeps terraform from making a whole plan.
        """
        folder = await asyncio.to_thread(self.terraform.folders.locate, directory)
        raw = await self.flights.share(("plan", folder.path), lambda: self._plan(folder))
        await asyncio.to_thread(self.seen.note, secrets_in(raw))
        return raw

    async def saved(self, directory: str, plan: str, /) -> Saved:
        """A plan that was kept, read again from its very bytes.

        Raises:
            NotFound: If none is kept so, for this directory.
            Conflict: If its file is not what was kept, or another workspace is selected.
            Denied: If it would run programs as soon as it is applied, against the owner's word.
        """
        folder = await asyncio.to_thread(self.terraform.folders.locate, directory)
        kept = self.shelf.find(plan, folder)
        content = await asyncio.to_thread(self.shelf.content, kept)
        async with self.terraform.session(folder) as session:
            self.shelf.check_workspace(kept, session.backend.workspace)
            await asyncio.to_thread(write_private, session.plan_file, content)
            raw = await self._shown(session, kept)
            now = await self.terraform.state(session) or {}
        screen_plan(folder, raw.plan, allowed=self.terraform.settings.allow_external_data)
        await asyncio.to_thread(self.seen.note, secrets_in(raw))
        return Saved(
            raw=raw,
            path=str(folder.path),
            sha256=kept.sha256,
            made=kept.made,
            serial=kept.serial,
            lineage=kept.lineage,
            serial_now=int(now["serial"]) if now else None,
            lineage_now=str(now.get("lineage", "")),
            runs_allowed=self.terraform.settings.allow_provisioners,
        )

    async def standing(self, directory: str, /) -> Standing:
        """The state now, and how many changes a plan without a refresh would still make.

        Raises:
            Fault: Whatever keeps terraform from telling.
        """
        folder = await asyncio.to_thread(self.terraform.folders.locate, directory)
        async with self._screened(folder) as (session, _):
            now = await self.terraform.state(session) or {}
            async with within(self.terraform.settings.plan_timeout, f"the plan of {folder.label}"):
                made = await self.terraform.run(session, CHECK)
            self.terraform.judged(session, made)
        serial = int(now["serial"]) if now else None
        return Standing(serial, str(now.get("lineage", "")), left(made.out))

    async def state(self, directory: str, /) -> StateRaw:
        """Read the state as it is.

        Raises:
            Fault: Whatever keeps terraform from reading it.
        """
        folder = await asyncio.to_thread(self.terraform.folders.locate, directory)
        raw = await self.flights.share(("state", folder.path), lambda: self._state(folder))
        await asyncio.to_thread(self.seen.note, secrets_in(raw))
        return raw

    async def _plan(self, folder: Folder) -> PlanRaw:
        async with self._screened(folder) as (session, writers):
            async with within(self.terraform.settings.plan_timeout, f"the plan of {folder.label}"):
                made = await self.terraform.run(session, PLAN)
                diagnostics = self.terraform.judged(session, made)
                shown = await self.terraform.run(session, SHOW)
            if shown.code:
                raise self.terraform.failed(session, shown)
            serial, lineage = prior(session.plan_file)
            raw = PlanRaw(
                directory=folder.name,
                workspace=session.backend.workspace,
                backend=session.backend.type,
                plan=whole(shown.out, f"the plan of {folder.label}"),
                diagnostics=diagnostics,
                serial=serial,
                lock=lock_of(session.backend),
                writes=writers,
            )
            kept = await self.shelf.keep(session.plan_file, folder, raw, lineage)
            return replace(raw, kept=kept, target=self.shelf.target)

    async def _state(self, folder: Folder) -> StateRaw:
        async with self.terraform.session(folder) as session:
            state = await self.terraform.state(session)
            version, modified = written(session.backend)
            return StateRaw(
                directory=folder.name,
                workspace=session.backend.workspace,
                backend=session.backend.type,
                state=state,
                written_by=version,
                modified=modified,
                lock=lock_of(session.backend),
                before=replaced(session.backend),
            )

    @contextlib.asynccontextmanager
    async def _screened(self, folder: Folder) -> AsyncGenerator[tuple[Session, tuple[str, ...]]]:
        """A session in which planning runs no program of the configuration's choice.

        With it come the data sources that write a file whenever they are read.
        """
        allowed, data = self.terraform.settings.allow_external_data, data_folder(folder.path)
        screen_files(self.terraform.folders, folder, data, allowed=allowed)
        if read_backend(folder.path, data, DEFAULT).type in REMOTE_PLANS:
            raise Invalid(
                f"{folder.label} plans on HCP Terraform, which would start a run there",
                hint="read its state with check_terraform_state, or plan it there",
            )
        async with self.terraform.session(folder) as session:
            graph = await self.terraform.soon(session, GRAPH)
            yield session, screen_graph(folder, graph.out, allowed=allowed)

    async def _shown(self, session: Session, kept: Kept) -> PlanRaw:
        shown = await self.terraform.run(session, SHOW)
        if shown.code:
            raise self.terraform.failed(session, shown)
        return PlanRaw(
            directory=session.folder.name,
            workspace=session.backend.workspace,
            backend=session.backend.type,
            plan=whole(shown.out, f"the plan of {session.folder.label}"),
            serial=kept.serial,
            lock=lock_of(session.backend),
            kept=kept.name,
        )
