"""What changed, on one clock, by how near it is to the onset of a trouble."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from fivetabs.core import Cell, Change, Nature, Subject, Table, Told, age, stamp
from fivetabs.incident.telling import near

COLUMNS = ("when", "age", "subject", "what", "before", "after", "who", "source")
_ON_PATH = ("when", "from onset", "subject", "what", "before", "after", "who")
_LATELY = ("when", "age", "subject", "what", "before", "after", "who")
_AFTER, _BEFORE = timedelta(minutes=5), timedelta(hours=1)
_AROUND = timedelta(minutes=5)
_WITH_IT = timedelta(minutes=2)
_FEW = 5


def ranked(histories: Sequence[Told], onset: datetime | None, namespace: str = "") -> list[Change]:
    """All changes: with an onset those before it first, the nearest first; else the newest.

    Those of a namespace that was asked for come before all others.
    """

    def place(change: Change) -> tuple[bool, bool, float, str, str]:
        inside = not namespace or namespace in change.subject.parts
        before = onset is not None and change.when <= onset + _AFTER
        return not inside, not before, *_distance(change, onset)

    return sorted(_every(histories), key=place)


def rows(changes: Sequence[Change], now: datetime) -> tuple[tuple[Cell, ...], ...]:
    """The changes as rows of `COLUMNS`."""
    return tuple(
        (
            *(stamp(each.when), age(each.when, now), str(each.subject), _what(each)),
            *(each.before, each.after, each.who, each.source),
        )
        for each in changes
    )


def on_path(
    histories: Sequence[Told], own: Collection[Subject], path: Collection[Subject], onset: datetime
) -> list[Change]:
    """The few changes that may have to do with a trouble, what was decided first, nearest first.

    `own` is what the trouble is about, and `path` what that needs. What failed in the own is the
    trouble itself; what was carried out elsewhere did no harm; neither is told.
    """
    every = [c for c in _every(histories) if c.subject in path or c.subject in own]
    told = [
        c
        for c in every
        if c.when <= onset + _AFTER and _may_matter(c, own, onset) and not _followed(c, every)
    ]
    return sorted(told, key=lambda c: (c.nature is not Nature.DONE, *_distance(c, onset)))


def lately(histories: Sequence[Told], path: Collection[Subject]) -> list[Change]:
    """What changed on the path, what was decided first, newest first."""
    every = [c for c in _every(histories) if c.subject in path]
    told = [c for c in every if not _followed(c, every)]
    return sorted(told, key=lambda c: (c.nature is not Nature.DONE, *_distance(c, None)))


def table(changes: Sequence[Change], onset: datetime | None, now: datetime) -> Table | None:
    """The first few of the changes, as a table of an investigation."""
    if not changes:
        return None
    shown, home = changes[:_FEW], changes[0].subject
    cells = tuple(
        (
            *(stamp(c.when), _from(c.when, onset) if onset else age(c.when, now)),
            *(near(c.subject, home), _what(c), c.before, c.after, c.who),
        )
        for c in shown
    )
    return Table(
        title="changes on its path" if onset else "latest changes on its path",
        columns=_ON_PATH if onset else _LATELY,
        rows=cells,
        total=len(changes),
        own=("what",),
    )


def suspect(
    changes: Sequence[Change], roots: Collection[Subject], onset: datetime | None
) -> Change | None:
    """The change that most likely brought a trouble about: of its `roots`, shortly before it.

    What was decided goes before what followed from it, of which only a change of a value counts;
    what failed brings nothing about.
    """
    if onset is None:
        return None
    soon = (c for c in changes if c.subject in roots and onset - _BEFORE <= c.when <= onset)
    able = (c for c in soon if c.nature is Nature.DONE or (c.nature is Nature.FOLLOWED and c.after))
    return max(able, key=_likely, default=None)


def told(change: Change, onset: datetime) -> str:
    """A suspected change in one clause."""
    values = f" ({change.before} -> {change.after})" if change.before and change.after else ""
    values = values or (f" ({change.after})" if change.after else "")
    who = f" by {change.who}" if change.who else ""
    return (
        f"{change.what}{values}{who} on {change.subject} at {stamp(change.when)}, "
        f"{age(change.when, onset)} before it began"
    )


def looked_through(histories: Sequence[Told]) -> tuple[str, ...]:
    """What changes were looked for in."""
    return tuple(
        f"{t.house}: {', '.join(t.history.checked)}" for t in histories if t.history.checked
    )


def _every(histories: Sequence[Told]) -> Iterable[Change]:
    """All of them; one that two targets tell (an account, and a region of it) once."""
    return dict.fromkeys(change for each in histories for change in each.history.changes)


def _distance(change: Change, onset: datetime | None) -> tuple[float, str, str]:
    far = abs((change.when - onset).total_seconds()) if onset else -change.when.timestamp()
    return far, str(change.subject), change.what


def _may_matter(change: Change, own: Collection[Subject], onset: datetime) -> bool:
    if change.subject in own:
        return change.nature is not Nature.FAILED
    if change.nature is Nature.FAILED:
        return onset - _AROUND <= change.when
    return change.nature is Nature.DONE


def _followed(change: Change, every: Iterable[Change]) -> bool:
    """Whether it is only what a decision about the same thing led to."""
    return change.nature is Nature.FOLLOWED and any(
        each.nature is Nature.DONE
        and each.subject == change.subject
        and abs(each.when - change.when) <= _WITH_IT
        for each in every
    )


def _likely(change: Change) -> tuple[bool, bool, bool, datetime, str]:
    done = change.nature is Nature.DONE
    return done, bool(change.who), bool(change.after), change.when, str(change.subject)


def _what(change: Change) -> str:
    return change.what + (f" x{change.count}" if change.count > 1 else "")


def _from(when: datetime, onset: datetime) -> str:
    if when <= onset:
        return f"{age(when, onset)} before"
    return f"{age(onset, when)} after"
