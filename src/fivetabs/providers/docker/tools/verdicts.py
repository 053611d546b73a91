"""How a container took a change: whether it runs and is well, stays stopped, or fails again."""

from datetime import datetime, timedelta
from typing import Any

from fivetabs.core import Finding, NotFound, Plan, Turn, Verdict, quoted, span
from fivetabs.providers.docker.port import Engine, Restart, Stop
from fivetabs.providers.docker.shapes.containers import Container
from fivetabs.providers.docker.shapes.endings import KILLED, meaning
from fivetabs.providers.docker.tools.engines import inspected
from fivetabs.providers.docker.tools.estate_reading import read_info
from fivetabs.providers.docker.tools.scenes import UP, causes

_STEADY = timedelta(seconds=3)
_STEADY_AFTER_TROUBLE = timedelta(seconds=10)
"""What the engine itself takes for a run that went well. Source: moby `restartmanager`."""


async def runs_well(engine: Engine, plan: Plan[Any], since: datetime) -> Verdict:
    """It runs for some seconds, and is healthy where it has a health check; or it failed."""
    del since  # The engine's own times are compared, whatever this machine's clock says.
    step = plan.steps[0]
    c = await _found(engine, step.container_id)
    if c is None:
        return _gone(step.name)
    if c.state == "running" and not c.restarts and c.health != "unhealthy":
        return await _running(engine, c, steady=_steady(plan.ailing))
    if c.state == "exited" and not c.exit_code and not plan.ailing:
        return Verdict(Turn.WELL, f"{c.name} ran and ended well, with exit code 0")
    return _failed(engine, plan, c)


async def stays_stopped(engine: Engine, plan: Plan[Stop], since: datetime) -> Verdict:
    """It has been stopped for some seconds, and nothing started it again."""
    del since
    step = plan.steps[0]
    c = await _found(engine, step.container_id)
    if c is None:
        return _gone(step.name)
    if c.state in UP:
        told = f"{c.name} is {c.state} again: something beside the engine starts it"
        return Verdict(Turn.FAILING, told, causes(engine, c))
    if await _age(engine, c.finished) < _STEADY:
        return Verdict(Turn.UNDER_WAY, f"{c.name} is {c.state}")
    told = f"{c.name} is stopped, exit code {c.exit_code}{meaning(c.exit_code)}"
    if c.exit_code == KILLED and not c.oom_killed:
        told += f": it did not end within its stop grace of {step.grace} s"
    return Verdict(Turn.WELL, told)


async def _running(engine: Engine, container: Container, *, steady: timedelta) -> Verdict:
    c, up = container, await _age(engine, container.started)
    health = f", health: {c.health}" if c.health else ""
    told = f"{c.name} is running for {span(up)}{health}"
    waits = c.health == "starting" or up < steady
    return Verdict(Turn.UNDER_WAY if waits else Turn.WELL, told)


def _failed(engine: Engine, plan: Plan[Any], container: Container) -> Verdict:
    """What is wrong with it now; where it is what was wrong before, that the change was no help."""
    now, before = causes(engine, container), plan.ailing
    told = now[0].cause if now else _ended(container)
    codes = {each.code for each in before}
    if before and (not now or codes & {each.code for each in now}):
        change = "restart" if isinstance(plan.steps[0], Restart) else "start"
        words = (now or before)[0].next_step.words
        told = f"still failing as before: {told}; a {change} does not help. {words}"
    return Verdict(Turn.FAILING, told, now)


def _ended(container: Container) -> str:
    c = container
    if c.state == "running":
        times = "once" if c.restarts == 1 else f"{c.restarts} times"
        return f"{c.name} ended and was started again by the engine {times} since"
    why = f": {quoted(c.error)}" if c.error else ""
    return f"{c.name} is {c.state} again, exit code {c.exit_code}{meaning(c.exit_code)}{why}"


def _gone(name: str) -> Verdict:
    return Verdict(Turn.FAILING, f"{name} is gone: it was removed since")


def _steady(ailing: tuple[Finding, ...]) -> timedelta:
    return _STEADY_AFTER_TROUBLE if ailing else _STEADY


async def _found(engine: Engine, container_id: str) -> Container | None:
    try:
        return await inspected(engine, container_id)
    except NotFound:
        return None


async def _age(engine: Engine, when: datetime | None) -> timedelta:
    """How long ago by the engine's own clock, which may not be this machine's."""
    info = await read_info(engine)
    now = (info.time if info else None) or engine.now()
    return max(now - when, timedelta()) if when else timedelta()
