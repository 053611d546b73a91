"""Reading one engine for the report: every list once, and in full only what may be sick."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from fivetabs.core import Fault, NotFound, Scope
from fivetabs.providers.docker.port import Engine
from fivetabs.providers.docker.shapes.containers import (
    Container,
    Summary,
    parse_container,
    parse_summary,
)
from fivetabs.providers.docker.shapes.events import Event, Story, parse_events, story_of
from fivetabs.providers.docker.shapes.hosts import Info, parse_image, parse_info, parse_network
from fivetabs.providers.docker.shapes.snapshots import Snapshot
from fivetabs.providers.docker.shapes.wiring import Wiring, needs_in, parse_wiring
from fivetabs.providers.docker.tools.engines import understood

T = TypeVar("T")

_ALL, _MOST, _AT_A_TIME = 60, 1000, 16
_MEMORY = timedelta(days=2)
_PATIENCE = 3.0
_LONGEST_STORY = 4 << 20


async def load(engine: Engine, _scope: Scope) -> Snapshot:
    """Six lists side by side, then the suspects in full. A namespace is no concern of an engine.

    Raises:
        Fault: If not even the containers can be listed.
    """
    missing: list[str] = []
    raw, info, images, networks, volumes = await _lists(engine, missing)
    rows = understood(lambda: tuple(map(parse_summary, raw)), engine.target)
    labels: dict[str, Any] = {str(each["Id"]): each.get("Labels") or {} for each in raw}
    events = read_story(engine, engine.now() - _MEMORY, info)
    story, seen = await asyncio.gather(
        _maybe("events", events, missing),
        _closely(engine, _suspects(rows, labels), missing),
    )
    return Snapshot(
        target=engine.target,
        now=engine.now(),
        rows=tuple(sorted(rows, key=lambda r: (r.name, r.id))),
        full={key: pair[0] for key, pair in sorted(seen.items())},
        wirings={key: pair[1] for key, pair in sorted(seen.items())},
        info=info,
        images=images,
        networks=networks,
        volumes=volumes,
        story=story or Story(),
        missing=tuple(sorted(missing)),
    )


async def _lists(engine: Engine, missing: list[str]) -> tuple[Any, ...]:
    return await asyncio.gather(
        engine.get("/containers/json", all="1"),
        _maybe("the engine's state", _info(engine), missing),
        _maybe("images", _images(engine), missing),
        _maybe("networks", _networks(engine), missing),
        _maybe("volumes", _volumes(engine), missing),
    )


async def read_story(engine: Engine, since: datetime, info: Info | None) -> Story:
    """The engine's events up to now by its own clock, as far back as it remembers them."""
    until = info.time if info and info.time else engine.now()
    asked = {"since": f"{since.timestamp():.6f}", "until": f"{until.timestamp():.6f}"}
    body = bytearray()
    try:
        async with asyncio.timeout(_PATIENCE):
            async for chunk in _of(engine.stream("/events", **asked)):
                body += chunk
                if len(body) > _LONGEST_STORY:
                    break
    except TimeoutError:  # Its clock runs behind ours: what came until here is what there is.
        pass
    events: tuple[Event, ...] = understood(lambda: parse_events(bytes(body)), engine.target)
    return story_of(events)


async def read_info(engine: Engine) -> Info | None:
    """The engine's own state, where it may be read."""
    return await _maybe("the engine's state", _info(engine), [])


async def _of(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    async for chunk in chunks:
        yield chunk


async def _info(engine: Engine) -> Info:
    return await _parsed(engine, "/info", parse_info)


async def _images(engine: Engine) -> Any:
    return await _parsed(engine, "/images/json", lambda raw: tuple(map(parse_image, raw)), all="1")


async def _networks(engine: Engine) -> Any:
    return await _parsed(engine, "/networks", lambda raw: tuple(map(parse_network, raw)))


async def _volumes(engine: Engine) -> Any:
    return await _parsed(
        engine, "/volumes", lambda raw: frozenset(str(v["Name"]) for v in raw["Volumes"] or ())
    )


async def _parsed(engine: Engine, path: str, parse: Callable[[Any], T], **query: str) -> T:
    raw = await engine.get(path, **query)
    return understood(lambda: parse(raw), engine.target)


async def _maybe(what: str, work: Awaitable[T], missing: list[str]) -> T | None:
    """What the work gives, or a line that says why it gave nothing."""
    try:
        return await work
    except Fault as fault:
        missing.append(f"{what}: {fault.status}: {fault}")
        return None


def _suspects(rows: Iterable[Summary], labels: dict[str, Any]) -> list[str]:
    """All of a few; of many those that may be sick, and the peers that they name."""
    listed = list(rows)
    if len(listed) <= _ALL:
        return [r.id for r in listed]
    chosen = {r.id: None for r in listed if may_be_sick(r)}
    needed = {
        (r.project, need.service)
        for r in listed
        if r.id in chosen or r.state in {"created", "paused"}
        for need in needs_in(labels[r.id])
    }
    for r in listed:
        if (r.project, r.service) in needed:
            chosen.setdefault(r.id)
    return list(chosen)


def may_be_sick(row: Summary) -> bool:
    """Not so for what has been up for hours and is healthy, or ended well."""
    if row.state == "running":
        return row.unhealthy or "second" in row.status or "minute" in row.status
    return not row.status.startswith("Exited (0)")


async def _closely(
    engine: Engine, ids: list[str], missing: list[str]
) -> dict[str, tuple[Container, Wiring]]:
    gate = asyncio.Semaphore(_AT_A_TIME)
    faults: list[Fault] = []

    async def one(container: str) -> tuple[Container, Wiring] | None:
        try:
            async with gate:
                raw = await engine.get(f"/containers/{container}/json")
        except NotFound:
            return None
        except Fault as fault:
            faults.append(fault)
            return None
        return understood(lambda: (parse_container(raw), parse_wiring(raw)), engine.target)

    got = await asyncio.gather(*map(one, ids[:_MOST]))
    if faults:
        missing.append(f"{len(faults)} containers could not be inspected: {faults[0]}")
    if ids[_MOST:]:
        missing.append(f"{len(ids) - _MOST} containers were not inspected: too many")
    return {pair[0].id: pair for pair in got if pair}
