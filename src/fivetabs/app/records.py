"""What is written down for good: requests with their outcome, and a line for all that happened."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from fivetabs.app.store.approvals import Approvals


class Ledger(Protocol):
    """The audit trail; only adding is possible."""

    def add(self, event: str, facts: Mapping[str, Any], *, durable: bool = False) -> None:
        """Write one line; `durable`: it is on the disk before this returns.

        Raises:
            Unavailable: If it cannot be written.
        """
        ...


class Unwritten:
    """No audit trail: where there is no place for one, and so no change can be made either."""

    def add(self, event: str, facts: Mapping[str, Any], *, durable: bool = False) -> None:
        """Nothing is written."""


@dataclass(frozen=True, slots=True)
class Records:
    """Where requests and the audit trail are kept."""

    approvals: Approvals
    ledger: Ledger


NO_RECORDS = Records(Approvals(None, 0, lambda: 0.0, str), Unwritten())
