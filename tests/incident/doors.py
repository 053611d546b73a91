"""The demo world with houses that open in another way: hanging, defective, in part."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from fivetabs.app.calls import App, open_app
from fivetabs.app.connections import AnyConnection
from fivetabs.app.settings import AppSettings
from fivetabs.cli.houses import PROVIDERS, SPANNING
from fivetabs.core import Connection, Denied
from fivetabs.providers.kubernetes.demo import CLOCK, CONTEXT, incident
from fivetabs.providers.kubernetes.demo.world import World
from fivetabs.providers.kubernetes.port import Cluster, Json, Objects, Restart

Opening = Callable[..., AbstractAsyncContextManager[AnyConnection]]


@asynccontextmanager
async def serving(**doors: Opening) -> AsyncGenerator[App]:
    """The demo world, of which some houses open in another way; two seconds for each."""
    houses = tuple(
        replace(each, demo=doors[each.name]) if each.name in doors else each for each in PROVIDERS
    )
    settings = AppSettings(demo=True, house_seconds=2)
    async with open_app(houses, settings, {}, lambda: "0f0f0f0f", SPANNING) as app:
        yield app


@asynccontextmanager
async def hanging(*_: object) -> AsyncGenerator[AnyConnection]:
    """A house that never opens."""
    await asyncio.Event().wait()
    yield Connection(None, _nothing, "", lambda: CLOCK)


@asynccontextmanager
async def defective(*_: object) -> AsyncGenerator[AnyConnection]:
    """A house of which every view trips over a mistake of our own."""
    yield Connection(None, _nothing, "nowhere", lambda: CLOCK)


async def _nothing(_: Any) -> str:
    raise AssertionError


class Closed(World):
    """A cluster in which some kinds may not be read."""

    async def get(self, path: str, /, **query: str) -> Json:
        _check(path)
        return await super().get(path, **query)

    async def table(self, path: str, /, *, objects: Objects, **query: str) -> Json:
        _check(path)
        return await super().table(path, objects=objects, **query)


def _check(path: str) -> None:
    if path.endswith(("/services", "/events", "/configmaps")):
        raise Denied(f"{path} is not for you")


@asynccontextmanager
async def closed(*_: object) -> AsyncGenerator[Connection[Cluster, Restart]]:
    """The demo cluster, in part."""
    world = Closed.of(CONTEXT, CLOCK, incident.objects(), incident.logs())
    yield Connection(world, world.commit, f"k8s:{CONTEXT}", lambda: CLOCK)


def cluster_of(objects: Sequence[Json], clock: datetime = CLOCK) -> Opening:
    """A cluster that holds these objects, and whose time is another."""

    @asynccontextmanager
    async def opened(*_: object) -> AsyncGenerator[Connection[Cluster, Restart]]:
        world = World.of(CONTEXT, clock, objects, incident.logs())
        yield Connection(world, world.commit, f"k8s:{CONTEXT}", lambda: clock)

    return opened
