"""What changed, on one clock, by how near it is to the onset of a trouble."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from fivetabs.core import Cell, Change, Subject, Table, Told, age, stamp

COLUMNS = ("when", "age", "subject", "what", "before", "after", "who", "source")
_AFTER, _BEFORE = timedelta(minutes=5), timedelta(hours=1)


def ranked(
    histories: Sequence[Told], onset: datetime | None, path: Iterable[Subject] = ()
) -> list[Change]:
    """All changes. Those on the path first, then those shortly before the onset, then the newest.

    Without an onset, the newest first.
    """
    on_path = set(path)
    every = [change for each in histories for change in each.history.changes]

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


def suspect(
    changes: Sequence[Change], onset: datetime | None, path: Iterable[Subject]
) -> Change | None:
    """The change that most likely brought the trouble about: on its path, shortly before it.

    One that a person or a deployment made goes before what the backend reports of itself.
    """
    if onset is None:
        return None
    on_path = set(path)
    near = [
        change
        for change in changes
        if change.subject in on_path and onset - _BEFORE <= change.when <= onset
    ]
    return max(near, key=_likely, default=None)


def _likely(change: Change) -> tuple[bool, bool, datetime, str]:
    return bool(change.who), bool(change.after), change.when, str(change.subject)


def told(change: Change, onset: datetime) -> str:
    """A suspected change in one clause."""
    values = f" ({change.before} -> {change.after})" if change.before and change.after else ""
    values = values or (f" ({change.after})" if change.after else "")
    who = f" by {change.who}" if change.who else ""
    return (
        f"{change.what}{values}{who} on {change.subject} at {stamp(change.when)}, "
        f"{age(change.when, onset)} before it began"
    )


def gaps(histories: Sequence[Told]) -> tuple[str, ...]:
    """Whose changes are not known, and why."""
    houses = (f"changes in {t.house}: {t.status}" for t in histories if t.status and not t.unset)
    parts = (f"changes in {t.house}: {each}" for t in histories for each in t.history.missing)
    return (*houses, *parts)


def looked_through(histories: Sequence[Told]) -> tuple[str, ...]:
    """What changes were looked for in."""
    return tuple(
        f"{t.house}: {', '.join(t.history.checked)}" for t in histories if t.history.checked
    )
