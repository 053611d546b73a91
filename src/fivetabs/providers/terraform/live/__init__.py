"""The real Terraform: the only room of this house that runs a process or reads a disk."""

import asyncio
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fivetabs.core import Connection, NotFound
from fivetabs.providers.terraform.auth import (
    find_binary,
    find_roots,
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


@asynccontextmanager
async def connect(
    settings: Settings, target: str | None = None
) -> AsyncGenerator[Connection[Workspaces, Step]]:
    """Open the allowed folders. Leaving ends every process that still runs, but for an apply.

    Raises:
        NotConfigured: If no folder is allowed or no binary is found.
        NotFound: If a target is named; this house has none.
    """
    if target:
        raise NotFound(f"Terraform has no target {target!r}", hint="name a directory instead")
    roots = find_roots(settings)
    folders, binary = Folders(roots, settings.search_depth), find_binary(settings)
    terraform = Terraform(settings, folders, binary, Processes(settings.grace))
    await asyncio.to_thread(sweep)
    shelf = Shelf(settings.keep_plans, settings.most_plans)
    view = LiveWorkspaces(terraform, shelf)
    name = ",".join(root.name or str(root) for root in roots)
    try:
        yield Connection(
            view,
            Applier(terraform, shelf).commit,
            f"{SCHEME}:{name}",
            view.now,
            secrets=lambda: (*secrets_of_environment(os.environ), *view.seen),
        )
    finally:
        await view.flights.aclose()
        await terraform.processes.close()
        shelf.close()
