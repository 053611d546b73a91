"""A request as it is kept: its columns, its states, and how its state is told."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from fivetabs.app.fence import spoken
from fivetabs.app.strings import mapped
from fivetabs.core import Outcome

_STILL = 15.0
_PLANNED = "Plan, not carried out: "


class State(StrEnum):
    """How far a request came."""

    WAITING = "waiting"
    APPROVED = "approved"
    DENIED = "denied"
    CARRYING = "carrying out"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Request:
    """One row. Times are seconds since 1970; `told`, `steps`, `undo` and `outcome` are JSON.

    `approver` is the public key that must have sealed the approval (empty: none is asked for), and
    `beat` is written while it is carried out: one that stands still tells that the process ended.
    """

    id: str
    digest: str
    tool: str
    target: str
    told: str
    undo: str
    status: str
    approver: str
    asked: float
    expires: float
    who: str
    seal: str
    decided: float
    spent: float
    beat: float
    steps: str
    outcome: str

    @property
    def state(self) -> State:
        """How far it came, as it was last written down."""
        return State(self.status)

    def shown(self) -> Mapping[str, Any]:
        """What the person is shown: `text`, and the same as an `outcome` with our marks in it."""
        return json.loads(self.told)

    def plan(self) -> Outcome:
        """The plan in words for a person."""
        planned = Outcome.model_validate(self.shown()["outcome"])
        told = mapped(planned, lambda text, _: spoken(text))
        return told.model_copy(update={"summary": told.summary.removeprefix(_PLANNED)})

    def progress(self) -> tuple[int, int, tuple[str, ...]]:
        """How many steps there are, how many were begun, and what those said that are done."""
        told: dict[str, Any] = json.loads(self.steps) if self.steps else {}
        return int(told.get("of", 0)), int(told.get("begun", 0)), tuple(told.get("done", ()))

    def word(self, now: float) -> str:
        """Its state in words: time runs out by itself, and a process can end in the middle."""
        if self.state in {State.WAITING, State.APPROVED} and self.expires <= now:
            return "too old"
        if self.state is State.CARRYING and now - self.beat > _STILL:
            return "interrupted"
        return self.state.value

    def sealed(self) -> bytes:
        """What a seal is over: exactly this request, this plan, this tool, target and time."""
        return "\n".join(
            (self.id, self.digest, self.tool, self.target, repr(self.expires))
        ).encode()
