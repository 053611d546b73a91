"""The same port in memory: `infra/shop`, where worker-c was resized by hand, and `infra/network`.

Plans and states are kept in the wire format of `terraform show -json` and of state files. The plan
that was made at 10:10 is kept, and can be applied.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

from fivetabs.core import Conflict, Connection, NotFound, spelled
from fivetabs.core.secrecy import Seen
from fivetabs.providers.terraform.demo.stories import Story, told
from fivetabs.providers.terraform.port import (
    SCHEME,
    Apply,
    Directory,
    PlanRaw,
    Saved,
    Standing,
    StateRaw,
    Step,
    Workspaces,
)
from fivetabs.providers.terraform.shapes.applies import Applied
from fivetabs.providers.terraform.shapes.applies import action_done as worded
from fivetabs.providers.terraform.shapes.directories import missing, only
from fivetabs.providers.terraform.shapes.roots import Root, meant
from fivetabs.providers.terraform.shapes.saving import appliable, left_in, name_of
from fivetabs.providers.terraform.shapes.secrets import secrets_in

NOW = datetime(2026, 3, 12, 10, 14, tzinfo=UTC)
MADE = datetime(2026, 3, 12, 10, 10, tzinfo=UTC)
ROOT = "infra"
_BELOW = ("network", "shop")


@asynccontextmanager
async def connect(target: str | None = None) -> AsyncGenerator[Connection[Workspaces, Step]]:
    """Open the demo world.

    Raises:
        NotFound: If another root than its only one is named.
    """
    if target:
        bare = target.rstrip("/")
        meant(bare, bare, (Root(ROOT, f"/{ROOT}"),))
    world = DemoWorkspaces()
    commit = world.carry_out
    yield Connection(world, commit, f"{SCHEME}:{ROOT}", world.now, secrets=lambda: world.seen)


def _stories() -> dict[str, Story]:
    return {name: told(name) for name in _BELOW}


@dataclass(frozen=True, slots=True)
class DemoWorkspaces:
    """Two directories below the root `infra`, both with their state in S3."""

    stories: dict[str, Story] = field(default_factory=_stories)
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
        story = self.stories[name]
        raw = PlanRaw(
            directory=f"{ROOT}/{name}",
            workspace="default",
            backend="s3",
            plan=deepcopy(story.plan),
            serial=story.state["serial"],
            kept=name_of(_digest(story)) if appliable(story.plan) else "",
        )
        self.seen.note(secrets_in(raw))
        return raw

    async def saved(self, directory: str, plan: str, /) -> Saved:
        """The same, by its name."""
        raw, state = await self.plan(directory), await self.state(directory)
        if not plan or plan != raw.kept:
            raise NotFound(
                f"no plan {spelled(plan)} is kept; nothing was done",
                hint="run_terraform_plan makes a new one and names it",
            )
        now = state.state or {}
        return Saved(
            raw=raw,
            path=f"/{raw.directory}",
            sha256=_digest(self.stories[await self._locate(directory)]),
            made=MADE,
            serial=raw.serial or 0,
            lineage=str(now["lineage"]),
            serial_now=int(now["serial"]),
            lineage_now=str(now["lineage"]),
            runs_allowed=False,
        )

    async def standing(self, directory: str, /) -> Standing:
        """What the plan would still change."""
        story = self.stories[await self._locate(directory)]
        return Standing(story.state["serial"], story.state["lineage"], left_in(story.plan))

    async def state(self, directory: str, /) -> StateRaw:
        """The state in the bucket."""
        name = await self._locate(directory)
        raw = StateRaw(
            directory=f"{ROOT}/{name}",
            workspace="default",
            backend="s3",
            state=deepcopy(self.stories[name].state),
        )
        self.seen.note(secrets_in(raw))
        return raw

    async def carry_out(self, step: Apply) -> str:
        """Apply a plan.

        Raises:
            Conflict: If it is another one by now.
        """
        story = self.stories[await self._locate(step.directory)]
        if _digest(story) != step.sha256:
            told = f"{step.directory} has another plan by now; nothing was done"
            raise Conflict(told, hint="run_terraform_plan makes a new plan")
        done = tuple((worded(action), address) for action, address in story.apply())
        serial = story.state["serial"]
        what = Applied(done, (), (), ()).told
        plan = name_of(step.sha256)
        return f"applied plan {plan} in {step.directory}: {what}; the state is at serial {serial}"

    async def _locate(self, directory: str) -> str:
        known = await self.directories()
        wanted = directory or only(known)
        for name in _BELOW:
            if wanted in (name, f"{ROOT}/{name}"):
                return name
        raise missing(wanted, known)


def _digest(story: Story) -> str:
    return sha256(story.file()).hexdigest()
