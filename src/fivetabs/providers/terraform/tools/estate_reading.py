"""Reading the states below the allowed folders for the report: no plan, two at a time."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from fivetabs.core import Fault, Invalid, NotFound, Scope, term
from fivetabs.providers.terraform.port import Directory, StateRaw, Workspaces
from fivetabs.providers.terraform.shapes.snapshots import Known, Snapshot, Unread, names_in
from fivetabs.providers.terraform.shapes.states import parse_state

AT_A_TIME = 2
MOST = 12
DEADLINE = 6.0
PAUSE = 3.0
_SHOWN = 5
_BROKEN = (Invalid, NotFound)


async def load(workspaces: Workspaces, _scope: Scope) -> Snapshot:
    """Every state that was ever initialised, within the deadline; what is left over is named.

    A plan would run code and take its time: run_terraform_plan makes it, when it is asked for.

    Raises:
        Fault: If the folders cannot be looked through.
    """
    found = await workspaces.directories()
    ready, missing = ready_of(found)
    got, late = await states_of(workspaces, ready)
    known: list[Known] = []
    unread: list[Unread] = []
    for directory, result in got:
        if isinstance(result, StateRaw):
            result = await asyncio.to_thread(_known, result)  # noqa: PLW2901  (one thing, parsed)
        if isinstance(result, Known):
            known.append(result)
        elif isinstance(result, _BROKEN):
            unread.append(Unread(directory, result.status, str(result)))
        else:
            missing.append(f"the state of {term(directory)}: {result.status}: {result}")
    missing += late
    return Snapshot(workspaces.now(), tuple(known), tuple(unread), tuple(missing))


def ready_of(found: Sequence[Directory]) -> tuple[list[str], list[str]]:
    """The directories to read, and a line about the others; modules below one are part of it."""
    ready = sorted(each.name for each in found if each.initialised)
    others = [
        each.name
        for each in found
        if not each.initialised and not any(each.name.startswith(f"{name}/") for name in ready)
    ]
    missing: list[str] = []
    if others:
        names = ", ".join(map(term, sorted(others)[:_SHOWN]))
        more = f" and {len(others) - _SHOWN} more" if len(others) > _SHOWN else ""
        missing.append(f"directories without terraform init, no state read: {names}{more}")
    if ready[MOST:]:
        names = ", ".join(map(term, ready[MOST:][:_SHOWN]))
        missing.append(f"{len(ready) - MOST} more states ({names}...): too many for one report")
    return ready[:MOST], missing


async def states_of(
    workspaces: Workspaces, names: Sequence[str]
) -> tuple[list[tuple[str, StateRaw | Fault]], list[str]]:
    """Each state or its fault, in order; and a line about those that took too long.

    A backend that is slow must not hold up the rest: when no state has come for `PAUSE` seconds,
    those that are still out are late.
    """
    gate = asyncio.Semaphore(AT_A_TIME)

    async def one(name: str) -> StateRaw | Fault:
        async with gate:
            try:
                return await workspaces.state(name)
            except Fault as fault:
                return fault

    tasks = {name: asyncio.ensure_future(one(name)) for name in names}
    try:
        waited = await _waited_for(tasks.values())
    finally:
        running = [task for task in tasks.values() if not task.done()]
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running)
    late = [name for name, task in tasks.items() if task.cancelled()]
    got = [(name, task.result()) for name, task in tasks.items() if not task.cancelled()]
    lines = [f"the state of {term(n)}: timed out: not read within {waited:g} s" for n in late]
    return got, lines


async def _waited_for(tasks: Iterable[asyncio.Task[Any]]) -> float:
    """Until all are done, the deadline, or a pause in which none was; the limit that was met."""
    clock = asyncio.get_running_loop().time
    start, pending = clock(), set(tasks)
    while pending and (left := DEADLINE - (clock() - start)) > 0:
        done, pending = await asyncio.wait(
            pending, timeout=min(PAUSE, left), return_when=asyncio.FIRST_COMPLETED
        )
        if not done:
            return min(PAUSE, DEADLINE)
    return DEADLINE


def _known(raw: StateRaw) -> Known | Fault:
    try:
        return Known(parse_state(raw), names_in(raw))
    except Fault as fault:
        return fault
