"""A change that has been thought through but not made.

Tools never write. A tool that wants to change something returns a `Plan`; the pipeline shows it,
has it approved, and is the only code in the project that carries it out.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any, Generic, TypeVar

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
class Plan(Generic[S]):
    """Exactly what would be done.

    `steps` are frozen dataclasses of plain values. They carry the identity of what is changed (uid,
    generation, start time), never what moves by itself (resourceVersion, timestamps). Either `undo`
    or `irreversible` is given. `check` is the read that shows whether it helped.
    """

    summary: str
    steps: tuple[S, ...]
    deltas: tuple[Delta, ...] = ()
    warnings: tuple[str, ...] = ()
    undo: Call | None = None
    irreversible: str = ""
    check: Call | None = None

    def __post_init__(self) -> None:
        if (self.undo is None) is (not self.irreversible):
            raise TypeError("a plan declares its undo or why it is irreversible")

    def digest(self, tool: str, target: str) -> str:
        """A short name for exactly these steps of this tool on this target (12 hex digits)."""
        steps = [[type(s).__name__, asdict(s)] for s in self.steps]  # type: ignore[call-overload]
        text = json.dumps([tool, target, steps], sort_keys=True, default=str)
        return sha256(text.encode()).hexdigest()[:_DIGEST_LENGTH]
