"""Events of a log group as lines with their times, the form in which the log reader takes them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from fivetabs.core.logs import Line

Event = Mapping[str, Any]
"""One event of FilterLogEvents: `timestamp` in milliseconds, `message`, `logStreamName`."""


def packed(events: Sequence[Event]) -> bytes:
    """The events' lines, oldest first, each behind its time in milliseconds.

    An event may be several lines, and none of them is cut.
    """
    return b"".join(_lines(sorted(events, key=_order)))


def timed(line: bytes) -> Line:
    """Undo `packed` for one line."""
    when, _, text = line.partition(b" ")
    return datetime.fromtimestamp(int(when) / 1000, UTC), text


def _order(event: Event) -> tuple[int, int, int, str]:
    """The service's own order: event time, ingestion time, id (a number without a fixed length)."""
    name: str = event.get("eventId", "")
    return event["timestamp"], event.get("ingestionTime", 0), len(name), name


def _lines(events: Sequence[Event]) -> Iterator[bytes]:
    for event in events:
        when = str(event["timestamp"]).encode()
        message: str = event.get("message", "")
        # A message may hold half of a surrogate pair, which is no character.
        for line in message.encode("utf-8", "replace").removesuffix(b"\n").split(b"\n"):
            yield b"%b %b\n" % (when, line)
