"""The same port in memory: `infra/shop`, where worker-c was resized by hand, and `infra/network`.

Plans and states are kept in the wire format of `terraform show -json` and of state files.
"""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

from fivetabs.core import Connection, Denied, NotFound
from fivetabs.core.secrecy import Seen
from fivetabs.providers.terraform.port import (
    SCHEME,
    Directory,
    PlanRaw,
    StateRaw,
    Step,
    Workspaces,
)
from fivetabs.providers.terraform.shapes.directories import missing, only
from fivetabs.providers.terraform.shapes.secrets import secrets_in

NOW = datetime(2026, 3, 12, 10, 14, tzinfo=UTC)
ROOT = "infra"
_BELOW = ("network", "shop")


@asynccontextmanager
async def connect(target: str | None = None) -> AsyncGenerator[Connection[Workspaces, Step]]:
    """Open the demo world.

    Raises:
        NotFound: If a target is named; this house has none.
    """
    if target:
        raise NotFound(f"Terraform has no target {target!r}", hint="name a directory instead")
    world = DemoWorkspaces()
    yield Connection(world, _commit, f"{SCHEME}:{ROOT}", world.now, secrets=lambda: world.seen)


@dataclass(frozen=True, slots=True)
class DemoWorkspaces:
    """Two directories below the root `infra`, both with their state in S3."""

    seen: Seen = field(default_factory=Seen, compare=False, kw_only=True)

    def now(self) -> datetime:
        """The demo clock, which stands still."""
        return NOW

    async def directories(self) -> tuple[Directory, ...]:
        """Both directories."""
        return tuple(Directory(f"{ROOT}/{name}", initialised=True) for name in _BELOW)

    async def plan(self, directory: str, /) -> PlanRaw:
        """The plan made at 10:10."""
        name = await self._locate(directory)
        plan = _read(name, "plan")
        raw = PlanRaw(
            directory=f"{ROOT}/{name}",
            workspace="default",
            backend="s3",
            plan=plan,
            serial=_read(name, "state")["serial"],
        )
        self.seen.note(secrets_in(raw))
        return raw

    async def state(self, directory: str, /) -> StateRaw:
        """The state in the bucket."""
        name = await self._locate(directory)
        raw = StateRaw(
            directory=f"{ROOT}/{name}",
            workspace="default",
            backend="s3",
            state=_read(name, "state"),
        )
        self.seen.note(secrets_in(raw))
        return raw

    async def _locate(self, directory: str) -> str:
        known = await self.directories()
        wanted = directory or only(known)
        for name in _BELOW:
            if wanted in (name, f"{ROOT}/{name}"):
                return name
        raise missing(wanted, known)


def _read(name: str, what: str) -> dict[str, Any]:
    return json.loads(files(__name__).joinpath(name, f"{what}.json").read_text("utf-8"))


async def _commit(step: Step) -> str:
    raise Denied(f"nothing can be changed through Terraform yet: {step}")
