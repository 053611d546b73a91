"""Times as people and tools read them: an age beside a UTC time."""

from datetime import UTC, datetime, timedelta

_UNITS = (("d", 86400), ("h", 3600), ("m", 60), ("s", 1))
_LARGE = 10


def stamp(when: datetime) -> str:
    """A UTC time to the second, `2026-03-12T10:14:00Z`."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_time(text: str) -> datetime:
    """Read an RFC 3339 time with any fraction; a time without a zone is UTC.

    Raises:
        ValueError: If the text is not a time.
    """
    when = datetime.fromisoformat(text)
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def age(then: datetime, now: datetime) -> str:
    """How long ago, as kubectl writes it: at most two units (`14m`, `2d3h`, `45s`)."""
    return span(now - then)


def span(length: timedelta) -> str:
    """A duration of at most two units, the second one only while the first is small."""
    left = max(0, int(length.total_seconds()))
    parts: list[str] = []
    for unit, size in _UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count}{unit}")
            if count >= _LARGE:
                break
        elif parts:
            break
    return "".join(parts[:2]) or "0s"


def parse_span(text: str) -> timedelta:
    """Read `90s`, `15m`, `2h`, `1d` or several of them together (`1h30m`).

    Raises:
        ValueError: If the text is anything else.
    """
    sizes = dict(_UNITS)
    total, digits = 0, ""
    for char in text.strip():
        if char.isdecimal():
            digits += char
        elif char in sizes and digits:
            total, digits = total + int(digits) * sizes[char], ""
        else:
            raise ValueError(_bad_span(text))
    if digits or not total:
        raise ValueError(_bad_span(text))
    return timedelta(seconds=total)


def _bad_span(text: str) -> str:
    return f"{text!r} is not a duration; write it like 90s, 15m, 2h or 1d"
