"""Following one Logs Insights query to its end. Whoever leaves earlier takes the query along."""

import asyncio
from contextlib import suppress
from typing import Any

from fivetabs.core import Fault
from fivetabs.providers.aws.port import Account, Json
from fivetabs.providers.aws.shapes.insights import RUNNING, Found, parse_found

DEADLINE = 900.0
"""Seconds after which a query is stopped; the service itself would let it run for 60 minutes."""

_PAUSES = (0.2, 0.4, 0.8, 1.5)
_FAREWELL = 5.0


async def follow(
    account: Account, region: str, *, deadline: float = DEADLINE, **question: Any
) -> tuple[Found, str]:
    """The last state of a query, and why it was stopped, when it was.

    A caller that is cancelled stops the query, even one whose start is not confirmed yet.

    Raises:
        Fault: If the query cannot be started or its results cannot be read.
    """
    starting = asyncio.ensure_future(account.read("logs", "StartQuery", region, **question))
    try:
        started = await asyncio.shield(starting)
    except asyncio.CancelledError:
        await _leave(account, region, starting)
        raise
    name: str = started["queryId"]
    ended = False
    try:
        found, ended = await _watch(account, region, name, deadline)
    finally:
        if not ended:
            await _stop(account, region, name)
    if ended:
        return found, ""
    return found, f"the query was stopped after {deadline:g} s: these are the rows found until then"


async def _watch(account: Account, region: str, name: str, deadline: float) -> tuple[Found, bool]:
    """The query's last state, and whether it ended by itself."""
    loop = asyncio.get_running_loop()
    end = loop.time() + deadline
    pauses = list(_PAUSES)
    while True:
        page = await account.read("logs", "GetQueryResults", region, queryId=name)
        if page.get("status") not in RUNNING:
            return parse_found(await _rest(account, region, name, page)), True
        pause = pauses.pop(0) if len(pauses) > 1 else pauses[0]
        if loop.time() + pause > end:
            return parse_found([page]), False
        await asyncio.sleep(pause)


async def _rest(account: Account, region: str, name: str, first: Json) -> list[Json]:
    pages = [first]
    while token := pages[-1].get("nextToken"):
        pages.append(
            await account.read("logs", "GetQueryResults", region, queryId=name, nextToken=token)
        )
    return pages


async def _leave(account: Account, region: str, starting: asyncio.Future[Json]) -> None:
    """The start is on its way: wait for its answer, then stop what it started."""
    with suppress(TimeoutError, Fault):
        async with asyncio.timeout(_FAREWELL):
            started = await starting
            await _stop(account, region, started["queryId"])


async def _stop(account: Account, region: str, name: str) -> None:
    """Say so once. One that ended meanwhile needs no stop; no answer would change anything."""
    with suppress(TimeoutError, Fault):
        async with asyncio.timeout(_FAREWELL):
            await account.read("logs", "StopQuery", region, queryId=name)
