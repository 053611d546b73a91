"""Containers: all there are, the sick first, with the cause."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field

from fivetabs.core import (
    Fault,
    Listing,
    NotFound,
    Severity,
    did_you_mean,
    first_of,
    read,
)
from fivetabs.providers.docker.port import Engine
from fivetabs.providers.docker.rules.containers import Case
from fivetabs.providers.docker.rules.order import CAUSES
from fivetabs.providers.docker.shapes.containers import Container, Summary
from fivetabs.providers.docker.tools.engines import inspected, listed
from fivetabs.providers.docker.tools.rows import COLUMNS, FOLD_ON, Sight, kin, row

_INSPECT_ALL = 40
_INSPECT_MOST = 4000
_AT_A_TIME = 16
_STATES = (
    *("sick", "running", "unhealthy", "restarting", "exited"),
    *("created", "paused", "removing", "dead"),
)


def _state(text: str) -> str:
    if text and text not in _STATES:
        raise ValueError(f"a state is one of {', '.join(_STATES)}")
    return text


State = Annotated[
    str, AfterValidator(_state), Field(description="sick, running, exited, unhealthy...")
]
Part = Annotated[str, Field(description="Part of a name, image or Compose project.")]


@dataclass(frozen=True, slots=True)
class _World:
    """The containers that were asked for, and which could not be looked at closely."""

    sights: tuple[Sight, ...]
    total: int
    missing: tuple[str, ...]


@read(
    example={},
    questions=(
        "Which Docker containers are running, stopped or crashed?",
        "Is any container unhealthy or restarting over and over?",
        "Show all containers on the Docker host with their status and restart count",
    ),
)
async def list_containers(engine: Engine, /, name: Part = "", state: State = "") -> Listing:
    """List Docker containers, running, stopped and crashed, sick ones first.

    Gives status as docker ps -a shows it, restart count, exit code, OOM kills, Compose service,
    ports and, for the unhealthy or restarting, the cause. For their output use
    get_container_logs; to restart one, restart_container.
    """
    world = await _look(engine, name, state)
    return Listing(
        summary=_summary(engine.target, world, name, state),
        columns=COLUMNS,
        own=("cause",),
        rows=tuple(map(row, world.sights)),
        total=len(world.sights),
        kin=kin(world.sights),
        fold_on=FOLD_ON,
        missing=world.missing,
        notes=(
            *_advice(world.sights),
            *_unread(world.sights),
            *_near(world, name, await _names(engine, world)),
        ),
    )


async def _look(engine: Engine, name: str, state: str) -> _World:
    rows = await listed(engine)
    wanted = [c for c in rows if _matches(c, name.lower())]
    close, missing = await _inspect(engine, wanted)
    now = engine.now()
    cases = [Case(each, engine.target, now) for each in close.values()]
    findings = {case.container.id: f for case in cases for f in first_of(CAUSES, (case,))}
    sights = (Sight(c, close.get(c.id), findings.get(c.id)) for c in wanted)
    chosen = sorted((s for s in sights if _in_state(s, state)), key=_rank)
    return _World(tuple(chosen), len(rows), missing)


def _matches(row: Summary, part: str) -> bool:
    return any(part in text.lower() for text in (row.name, row.image, row.compose))


def _in_state(sight: Sight, state: str) -> bool:
    if state == "sick":
        return sight.finding is not None
    if state == "unhealthy":
        return sight.row.unhealthy
    return state in ("", sight.row.state)


def _rank(sight: Sight) -> tuple[int, bool, str]:
    """The worst first; among equals what still tries to run, then by name."""
    order = list(Severity)
    worth = order.index(sight.finding.severity) if sight.finding else len(order)
    return worth, sight.row.state not in ("running", "restarting"), sight.row.name


async def _inspect(
    engine: Engine, rows: Sequence[Summary]
) -> tuple[dict[str, Container], tuple[str, ...]]:
    """The containers in full: all of a few, of many those that may be sick."""
    chosen = [c for c in rows if len(rows) <= _INSPECT_ALL or _may_be_sick(c)]
    gate = asyncio.Semaphore(_AT_A_TIME)

    async def one(row: Summary) -> Container | Fault | None:
        try:
            async with gate:
                return await inspected(engine, row.id)
        except NotFound:
            return None
        except Fault as fault:
            return fault

    got = await asyncio.gather(*map(one, chosen[:_INSPECT_MOST]))
    faults = [each for each in got if isinstance(each, Fault)]
    missing: list[str] = []
    if faults:
        missing.append(f"{len(faults)} containers could not be inspected: {faults[0]}")
    if chosen[_INSPECT_MOST:]:
        missing.append(f"{len(chosen) - _INSPECT_MOST} containers were not inspected: too many")
    return {each.id: each for each in got if isinstance(each, Container)}, tuple(missing)


def _may_be_sick(row: Summary) -> bool:
    """Not so for what has been up for hours and is healthy, is paused, or ended well."""
    if row.state == "running":
        return row.unhealthy or "second" in row.status or "minute" in row.status
    return row.state != "paused" and not row.status.startswith("Exited (0)")


def _summary(target: str, world: _World, name: str, state: str) -> str:
    asked = " and ".join(f"{k} {v!r}" for k, v in (("name", name), ("state", state)) if v)
    shown = len(world.sights)
    if not world.total:
        return f"There are no containers on {target}."
    if not shown:
        return f"None of the {world.total} containers on {target} matches {asked}."
    what = (
        f"{shown} of {world.total} containers on {target} match {asked}"
        if asked
        else (f"{shown} containers on {target}")
    )
    sick = [s.finding for s in world.sights if s.finding]
    if not sick:
        return f"{what}; none of them is sick ({_states(world.sights)})."
    return f"{what}; {len(sick)} sick ({_states(world.sights)}); worst: {sick[0].cause}."


def _states(sights: Sequence[Sight]) -> str:
    states = [s.row.state for s in sights]
    return ", ".join(f"{states.count(each)} {each}" for each in dict.fromkeys(sorted(states)))


def _advice(sights: Sequence[Sight]) -> tuple[str, ...]:
    """How many have each kind of cause, and what to do next about it."""
    codes = Counter(s.finding.code for s in sights if s.finding)
    steps = {s.finding.code: s.finding.next_step.words for s in sights if s.finding}
    return tuple(f"{code} ({codes[code]}): {words}" for code, words in steps.items())


def _unread(sights: Sequence[Sight]) -> tuple[str, ...]:
    count = sum(s.full is None and not _may_be_sick(s.row) for s in sights)
    return (f"restart counts of {count} that seem well were not read",) if count else ()


async def _names(engine: Engine, world: _World) -> tuple[str, ...]:
    return tuple(c.name for c in await listed(engine)) if not world.sights else ()


def _near(world: _World, name: str, names: Sequence[str]) -> tuple[str, ...]:
    hint = did_you_mean(name, names) if name and not world.sights else ""
    return (hint,) if hint else ()
