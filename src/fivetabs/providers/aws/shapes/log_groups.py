"""A group of logs, its streams, and the names the service allows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fivetabs.core.patterns import Pattern

LONGEST_NAME = 512
_NAME = Pattern(r"[A-Za-z0-9._/#-]{1,512}")
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
_STEP = 1024


@dataclass(frozen=True, slots=True)
class LogGroup:
    """One log group of a region.

    `retention` is in days, 0 for ever. `stored` counts bytes as they are billed (compressed), and
    lags behind. `kind` is its class as the API writes it.
    """

    name: str
    region: str
    retention: int
    stored: int
    kind: str
    created: datetime | None


def parse_log_group(raw: Mapping[str, Any], *, region: str) -> LogGroup:
    """Read a group of DescribeLogGroups; a search by pattern tells no retention and no size."""
    return LogGroup(
        name=raw["logGroupName"],
        region=region,
        retention=int(raw.get("retentionInDays", 0)),
        stored=int(raw.get("storedBytes", 0)),
        kind=raw.get("logGroupClass", "STANDARD"),
        created=moment(raw.get("creationTime")),
    )


def moment(milliseconds: int | None) -> datetime | None:
    """A time as CloudWatch Logs writes it, in milliseconds since 1970."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC) if milliseconds is not None else None


def milliseconds(when: datetime) -> int:
    """A time as CloudWatch Logs reads it."""
    return round(when.timestamp() * 1000)


def is_log_group_name(text: str) -> bool:
    """Whether the service's grammar allows a log group this name, or a part of it."""
    return _NAME.fullmatch(text) is not None


def size(count: float) -> str:
    """Bytes in words, `1.9 GiB`."""
    for unit in _UNITS[:-1]:
        if count < _STEP:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= _STEP
    return f"{count:.1f} {_UNITS[-1]}"
