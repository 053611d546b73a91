"""The real Terraform: the only room of this house that runs a process or reads a disk."""

import asyncio
import os
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from fivetabs.core import Connection
from fivetabs.providers.terraform.auth import (
    find_binary,
    find_roots,
    root_of,
    roots_by_name,
    secrets_of_environment,
)
from fivetabs.providers.terraform.live.applying import Applier
from fivetabs.providers.terraform.live.folders import Folders
from fivetabs.providers.terraform.live.private import sweep
from fivetabs.providers.terraform.live.processes import Processes
from fivetabs.providers.terraform.live.sessions import Terraform
from fivetabs.providers.terraform.live.shelves import Shelf
from fivetabs.providers.terraform.live.view import LiveWorkspaces
from fivetabs.providers.terraform.port import SCHEME, Step, Workspaces
from fivetabs.providers.terraform.settings import Settings


@dataclass(frozen=True, slots=True)
class _Aim:
    """All allowed roots by name, and the one that was named; empty if none was."""

    roots: Mapping[str, Path]
    target: str

    @property
    def names(self) -> tuple[str, ...]:
        """Those that are opened."""
        return (self.target,) if self.target else tuple(self.roots)

    @property
    def label(self) -> str:
        """What answers call it."""
        return self.target or ",".join(each.name or str(each) for each in self.roots.values())

    def folders(self, depth: int) -> Folders:
        """What may be looked at."""
        opened = tuple(self.roots[name] for name in self.names)
        return Folders(opened, depth, tuple(self.roots.values()))


def _aimed(settings: Settings, target: str | None) -> _Aim:
    roots = find_roots(settings)
    return _Aim(roots_by_name(roots), root_of(roots, target) if target else "")


@asynccontextmanager
async def connect(
    settings: Settings, target: str | None = None
) -> AsyncGenerator[Connection[Workspaces, Step]]:
    """Open one allowed root, or all. Leaving ends every process that runs, but for an apply.

    Raises:
        NotConfigured: If no folder is allowed or no binary is found.
        NotFound: If there is no such root.
    """
    aim = await asyncio.to_thread(_aimed, settings, target)
    folders, binary = aim.folders(settings.search_depth), find_binary(settings)
    terraform = Terraform(settings, folders, binary, Processes(settings.grace))
    await asyncio.to_thread(sweep)
    shelf = Shelf(settings.keep_plans, settings.most_plans, aim.target, len(aim.roots) > 1)
    view = LiveWorkspaces(terraform, shelf)
    try:
        yield Connection(
            view,
            Applier(terraform, shelf).commit,
            f"{SCHEME}:{aim.label}",
            view.now,
            secrets=lambda: (*secrets_of_environment(os.environ), *view.seen),
            spans=tuple(f"{SCHEME}:{name}" for name in aim.names),
        )
    finally:
        await view.flights.aclose()
        await terraform.processes.close()
        shelf.close()
