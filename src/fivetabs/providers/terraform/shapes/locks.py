"""Who holds the lock of a local state."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fivetabs.core import term


@dataclass(frozen=True, slots=True)
class Lock:
    """A state lock: who, for which operation, since when (RFC 3339)."""

    who: str
    operation: str
    created: str

    def __str__(self) -> str:
        who, operation, created = map(term, (self.who, self.operation, self.created))
        return f"{who} for {operation} since {created}"


def parse_lock(raw: Mapping[str, Any] | None) -> Lock | None:
    """The content of `.terraform.tfstate.lock.info`."""
    if raw is None:
        return None
    operation = str(raw.get("Operation", "")).removeprefix("OperationType").lower()
    return Lock(
        str(raw.get("Who") or "somebody"),
        operation or "something",
        str(raw.get("Created", ""))[:19] + "Z",
    )
