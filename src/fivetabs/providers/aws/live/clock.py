"""A refusal because of this machine's clock: signatures are good for a few minutes only."""

from datetime import UTC, datetime, timedelta
from typing import Any

from fivetabs.core import Unauthorised, quoted, span
from fivetabs.core.clocks import lag_of

_SKEWED = frozenset({"RequestTimeTooSkewed", "RequestInTheFuture"})
_TOLD = ("signature expired", "signature not yet current")


def of_clock(error: Exception, code: str, message: str) -> Unauthorised | None:
    """The fault, where a service refused a request for the time it was signed at."""
    if code not in _SKEWED and not any(each in message.lower() for each in _TOLD):
        return None
    lag = lag_of(_date(error), datetime.now(UTC))
    side = "behind" if lag > timedelta() else "ahead of"
    told = f"{span(abs(lag))} {side} AWS's" if lag else "not AWS's"
    return Unauthorised(
        f"this machine's clock is {told}, so AWS refuses what is signed by it: {quoted(message)}",
        hint="run: sudo timedatectl set-ntp true",
    )


def _date(error: Exception) -> str:
    response: Any = getattr(error, "response", None) or {}
    headers = response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    return str(headers.get("date", ""))
