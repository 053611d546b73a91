"""A process that fills two boxes and is killed at one chosen moment: see `test_killed.py`.

`python -m tests.app.filling FOLDER`: the moments are counted over every write to the record
and every step, before and after each. The boxes are files, which is what was really done.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from time import time
from typing import Any

from fivetabs.app.calls import open_app
from fivetabs.app.records import Ledger, Records
from fivetabs.app.settings import AppSettings
from fivetabs.app.store.anchors import Anchor
from fivetabs.app.store.approvals import Approvals
from fivetabs.app.store.audit import Audit
from tests.app.house import Settings, Shelf, house

KEY = "c0ffee"


@dataclass
class Fate:
    """Kills this process, as nothing can be cleaned up after, when its moment comes."""

    moment: int
    passed: int = 0

    def pass_by(self) -> None:
        self.passed += 1
        if self.passed == self.moment:
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class Mortal:
    """An audit trail whose every line is a moment before and a moment after."""

    inner: Ledger
    fate: Fate

    def add(self, event: str, facts: Mapping[str, Any], *, durable: bool = False) -> None:
        self.fate.pass_by()
        self.inner.add(event, facts, durable=durable)
        self.fate.pass_by()


@dataclass(frozen=True)
class Fatal(Approvals):
    """The same for the approval store."""

    fate: Fate = field(default_factory=lambda: Fate(0))

    def spend(self, key: str, digest: str) -> None:
        self.fate.pass_by()
        super().spend(key, digest)
        self.fate.pass_by()

    def note(self, key: str, **values: str | None) -> None:
        self.fate.pass_by()
        super().note(key, **values)
        self.fate.pass_by()


class Boxes(dict[str, str]):
    """Boxes that are files: what was really done."""

    def __init__(self, folder: Path, fate: Fate) -> None:
        super().__init__({"a": "empty", "b": "empty"})
        self.folder, self.fate = folder, fate

    def __setitem__(self, box: str, state: str) -> None:
        self.fate.pass_by()
        (self.folder / f"box-{box}").touch()
        super().__setitem__(box, state)
        self.fate.pass_by()


async def fill(folder: Path, moment: int) -> None:
    """Fill both boxes, up to this moment."""
    fate = Fate(moment)
    anchor = Anchor(folder / "approvals.db")
    audit = Audit(folder, server="0000ff", now=lambda: datetime.now(UTC), anchor=anchor)
    approvals = Fatal(folder / "approvals.db", 600, time, lambda: KEY, fate=fate)
    shelf = Shelf(boxes=Boxes(folder, fate))
    shelf.hold.set()
    settings = AppSettings.model_validate({"changes": "allow", "verify_seconds": 5})
    kept = Records(approvals, Mortal(audit, fate))
    given = ((house(shelf),), settings, {"shelf": Settings()}, lambda: "mark")
    async with open_app(*given, records=kept) as app:
        await app.call("update_boxes", {})


def moments(root: Path) -> int:
    """A process for each moment, in a folder of its number; how many were killed."""
    for moment in count(1):
        folder = root / str(moment)
        folder.mkdir(mode=0o700)
        if child := os.fork():
            _, status = os.waitpid(child, 0)
            if not os.WIFSIGNALED(status):
                return moment - 1
        else:
            asyncio.run(fill(folder, moment))
            os._exit(0)
    return 0


if __name__ == "__main__":
    sys.stdout.write(str(moments(Path(sys.argv[1]))))
