"""How far this machine's clock is from a backend's: ages are told by the backend's."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

TOLERANCE = timedelta(seconds=30)  # answers take their time, and the header has whole seconds


def lag_of(date: str, now: datetime) -> timedelta:
    """What to add to `now`, the time of this machine, by an answer's Date header (RFC 9110).

    Nothing where they agree well enough, or where the header says nothing.
    """
    try:
        told = parsedate_to_datetime(date)
    except ValueError:
        return timedelta()
    return timedelta() if told.tzinfo is None else lag_behind(told, now)


def lag_behind(told: datetime, now: datetime) -> timedelta:
    """What to add to `now` to have a backend's time; nothing where they agree well enough."""
    return told - now if abs(told - now) > TOLERANCE else timedelta()
