"""Answers put away under a handle, whole, until they expire: within a bound of memory and disk.

A handle is random, is known to this process alone, and holds what the answer would have said, with
its secrets already masked. A log's handle holds the question instead of the lines.
"""

import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from fivetabs.app.store.spill import Place, Spill
from fivetabs.core import Cell, NotFound

_IN_MEMORY, _ON_DISK = 16_000_000, 256_000_000
_MOST = 200


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of one kind out of an answer: its own, one of its tables, its findings, its notes."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    own: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """A call that is made again to read on."""

    tool: str
    arguments: Mapping[str, Any]
    target: str | None


@dataclass(frozen=True, slots=True)
class Kept:
    """What a handle stands for."""

    tool: str
    target: str
    observed: str
    demo: bool
    parts: tuple[Part, ...] = ()
    query: Query | None = None


@dataclass(slots=True)
class _Entry:
    until: float
    where: bytes | Place


@dataclass(slots=True)
class Handles:
    """The kept answers of this process, for `seconds` each. `now` is a clock in seconds."""

    seconds: float
    new_handle: Callable[[], str]
    now: Callable[[], float]
    spill: Spill = field(default_factory=Spill)
    in_memory: int = _IN_MEMORY
    on_disk: int = _ON_DISK
    entries: dict[str, _Entry] = field(default_factory=dict[str, _Entry])
    gone: set[str] = field(default_factory=set[str])
    held: int = 0

    def keep(self, kept: Kept) -> str:
        """Put an answer away; older ones make room for it, first into the file, then for good."""
        self._expire()
        written = json.dumps(asdict(kept), ensure_ascii=False, separators=(",", ":"))
        data = zlib.compress(written.encode("utf-8", "surrogatepass"), 1)
        handle = self.new_handle()
        self.entries[handle] = _Entry(self.now() + self.seconds, data)
        self.held += len(data)
        self._make_room()
        return handle

    def find(self, handle: str) -> Kept:
        """What was kept.

        Raises:
            NotFound: If the handle is not one of this process, or has expired.
        """
        self._expire()
        entry = self.entries.get(handle)
        if entry is None:
            raise _unknown(handle, self.gone, self.seconds)
        data = entry.where if isinstance(entry.where, bytes) else self.spill.get(entry.where)
        return _kept(json.loads(zlib.decompress(data).decode("utf-8", "surrogatepass")))

    def close(self) -> None:
        """Forget everything, and remove the file."""
        self.entries.clear()
        self.spill.clear()
        self.held = 0

    def _expire(self) -> None:
        now = self.now()
        for handle in [h for h, entry in self.entries.items() if entry.until <= now]:
            self._drop(handle)

    def _make_room(self) -> None:
        for entry in self.entries.values():
            if self.held <= self.in_memory:
                break
            if isinstance(entry.where, bytes):
                self.held -= len(entry.where)
                entry.where = self.spill.put(entry.where)
        while len(self.entries) > _MOST or self.spill.size > self.on_disk:
            self._drop(next(iter(self.entries)))

    def _drop(self, handle: str) -> None:
        entry = self.entries.pop(handle)
        if isinstance(entry.where, bytes):
            self.held -= len(entry.where)
        if not any(isinstance(each.where, Place) for each in self.entries.values()):
            self.spill.clear()
        self.gone.add(handle)
        if len(self.gone) > 10 * _MOST:
            self.gone.clear()


def _unknown(handle: str, gone: set[str], seconds: float) -> NotFound:
    if handle in gone:
        return NotFound(
            f"the handle {handle!r} has expired: an answer is kept for {seconds / 60:g} minutes, "
            "less when many are kept",
            hint="make the call again that gave it",
        )
    return NotFound(
        f"there is no handle {handle!r} here",
        hint="handles come in an answer's `more`, and live as long as this server's process; "
        "a job's handle goes into the `job` argument of the tool that started it",
    )


def _kept(raw: dict[str, Any]) -> Kept:
    parts = tuple(
        Part(p["title"], tuple(p["columns"]), tuple(tuple(r) for r in p["rows"]), tuple(p["own"]))
        for p in raw["parts"]
    )
    query = Query(**raw["query"]) if raw["query"] else None
    return Kept(raw["tool"], raw["target"], raw["observed"], raw["demo"], parts, query)
