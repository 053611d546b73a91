"""The ways to one house's targets: found on this machine, then asked, each within the deadline."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from fivetabs.app.connections import AnyProvider, Connections
from fivetabs.app.spreading import MOST
from fivetabs.core import EVERYWHERE, Fault, TimedOut, Way, Ways, written

log = logging.getLogger(__name__)


async def ways_of(
    connections: Connections,
    provider: AnyProvider,
    *,
    seconds: float,
    clock: Callable[[], datetime],
    names: Sequence[str | None] = (None,),
) -> Ways:
    """What a house found, and how the targets that are meant answered: `all`, or by their `names`.

    None is what a call without target means: then the others are shown as they were found.
    Nothing is raised: whatever fails is said in the way it belongs to.
    """
    if connections.demo:
        return await _demo(connections, provider, clock, names)
    found = await _found(connections, provider, seconds)
    ways = found if EVERYWHERE in names or None in names else ()
    every, named = EVERYWHERE in names, [each for each in names if each and each != EVERYWHERE]
    ways = (*ways, *[await _named(connections, provider, found, each) for each in named])
    ways = tuple({way.target: way for way in ways}.values())
    looked = (
        _asked(connections, provider, way, seconds)
        if way.fault is None and (way.default or (every and number < MOST))
        else _as_found(way)
        for number, way in enumerate(ways)
    )
    return Ways(provider.title, clock(), tuple(map(_written, await asyncio.gather(*looked))))


async def _named(
    connections: Connections, provider: AnyProvider, found: Sequence[Way], name: str
) -> Way:
    """The way to a target that the caller named: what is wrong with it is not beside the point."""
    target = f"{provider.scheme}:{name}"
    try:
        name = await connections.named(provider, name) or found[0].name or name
    except Fault as fault:
        return Way(target=target, name=name, fault=fault)
    same = (way for way in found if way.name == name or way.target == f"{provider.scheme}:{name}")
    return replace(next(same, Way(target=target, name=name)), default=True)


async def _demo(
    connections: Connections,
    provider: AnyProvider,
    clock: Callable[[], datetime],
    names: Sequence[str | None],
) -> Ways:
    """The demo world has one target for each house; it is always there, and no other is."""
    ways: dict[str, Way] = {}
    now = clock()
    for name in dict.fromkeys(None if each == EVERYWHERE else each for each in names):
        try:
            async with connections.use(provider, name) as connection:
                way = Way(target=connection.target, asked=True, source="the demo world")
                now = connection.now()
        except Exception as error:  # noqa: BLE001  (no house may take the others with it)
            way = _closed(provider, error)
            way = replace(way, target=f"{provider.scheme}:{name}") if name else way
        ways.setdefault(way.target, _written(way))
    return Ways(provider.title, now, tuple(ways.values()))


def _written(way: Way) -> Way:
    return replace(way, target=written(way.target))


async def _found(
    connections: Connections, provider: AnyProvider, seconds: float
) -> tuple[Way, ...]:
    try:
        async with asyncio.timeout(seconds):
            return await connections.found(provider)
    except Exception as error:  # noqa: BLE001  (no house may take the others with it)
        return (_closed(provider, error, seconds),)


async def _as_found(way: Way) -> Way:
    return way


async def _asked(connections: Connections, provider: AnyProvider, way: Way, seconds: float) -> Way:
    """The way as its target answered, or why it did not."""
    try:
        async with asyncio.timeout(seconds), connections.use(provider, way.name) as connection:
            ask = partial(provider.checkup.ask, connection.view) if provider.checkup else None
            return replace(await ask(way), asked=True) if ask else way
    except Exception as error:  # noqa: BLE001  (no house may take the others with it)
        return replace(way, asked=True, fault=_fault(provider, error, seconds))


def _closed(provider: AnyProvider, error: Exception, seconds: float = 0.0) -> Way:
    return Way(target=provider.name, fault=_fault(provider, error, seconds))


def _fault(provider: AnyProvider, error: Exception, seconds: float) -> Fault:
    if isinstance(error, TimeoutError):
        return TimedOut(
            f"{provider.title} did not answer within {seconds:g} s",
            hint="is it up, and reachable from here? FIVETABS_HOUSE_SECONDS allows longer",
        )
    return failure(provider, error)


def failure(provider: AnyProvider, error: Exception) -> Fault:
    """What failed in a house, as a fault; a mistake of our own is for the log, and said."""
    if isinstance(error, Fault):
        return error
    log.error("%s failed", provider.name, exc_info=error)
    return Fault(f"it failed inside fivetabs ({type(error).__name__}); its log says how")
