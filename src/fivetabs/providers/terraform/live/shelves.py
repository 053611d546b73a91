"""The plans that were made and may be applied: their files, for a while, in a folder of our own.

A plan's file holds secrets in plain text. So nobody else can read it, few are kept, each for a
bounded time, and all are gone with this process.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from fivetabs.core import Conflict, NotFound, spelled, term
from fivetabs.providers.terraform.live.folders import Folder
from fivetabs.providers.terraform.live.private import Private, new_folder, write_private
from fivetabs.providers.terraform.port import PlanRaw
from fivetabs.providers.terraform.shapes.saving import appliable, name_of

if TYPE_CHECKING:
    from asyncio import TimerHandle

_LARGEST = 64 * 1024 * 1024
_AGAIN = "run_terraform_plan makes a new one and names it"


@dataclass(frozen=True, slots=True)
class Kept:
    """One plan's file and what it was made from; `sha256` is that of the bytes terraform wrote."""

    name: str
    sha256: str
    file: Path
    folder: Folder
    workspace: str
    serial: int
    lineage: str
    made: datetime


@dataclass(slots=True)
class Shelf:
    """At most so many plans, each for `seconds`; 0 keeps none.

    `target` is the root that was named, empty if none was; where there are `several`, each has a
    shelf of its own, and so have calls without a target.
    """

    seconds: float
    most: int
    target: str = ""
    several: bool = False
    plans: dict[str, Kept] = field(default_factory=dict[str, Kept])
    ends: "dict[str, TimerHandle]" = field(default_factory=dict[str, "TimerHandle"])
    private: Private | None = None

    async def keep(self, file: Path, folder: Folder, raw: PlanRaw, lineage: str) -> str:
        """Put a plan away that terraform has just written; its name, or nothing.

        What changes nothing or is not whole is not kept.
        """
        if not self.seconds or not appliable(raw.plan):
            return ""
        content = await asyncio.to_thread(file.read_bytes)
        if len(content) > _LARGEST:
            return ""
        digest = sha256(content).hexdigest()
        name = name_of(digest)
        self.private = self.private or new_folder()
        place = self.private.path / f"{name}.tfplan"
        self.drop(name)
        await asyncio.to_thread(write_private, place, content)
        self.plans[name] = Kept(
            name, digest, place, folder, raw.workspace, raw.serial or 0, lineage, datetime.now(UTC)
        )
        loop = asyncio.get_running_loop()
        self.ends[name] = loop.call_later(self.seconds, self.drop, name)
        while len(self.plans) > self.most:
            self.drop(next(iter(self.plans)))
        return name

    def find(self, name: str, folder: Folder) -> Kept:
        """The plan of that name and directory.

        Raises:
            NotFound: If there is none, or it is another directory's.
        """
        kept = self.plans.get(name)
        if kept is None:
            raise self._unknown(name)
        if kept.folder.path != folder.path:
            raise NotFound(
                f"plan {name} is one of {kept.folder.label}, not of {folder.label}; "
                "nothing was done",
                hint=_AGAIN,
            )
        return kept

    def _unknown(self, name: str) -> NotFound:
        calls = f"for target {spelled(self.target)}" if self.target else "for calls without target"
        told = (
            f"no plan {spelled(name)} is kept{f' {calls}' if self.several else ''}: it was never "
            f"made here, was applied, or is older than {self.seconds / 60:.0f} min"
        )
        if not self.several:
            return NotFound(f"{told}; nothing was done", hint=_AGAIN)
        return NotFound(
            f"{told}, or was made with another target; nothing was done",
            hint=f"give the target that run_terraform_plan had, or none if it had none; {_AGAIN}",
        )

    def content(self, kept: Kept) -> bytes:
        """The very bytes that terraform wrote.

        Raises:
            Conflict: If the file holds any others, or is gone.
        """
        try:
            content = kept.file.read_bytes()
        except OSError:
            content = b""
        if sha256(content).hexdigest() != kept.sha256:
            raise Conflict(
                f"the file of plan {kept.name} was changed on the disk since it was made; "
                "nothing was done",
                hint=_AGAIN,
            )
        return content

    def check_workspace(self, kept: Kept, workspace: str) -> None:
        """Pass where the plan's own workspace is the one in use.

        Raises:
            Conflict: If another one is selected by now.
        """
        if kept.workspace != workspace:
            raise Conflict(
                f"plan {kept.name} is for workspace {term(kept.workspace)}, and by now "
                f"{term(workspace)} is selected; nothing was done",
                hint=_AGAIN,
            )

    def drop(self, name: str) -> None:
        """Forget a plan and remove its file."""
        if timer := self.ends.pop(name, None):
            timer.cancel()
        if kept := self.plans.pop(name, None):
            kept.file.unlink(missing_ok=True)

    def close(self) -> None:
        """Forget all of them."""
        for name in tuple(self.plans):
            self.drop(name)
        if self.private is not None:
            self.private.close()
            self.private = None
