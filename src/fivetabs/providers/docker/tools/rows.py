"""Rows of the container list: one for each container, and which of them are alike."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from fivetabs.core import Finding
from fivetabs.providers.docker.shapes.containers import Container, Summary

COLUMNS = ("name", "image", "status", "restarts", "exit", "compose", "ports", "cause")
FOLD_ON = ("image", "exit")
_ALIKE = 5

Row = tuple[str | int | float, ...]


@dataclass(frozen=True, slots=True)
class Sight:
    """A container as listed and, where it was looked at closely, in full and with its finding."""

    row: Summary
    full: Container | None
    finding: Finding | None


def row(sight: Sight) -> Row:
    """All that is told of one container."""
    listed, full = sight.row, sight.full
    return (
        listed.name,
        listed.image,
        listed.status,
        full.restarts if full else "",
        _exit(full),
        listed.compose,
        ", ".join(listed.ports),
        _cause(sight.finding, listed.name) if sight.finding else "",
    )


def _cause(finding: Finding, name: str) -> str:
    """The cause without the name, which has a column of its own."""
    return f"{finding.code}: {finding.cause.removeprefix(f'{name} ').removeprefix('is ')}"


def kin(sights: Sequence[Sight]) -> tuple[str, ...]:
    """What each is one of: the well by state and service, the sick where more than five are alike.

    The first of many sick ones stands alone, so that one of them is told in full.
    """
    names = [_kin(sight) for sight in sights]
    many = {name for name, count in Counter(names).items() if count > _ALIKE}
    told: list[str] = []
    seen: set[str] = set()
    for sight, name in zip(sights, names, strict=True):
        alone = sight.finding is not None and (name not in many or name not in seen)
        told.append("" if alone else name)
        seen.add(name)
    return tuple(told)


def _kin(sight: Sight) -> str:
    listed = sight.row
    why = f" ({sight.finding.code})" if sight.finding else ""
    return f"{listed.state} {listed.compose or listed.image}{why}"


def _exit(full: Container | None) -> str:
    """The exit code while there is one, and whether it was for memory."""
    if full is None or full.state in ("running", "paused", "created"):
        return "OOM" if full and full.oom_killed else ""
    return f"{full.exit_code} OOM" if full.oom_killed else str(full.exit_code)
