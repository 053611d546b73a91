"""The one embedded database in the state folder: approvals, and the anchor of the audit trail."""

import os
import shlex
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from fivetabs.app.store.private import check_private, make_private
from fivetabs.core import Unavailable

if TYPE_CHECKING:
    import sqlite3

NAME = "approvals.db"
_BESIDE = ("", "-wal", "-shm")
_PATIENCE = 5.0
_PAUSE = 0.01


def open_database(path: Path) -> "sqlite3.Connection":
    """A connection of its own: autocommit, WAL, and each commit on the disk before it returns.

    It may be used by several threads, one at a time. SQLite gives its side files the mode of the
    database, which is made private before it is opened. Files that are there are looked at by name
    and never opened here: closing any descriptor of a database takes away this process's locks on
    it ("How To Corrupt An SQLite Database File", 2.2).

    Raises:
        NotConfigured: If one of its files is a link, another user's, or open to others.
        Unavailable: If it cannot be opened or is no database.
    """
    import sqlite3  # noqa: PLC0415  (4 ms and 2 MB that the start of the server need not pay)

    make_private(path)
    for end in _BESIDE:
        beside = path.with_name(f"{path.name}{end}")
        with suppress(FileNotFoundError):
            check_private(beside, os.lstat(beside))
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            return _opened(path)
        except sqlite3.Error as error:
            if not _is_busy(error) or time.monotonic() > until:
                raise broken(path, error) from error
            time.sleep(_PAUSE)


def _opened(path: Path) -> "sqlite3.Connection":
    import sqlite3  # noqa: PLC0415

    opened = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
    try:
        opened.execute("PRAGMA journal_mode=WAL")
        opened.execute("PRAGMA synchronous=FULL")
    except sqlite3.Error:
        opened.close()
        raise
    return opened


def _is_busy(error: "sqlite3.Error") -> bool:
    """Whether another process has it: SQLite does not wait for all of them by itself.

    Not while one turns the write-ahead log on, recovers it, or takes it away as the last to close
    (https://sqlite.org/wal.html, section 9).
    """
    return getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY")


def broken(path: Path, error: Exception) -> Unavailable:
    """What to say when the database does not answer as one."""
    whole = [shlex.quote(f"{path}{end}") for end in _BESIDE]
    damaged = "malformed" in str(error) or "not a database" in str(error)
    hint = (
        f"when no server runs: tar czf {path.parent}/approvals-damaged.tgz {path}* && "
        f"rm -f {' '.join(whole)}; approvals that wait are lost, and `fivetabs audit verify` will "
        "say that the anchor was"
        if damaged
        else ""
    )
    return Unavailable(f"{path}: {error}", hint=hint)
