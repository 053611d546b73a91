"""Records in memory and in a temporary folder, for tests of the pipeline."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from fivetabs.app.records import Records
from fivetabs.app.store.approvals import Approvals
from fivetabs.core import Unavailable


@dataclass
class Lines:
    """An audit trail that is a list, and fails from `broken` lines on; `durable` are counted."""

    durable: int = 0
    lines: list[tuple[str, Mapping[str, Any]]] = field(
        default_factory=list[tuple[str, Mapping[str, Any]]]
    )
    broken: int = 1_000_000

    def add(self, event: str, facts: Mapping[str, Any], *, durable: bool = False) -> None:
        if len(self.lines) >= self.broken:
            raise Unavailable("the audit trail cannot be written")
        self.durable += durable
        self.lines.append((event, facts))

    def events(self) -> list[str]:
        return [event for event, _ in self.lines if event != "call"]


@dataclass
class Clock:
    now: float = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def records(
    folder: Path, lines: Lines | None = None, clock: Clock | None = None, seconds: float = 600
) -> Records:
    """A real approval store in a folder, beside an audit trail in memory."""
    numbers = count(0xC0FFEE)
    path = folder / "approvals.db"
    made = Approvals(path, seconds, clock or Clock(), lambda: f"{next(numbers):06x}")
    return Records(made, lines or Lines())
