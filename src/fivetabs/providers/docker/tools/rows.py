"""Rows of the container list: the sick singly, what is equal folded, never more than fit."""

from collections.abc import Sequence
from dataclasses import dataclass

from fivetabs.core import Finding
from fivetabs.providers.docker.shapes.containers import Container, Summary

COLUMNS = ("name", "image", "status", "restarts", "exit", "compose", "ports")
MOST = 24
_MOST_PORTS = 4

Row = tuple[str | int | float, ...]


@dataclass(frozen=True, slots=True)
class Sight:
    """A container as listed and, where it was looked at closely, in full and with its finding."""

    row: Summary
    full: Container | None
    finding: Finding | None


def folded(sights: Sequence[Sight]) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """At most `MOST` rows in the given order, and a note about what they leave out."""
    if len(sights) <= MOST:
        return tuple(map(_row, sights)), ()
    groups: dict[tuple[str, ...], list[Sight]] = {}
    for sight in sights:
        groups.setdefault(_key(sight), []).append(sight)
    shown, rest = list(groups.values())[:MOST], list(groups.values())[MOST:]
    notes = ["equal containers are folded into one row (same state, image and Compose project)"]
    unread = sum(s.full is None for s in sights)
    if unread:
        notes.append(f"restart counts of {unread} containers that seem well were not read")
    if rest:
        count = sum(map(len, rest))
        sick = sum(s.finding is not None for group in rest for s in group)
        notes.append(
            f"{count} more containers ({sick} sick) are not shown; "
            "narrow with name='...' or state='...'"
        )
    return tuple(map(_group, shown)), tuple(notes)


def _key(sight: Sight) -> tuple[str, ...]:
    code = sight.finding.code if sight.finding else ""
    return code, sight.row.state, sight.row.project, sight.row.image


def _group(group: Sequence[Sight]) -> Row:
    first = _row(group[0])
    if len(group) == 1:
        return first
    name, image, status, restarts, leaving, _, ports = first
    counts = [s.full.restarts for s in group if s.full]
    more = f"{name} and {len(group) - 1} more"
    most = max(counts) if counts else restarts
    return more, image, status, most, leaving, group[0].row.project, ports


def _row(sight: Sight) -> Row:
    row, full = sight.row, sight.full
    ports = [*row.ports[:_MOST_PORTS]]
    if len(row.ports) > _MOST_PORTS:
        ports.append(f"{len(row.ports) - _MOST_PORTS} more")
    restarts = full.restarts if full else ""
    return row.name, row.image, row.status, restarts, _exit(full), row.compose, ", ".join(ports)


def _exit(full: Container | None) -> str:
    """The exit code while there is one, and whether it was for memory."""
    if full is None or full.state in ("running", "paused", "created"):
        return "OOM" if full and full.oom_killed else ""
    return f"{full.exit_code} OOM" if full.oom_killed else str(full.exit_code)
