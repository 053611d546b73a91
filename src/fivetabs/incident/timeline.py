"""What changed, on one clock, by how near it is to the onset of a trouble."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from fivetabs.core import Cell, Change, Finding, Subject, Table, Told, age, parse_time, stamp

COLUMNS = ("when", "age", "subject", "what", "before", "after", "who", "source")
_AFTER = timedelta(minutes=5)


def ranked(
    told: Sequence[Told], onset: datetime | None, path: Iterable[Subject] = ()
) -> list[Change]:
    """All changes. Those on the path first, then those shortly before the onset, then the newest.

    Without an onset, the newest first.
    """
    on_path = set(path)
    every = [change for each in told for change in each.history.changes]

    def place(change: Change) -> tuple[bool, bool, float, str]:
        before = onset is not None and change.when <= onset + _AFTER
        far = abs((change.when - onset).total_seconds()) if onset else -change.when.timestamp()
        return change.subject not in on_path, not before, far, str(change.subject)

    return sorted(every, key=place)


def rows(changes: Sequence[Change], now: datetime) -> tuple[tuple[Cell, ...], ...]:
    """The changes as rows of `COLUMNS`."""
    return tuple(
        (
            stamp(each.when),
            age(each.when, now),
            str(each.subject),
            each.what + (f" x{each.count}" if each.count > 1 else ""),
            each.before,
            each.after,
            each.who,
            each.source,
        )
        for each in changes
    )


def suspects(changes: Sequence[Change], onset: datetime | None, now: datetime) -> Table | None:
    """The changes that may have brought a trouble about, as a table of an investigation."""
    near = [c for c in changes if onset is None or c.when <= onset + _AFTER]
    if not near:
        return None
    title = "changes near the onset" if onset else "latest changes"
    return Table(
        title=title, columns=COLUMNS, rows=rows(near, now), total=len(near), own=("what", "source")
    )


def onset_of(findings: Sequence[Finding]) -> datetime | None:
    """When the trouble began: the earliest time that any of its findings gives."""
    times = [parse_time(each.since) for each in findings if each.since]
    return min(times, default=None)


def gaps(told: Sequence[Told]) -> tuple[str, ...]:
    """Whose changes are not known, and why."""
    houses = (f"changes in {t.house}: {t.status}" for t in told if t.status and not t.unset)
    parts = (f"changes in {t.house}: {each}" for t in told for each in t.history.missing)
    return (*houses, *parts)


def looked_through(told: Sequence[Told]) -> tuple[str, ...]:
    """What changes were looked for in."""
    return tuple(f"{t.house}: {', '.join(t.history.checked)}" for t in told if t.history.checked)
