"""Trails for tests: written by the real writer, then changed by another hand."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from fivetabs.app.store.anchors import Anchor
from fivetabs.app.store.audit import Audit
from fivetabs.app.store.database import NAME
from fivetabs.app.store.lines import Line, read, sealed

START = datetime(2026, 3, 12, 10, 0, tzinfo=UTC)


def clock() -> Callable[[], datetime]:
    """A clock that goes on by a second at each look."""
    ticks = count()
    return lambda: START + timedelta(seconds=next(ticks))


def opened(folder: Path, server: str = "5e7f01", **given: Any) -> Audit:
    anchor = Anchor(folder / NAME)
    return Audit(folder, server=server, now=given.pop("now", clock()), anchor=anchor, **given)


def written(folder: Path, lines: int = 9, **given: Any) -> Path:
    """A trail of so many calls; its first file."""
    audit = opened(folder, **given)
    for n in range(1, lines + 1):
        audit.add(
            "call", {"tool": "list_pods", "arguments": {"namespace": f"shop-{n}"}, "ok": True}
        )
    audit.close()
    return files(folder)[0]


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("audit-*.jsonl"))


def lines_of(folder: Path) -> Iterator[Line]:
    """The lines that are whole, in the order in which they stand."""
    for file in files(folder):
        for raw in file.read_bytes().splitlines():
            try:
                yield read(raw)
            except ValueError:
                continue


def forged(after: Line, **facts: Any) -> bytes:
    """A line that follows another one and was never written by the server."""
    line = Line(after.n + 1, after.time, after.server, "call", facts, after.hash, "")
    return sealed(line)[0]
