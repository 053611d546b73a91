"""The engine `edge-1` of docs/demo-incident.md, in memory."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fivetabs.core import Connection, NotFound, did_you_mean
from fivetabs.providers.docker.demo.world import World, edge
from fivetabs.providers.docker.port import Engine, Step

__all__ = ["World", "connect", "edge"]


@asynccontextmanager
async def connect(target: str | None) -> AsyncGenerator[Connection[Engine, Step], None]:
    """Open the demo engine.

    Raises:
        NotFound: If another one is asked for.
    """
    world = edge()
    if target not in (None, world.target):
        raise NotFound(
            f"there is no Docker context {target!r} in the demo world",
            hint=did_you_mean(target, (world.target,), otherwise=f"contexts: {world.target}"),
        )
    target = f"docker:{world.target}"
    yield Connection(world, world.commit, target, world.now, secrets=lambda: world.seen)
