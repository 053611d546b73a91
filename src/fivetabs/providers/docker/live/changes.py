"""Carrying out one step on a real engine: the only place of this house that POSTs."""

import asyncio

from fivetabs.core import Denied, NotFound, TimedOut, Unavailable
from fivetabs.providers.docker.live.engine import LiveEngine, accepted, sent
from fivetabs.providers.docker.port import Start, Step, is_change
from fivetabs.providers.docker.shapes.containers import parse_container
from fivetabs.providers.docker.shapes.outcomes import done, gone, outcome_of, so_already

_NO_BOUND = 60.0
_SO_ALREADY = 304


async def commit(engine: LiveEngine, step: Step) -> str:
    """Do one thing to a container, by its id, and say how it is afterwards.

    The engine itself holds the precondition: an id is never given twice, and a start of what runs
    or a stop of what does not is answered with 304 and does nothing.

    Raises:
        Conflict: If that very container is gone, or is already as it was to become.
        TimedOut: If the engine has not done it within its stop grace and the margin.
        Fault: If the engine refuses, or it is not known whether it did it.
    """
    grace = 0 if isinstance(step, Start) else step.grace
    bound = grace if grace >= 0 else _NO_BOUND
    margin = engine.line.settings.restart_margin
    look = f"look with list_containers(name={step.name!r})"
    try:
        async with asyncio.timeout(bound + margin):
            await _posted(engine, step)
            return await _afterwards(engine, step)
    except TimeoutError as error:
        raise TimedOut(
            f"{step.name} has not been {done(step)} within {bound:.0f} s of stop grace and "
            f"{margin:.0f} s more; the engine may still do it",
            hint=look,
        ) from error
    except Unavailable as fault:
        told = f"{fault}; whether {step.name} was {done(step)} is not known"
        raise type(fault)(told, hint=f"{look} as soon as the engine answers") from fault


async def _posted(engine: LiveEngine, step: Step) -> None:
    verb = {"restarted": "restart", "started": "start", "stopped": "stop"}[done(step)]
    path = f"/containers/{step.container_id}/{verb}"
    if not is_change(path):
        raise Denied(f"{path} is not among the changes of this server; nothing was done")
    query = {} if isinstance(step, Start) else {"t": str(step.grace)}
    request = engine.line.http.build_request("POST", engine.url(path), params=query)
    try:
        response = await sent(engine.line, engine.line.http, request)
        if response.status_code == _SO_ALREADY:
            raise so_already(step)
        await accepted(engine.line, response, path)
    except NotFound as error:
        raise gone(step) from error


async def _afterwards(engine: LiveEngine, step: Step) -> str:
    try:
        raw = await engine.get(f"/containers/{step.container_id}/json")
    except NotFound:
        return f"{done(step)} {step.name}, and it was removed since"
    return outcome_of(step, parse_container(raw))
