"""A change that has been thought through but not made.

Tools never write. A tool that wants to change something returns a `Plan`; the pipeline shows it,
has it approved, and is the only code in the project that carries it out.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Any, Generic, TypeVar

from fivetabs.core.findings import Finding
from fivetabs.core.subject import Subject

S = TypeVar("S")
_DIGEST_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Delta:
    """One field before and after."""

    field: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.field}: {self.before} -> {self.after}"


@dataclass(frozen=True, slots=True)
class Call:
    """A call of one of our own tools."""

    tool: str
    arguments: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def __str__(self) -> str:
        return f"{self.tool}({', '.join(f'{k}={v!r}' for k, v in self.arguments.items())})"


@dataclass(frozen=True, slots=True)
class Blast:
    """How far a plan reaches, for the owner's limits.

    `pods` are those that are ended or replaced (containers count as pods, instances too),
    `replicas` the number a workload is scaled to, `destroyed` the resources that are destroyed or
    replaced for good.
    """

    pods: int = 0
    replicas: int = 0
    destroyed: int = 0


@dataclass(frozen=True, slots=True)
class Plan(Generic[S]):
    """Exactly what would be done.

    `steps` are frozen dataclasses of plain values. They carry the identity of what is changed (uid,
    generation, start time), never what moves by itself (resourceVersion, timestamps), and every
    value that is written. `touches` names all that is changed, for the owner's policy. Either
    `undo` or `irreversible` is given. `check` is the read that shows whether it helped, `ailing`
    what was wrong with it before.
    """

    summary: str
    steps: tuple[S, ...]
    touches: tuple[Subject, ...]
    deltas: tuple[Delta, ...] = ()
    warnings: tuple[str, ...] = ()
    undo: Call | None = None
    irreversible: str = ""
    check: Call | None = None
    blast: Blast = field(default_factory=Blast)
    ailing: tuple[Finding, ...] = ()

    def __post_init__(self) -> None:
        if (self.undo is None) is (not self.irreversible):
            raise TypeError("a plan declares its undo or why it is irreversible")
        if not self.touches:
            raise TypeError("a plan names what it touches")

    def digest(self, tool: str, target: str) -> str:
        """A short name for exactly these steps of this tool on this target (12 hex digits)."""
        steps = [[type(s).__name__, asdict(s)] for s in self.steps]  # type: ignore[call-overload]
        text = json.dumps([tool, target, steps], sort_keys=True, default=str)
        return sha256(text.encode()).hexdigest()[:_DIGEST_LENGTH]


class Turn(StrEnum):
    """How a change that was carried out has turned out so far."""

    UNDER_WAY = "under way"
    WELL = "well"
    FAILING = "failing"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a look at the world after a change says: whether it helped, and how that shows.

    `told` is one sentence with this case's names and numbers ("3 of 3 new pods are ready");
    `findings` are what is wrong with the changed things now.
    """

    turn: Turn
    told: str
    findings: tuple[Finding, ...] = ()
