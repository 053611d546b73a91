"""Times as the Kubernetes API writes and prints them."""

from datetime import datetime, timedelta

from fivetabs.core import parse_time

_SECONDS = (("y", 31_536_000), ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))

_MINUTE, _HOUR, _DAY, _YEAR = 60, 3_600, 86_400, 31_536_000
_STEPS = (
    (2 * _MINUTE, "s", ""),
    (10 * _MINUTE, "m", "s"),
    (3 * _HOUR, "m", ""),
    (8 * _HOUR, "h", "m"),
    (2 * _DAY, "h", ""),
    (8 * _DAY, "d", "h"),
    (2 * _YEAR, "d", ""),
    (8 * _YEAR, "y", "d"),
)


def parse_when(text: str | None) -> datetime | None:
    """An RFC 3339 time of the API; None where it has none."""
    return parse_time(text) if text else None


def parse_printed(text: str) -> timedelta | None:
    """A duration as `kubectl get` prints it (`2d3h`, `5m30s`, `9y`); None for anything else.

    The form is that of HumanDuration in k8s.io/apimachinery/pkg/util/duration.
    """
    sizes = dict(_SECONDS)
    total, digits = 0, ""
    for char in text:
        if char.isdecimal():
            digits += char
        elif char in sizes and digits:
            total, digits = total + int(digits) * sizes[char], ""
        else:
            return None
    return None if digits or not text else timedelta(seconds=total)


def print_span(length: timedelta) -> str:
    """A duration as the API server prints ages and restarts (HumanDuration)."""
    seconds = int(length.total_seconds())
    if seconds < 0:
        return "<invalid>" if seconds < -1 else "0s"
    for limit, unit, smaller in _STEPS:
        if seconds < limit:
            return _units(seconds, unit, smaller)
    return _units(seconds, "y", "")


def _units(seconds: int, unit: str, smaller: str) -> str:
    sizes = dict(_SECONDS)
    first, rest = divmod(seconds, sizes[unit])
    second = rest // sizes[smaller] if smaller else 0
    return f"{first}{unit}{second}{smaller}" if second else f"{first}{unit}"
