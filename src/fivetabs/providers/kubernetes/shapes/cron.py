"""When a CronJob's schedule was last due.

The form is that of the standard parser of github.com/robfig/cron/v3, which Kubernetes uses: five
fields, names of months and days, `@hourly` and its kin. What else may stand there is not read.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from types import MappingProxyType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_DESCRIBED = MappingProxyType(
    {
        "@yearly": "0 0 1 1 *",
        "@annually": "0 0 1 1 *",
        "@monthly": "0 0 1 * *",
        "@weekly": "0 0 * * 0",
        "@daily": "0 0 * * *",
        "@midnight": "0 0 * * *",
        "@hourly": "0 * * * *",
    }
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_DAYS = "sun mon tue wed thu fri sat"
_FIELDS: tuple[tuple[int, int, Mapping[str, int]], ...] = (
    (0, 59, MappingProxyType({})),
    (0, 23, MappingProxyType({})),
    (1, 31, MappingProxyType({})),
    (1, 12, MappingProxyType({name: i for i, name in enumerate(_MONTHS.split(), 1)})),
    (0, 7, MappingProxyType({name: i for i, name in enumerate(_DAYS.split())})),
)
_FARTHEST = timedelta(days=62)
_EVERY = frozenset({"*", "?"})


def previous_run(schedule: str, zone: str, now: datetime) -> datetime | None:
    """The last time at or before `now` at which a schedule was due, in UTC.

    None where the schedule or the zone cannot be read, or nothing was due in two months. An unset
    zone is UTC, as most control planes run; one that runs in another is not known from the API.
    """
    fields = _DESCRIBED.get(schedule.strip(), schedule).lower().split()
    place = _place(zone)
    if len(fields) != len(_FIELDS) or place is None:
        return None
    sets = [_field(text, *limits) for text, limits in zip(fields, _FIELDS, strict=True)]
    chosen = [each for each in sets if each is not None]
    if len(chosen) != len(_FIELDS):
        return None
    either = not ({fields[2], fields[4]} & _EVERY)
    found = _back(now.astimezone(place), chosen, either=either)
    return found.astimezone(UTC) if found is not None else None


def _back(local: datetime, sets: list[frozenset[int]], *, either: bool) -> datetime | None:
    minutes, hours, days, months, weekdays = sets
    oldest = local - _FARTHEST
    day = local
    while day >= oldest:
        here = (day.day in days, (day.isoweekday() % 7) in {d % 7 for d in weekdays})
        if day.month in months and (any(here) if either else all(here)):
            for hour in sorted(hours, reverse=True):
                for minute in sorted(minutes, reverse=True):
                    then = day.replace(hour=hour, minute=minute, second=0, microsecond=0)
                    if then <= local:
                        return then
        day -= timedelta(days=1)
    return None


def _field(text: str, least: int, most: int, names: Mapping[str, int]) -> frozenset[int] | None:
    found: set[int] = set()
    for piece in text.split(","):
        span, _, step = piece.partition("/")
        if span in _EVERY:
            first, last = least, most
        else:
            low, dash, high = span.partition("-")
            first, last = names.get(low, _number(low)), names.get(high, _number(high))
            last = last if dash else (most if step else first)
        width = _number(step) if step else 1
        if first < least or last > most or width < 1:
            return None
        found.update(range(first, last + 1, width))
    return frozenset(found)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and text.isascii() else -1


def _place(zone: str) -> tzinfo | None:
    if not zone:
        return UTC
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
