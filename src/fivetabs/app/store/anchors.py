"""Where the audit trail ends, kept in the database: so that a cut end is found."""

import os
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fivetabs.app.store.database import broken, open_database
from fivetabs.app.store.lines import NOTHING

if TYPE_CHECKING:
    import sqlite3

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_TABLE = """CREATE TABLE IF NOT EXISTS anchor (
    name TEXT PRIMARY KEY, count INTEGER NOT NULL, head TEXT NOT NULL, next TEXT NOT NULL,
    file INTEGER NOT NULL, durable INTEGER NOT NULL, boot TEXT NOT NULL)"""
_SELECT = "SELECT count, head, next, file, durable, boot FROM anchor WHERE name = 'audit'"
_UPSERT = "INSERT OR REPLACE INTO anchor VALUES ('audit', ?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Mark:
    """The end of the trail: how many lines, and the hash of the last.

    `next` is the hash of the line that is being written: a line more than `count` is ours if it has
    it, whatever became of the process that wrote it. `file` is the first line of the file in use,
    `durable` the last line known to be on the disk, `boot` the start of the machine in which the
    mark was made (empty where the system does not tell): no power was lost while that is the same.
    """

    count: int = 0
    head: str = NOTHING
    next: str = ""
    file: int = 1
    durable: int = 0
    boot: str = ""


class Anchor:
    """The mark in a database. The caller holds the trail's lock."""

    def __init__(self, database: Path) -> None:
        self._path = database
        self._opened: sqlite3.Connection | None = None
        self._file: os.stat_result | None = None
        self._full = True

    def read(self) -> Mark | None:
        """The mark, or None where nothing was ever marked or the database was replaced.

        Raises:
            Unavailable: If the database cannot be read.
        """
        return _mark(self._path, self._execute(_SELECT).fetchone())

    def put(self, mark: Mark, *, durable: bool) -> None:
        """Write the mark; where `durable`, return when it is on the disk.

        Raises:
            Unavailable: If the database cannot be written.
        """
        if durable is not self._full:
            # In WAL, NORMAL syncs at checkpoints only: about once in a thousand lines.
            self._execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
            self._full = durable
        self._execute(_UPSERT, astuple(mark))

    def close(self) -> None:
        """Close the database."""
        if self._opened is not None:
            self._opened.close()
        self._opened = None

    def _execute(self, words: str, values: tuple[object, ...] = ()) -> "sqlite3.Cursor":
        import sqlite3  # noqa: PLC0415  (4 ms and 2 MB that the start of the server need not pay)

        try:
            return self._connection().execute(words, values)
        except sqlite3.Error as error:
            raise broken(self._path, error) from error

    def _connection(self) -> "sqlite3.Connection":
        """The connection, to the file that has the name now: it may have been replaced."""
        try:
            there = os.stat(self._path)  # noqa: PTH116  (two microseconds, for each line)
        except OSError:
            there = None
        if self._opened is None or not (
            there and self._file and os.path.samestat(there, self._file)
        ):
            self.close()
            self._opened, self._full = open_database(self._path), True
            self._opened.execute(_TABLE)
            self._file = os.stat(self._path)  # noqa: PTH116
        return self._opened


def anchored(database: Path) -> Mark | None:
    """The mark for whoever only reads: nothing is made, nothing is mended.

    Raises:
        Unavailable: If there is a database that cannot be read.
    """
    import sqlite3  # noqa: PLC0415  (only where it is wanted)

    if not database.exists():
        return None
    try:
        opened = sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", timeout=5, uri=True)
        try:
            table = opened.execute("SELECT 1 FROM sqlite_master WHERE name = 'anchor'").fetchone()
            return _mark(database, opened.execute(_SELECT).fetchone()) if table else None
        finally:
            opened.close()
    except sqlite3.Error as error:
        raise broken(database, error) from error


def _mark(database: Path, row: tuple[object, ...] | None) -> Mark | None:
    if row is None:
        return None
    kinds = (int, str, str, int, int, str)
    if not all(isinstance(each, kind) for each, kind in zip(row, kinds, strict=True)):
        raise broken(database, ValueError("the anchor in it is malformed"))
    return Mark(*row)  # type: ignore[arg-type]


def boot() -> str:
    """An id of this start of the machine; empty where the system does not tell."""
    try:
        return _BOOT.read_text("ascii").strip()
    except OSError:
        return ""
