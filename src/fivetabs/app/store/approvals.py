"""What a person was asked, what they said, and what became of it: kept in one SQLite file.

A row is one plan that somebody must agree to, from the question to the end. Every operation opens
the file anew, so that one that was deleted, replaced or made unwritable meanwhile is noticed, and
whatever goes wrong with it means that nothing was agreed to.
"""

import json
from collections.abc import Callable, Generator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fivetabs.app.store.database import open_database
from fivetabs.app.store.rows import Request, State
from fivetabs.app.store.statements import (
    ALL,
    BY_ID,
    DECIDE,
    INSERT,
    NOTE,
    OPEN_FOR,
    SCHEMA,
    SPEND,
)
from fivetabs.core import Conflict, NotFound, Unavailable

if TYPE_CHECKING:
    import sqlite3


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan as it is put to a person; `told` is what they are shown, without secrets."""

    digest: str
    tool: str
    target: str
    told: Mapping[str, Any]
    undo: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Approvals:
    """The requests of every server and terminal of this user.

    `seconds` is how long one may be agreed to, `now` the time in seconds since 1970. Without a path
    nothing can be asked, and so nothing be changed.
    """

    path: Path | None
    seconds: float
    now: Callable[[], float]
    new_id: Callable[[], str]
    why: str = "there is no approval store here"

    def ask(self, draft: Draft, approver: str = "") -> Request:
        """The open request for exactly this plan, or a new one.

        Raises:
            Unavailable: If the file cannot be used.
        """
        now = self.now()
        given = {
            "id": self.new_id(),
            "digest": draft.digest,
            "tool": draft.tool,
            "target": draft.target,
            "told": json.dumps(draft.told),
            "undo": json.dumps(draft.undo),
            "approver": approver,
            "now": now,
            "expires": now + self.seconds,
        }
        with self._open() as db:
            db.execute("BEGIN IMMEDIATE")
            found = db.execute(OPEN_FOR, given).fetchone()
            if found is None:
                db.execute(INSERT, given)
                found = db.execute(BY_ID, given).fetchone()
            db.execute("COMMIT")
        return Request(**found)

    def find(self, key: str) -> Request | None:
        """The request of this id, or nothing."""
        with self._open() as db:
            found = db.execute(BY_ID, {"id": key}).fetchone()
        return Request(**found) if found else None

    def get(self, key: str) -> Request:
        """The request of this id.

        Raises:
            NotFound: If there is none.
        """
        found = self.find(key)
        if found is None:
            raise NotFound(f"there is no request {key!r}", hint="fivetabs approve list")
        return found

    def all(self) -> tuple[Request, ...]:
        """Every request, newest first."""
        with self._open() as db:
            return tuple(Request(**row) for row in db.execute(ALL).fetchall())

    def waiting(self) -> tuple[Request, ...]:
        """Those that a person can still decide, newest first."""
        now = self.now()
        return tuple(r for r in self.all() if r.word(now) == State.WAITING.value)

    def decide(self, key: str, *, agreed: bool, who: str, seal: str = "") -> Request:
        """Write down what a person said.

        Raises:
            Conflict: If somebody else was faster, or it is too late.
        """
        state = State.APPROVED if agreed else State.DENIED
        given = {"status": state.value, "who": who, "seal": seal, "now": self.now(), "id": key}
        with self._open() as db:
            done = db.execute(DECIDE, given).rowcount
        if not done:
            raise Conflict(f"request {key} no longer waits: it is {self.get(key).word(self.now())}")
        return self.get(key)

    def spend(self, key: str, digest: str) -> None:
        """Use an approval up, once and for exactly the plan that was agreed to.

        Raises:
            Conflict: If it is not approved, was used, is too old, or is of another plan.
        """
        with self._open() as db:
            given = {"id": key, "digest": digest, "now": self.now()}
            done = db.execute(SPEND, given).rowcount
        if not done:
            word = self.get(key).word(self.now())
            raise Conflict(f"request {key} cannot be used: it is {word}; nothing was done")

    def note(
        self,
        key: str,
        *,
        status: str | None = None,
        steps: str | None = None,
        outcome: str | None = None,
    ) -> None:
        """Write down how far it came, and that it goes on."""
        given = {"id": key, "status": status, "steps": steps, "outcome": outcome}
        with self._open() as db:
            db.execute(NOTE, {**given, "now": self.now()})

    @contextmanager
    def _open(self) -> "Generator[sqlite3.Connection]":
        import sqlite3  # noqa: PLC0415  (at the first change)

        if self.path is None:
            raise Unavailable(f"{self.why}; nothing was done")
        try:
            with closing(_connect(self.path)) as db:
                yield db
        except Unavailable as fault:
            raise Unavailable(f"{fault}; nothing was done", hint=fault.hint) from fault
        except (sqlite3.Error, OSError) as error:
            raise Unavailable(
                f"the approval store {self.path} cannot be used ({error}); nothing was done",
                hint="if it is damaged, move it away: open requests are then asked anew",
            ) from error


def _connect(path: Path) -> "sqlite3.Connection":
    db = open_database(path)
    db.row_factory = _named
    db.execute(SCHEMA)
    return db


def _named(cursor: "sqlite3.Cursor", row: tuple[Any, ...]) -> dict[str, Any]:
    return {column[0]: value for column, value in zip(cursor.description, row, strict=True)}
