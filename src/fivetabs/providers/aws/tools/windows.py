"""The time window of a question about logs: since when, until when."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, Field

from fivetabs.core import Invalid, age, parse_span, parse_time, span, stamp

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _checked(text: str) -> str:
    if text:
        _read(text, _EPOCH + timedelta(days=36_500))
    return text


Since = Annotated[
    str, AfterValidator(_checked), Field(description="15m, 2d or UTC time; unset: 1h.")
]
Until = Annotated[str, AfterValidator(_checked), Field(description="Its end, as since.")]


@dataclass(frozen=True, slots=True)
class Window:
    """From `start` to `end`, both in UTC and within it."""

    start: datetime
    end: datetime
    now: datetime
    chosen: bool

    def __str__(self) -> str:
        if self.end == self.now:
            default = "" if self.chosen else ", the default"
            return f"in the last {age(self.start, self.now)} (since {stamp(self.start)}{default})"
        return f"from {stamp(self.start)} to {stamp(self.end)} ({span(self.end - self.start)})"


def window(since: str, until: str, now: datetime) -> Window:
    """What the arguments mean at this moment. An end in the future is now.

    A duration counts back from now; but `since` from the end where that is a time, and where it is
    unset: so the same words with the same end are the same window whenever they are read.

    Raises:
        Invalid: If the window begins in the future or ends before it begins.
    """
    end = min(_read(until, now), now) if until else now
    start = _read(since or "1h", now if since and _is_span(until) else end)
    if start >= now:
        raise Invalid(
            f"since={since!r} is in the future: it is {stamp(now)}",
            hint="write a duration such as 15m, or a UTC time that has passed",
        )
    if end < start:
        raise Invalid(
            f"until={until!r} ({stamp(end)}) is before since={since or '1h'!r} ({stamp(start)})",
            hint="since is the older end of the window, until the newer one",
        )
    return Window(start, end, now, bool(since or until))


def _is_span(text: str) -> bool:
    try:
        return bool(parse_span(text))
    except ValueError:
        return False


def _read(text: str, now: datetime) -> datetime:
    try:
        return max(now - parse_span(text), _EPOCH)
    except (ValueError, OverflowError):
        pass
    try:
        return max(parse_time(text.strip()).astimezone(UTC), _EPOCH)
    except (ValueError, OverflowError):
        told = f"{text[:80]!r} is neither a duration (15m, 2h, 1d) nor a UTC time"
        raise ValueError(f"{told} (2026-03-12T10:00:00Z)") from None
