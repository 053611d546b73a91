"""The real Terraform: the only room of this house that runs a process or reads a disk."""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fivetabs.core import Connection, Denied, NotFound
from fivetabs.providers.terraform.auth import (
    find_binary,
    find_roots,
    secrets_of_environment,
)
from fivetabs.providers.terraform.live.folders import Folders
from fivetabs.providers.terraform.live.processes import Processes
from fivetabs.providers.terraform.live.view import LiveWorkspaces
from fivetabs.providers.terraform.port import SCHEME, Step, Workspaces
from fivetabs.providers.terraform.settings import Settings


@asynccontextmanager
async def connect(
    settings: Settings, target: str | None = None
) -> AsyncGenerator[Connection[Workspaces, Step]]:
    """Open the allowed folders. Leaving ends every process that still runs.

    Raises:
        NotConfigured: If no folder is allowed or no binary is found.
        NotFound: If a target is named; this house has none.
    """
    if target:
        raise NotFound(f"Terraform has no target {target!r}", hint="name a directory instead")
    roots = find_roots(settings)
    view = LiveWorkspaces(
        settings=settings,
        folders=Folders(roots, settings.search_depth),
        binary=find_binary(settings),
        processes=Processes(settings.grace),
    )
    name = ",".join(root.name or str(root) for root in roots)
    try:
        yield Connection(
            view,
            _commit,
            f"{SCHEME}:{name}",
            view.now,
            secrets=lambda: (*secrets_of_environment(os.environ), *view.seen),
        )
    finally:
        await view.flights.aclose()
        await view.processes.close()


async def _commit(step: Step) -> str:
    raise Denied(f"nothing can be changed through Terraform yet: {step}")
