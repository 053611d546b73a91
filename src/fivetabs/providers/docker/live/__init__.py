"""The real engine: opened here, spoken to in `engine`, dialled in `dial` and `ssh`."""

import asyncio
import os
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial

from fivetabs.core import Connection, Fault
from fivetabs.providers.docker.auth import Docker, Endpoint
from fivetabs.providers.docker.live.changes import commit
from fivetabs.providers.docker.live.dial import dialled
from fivetabs.providers.docker.live.engine import LiveEngine, negotiated
from fivetabs.providers.docker.port import Engine, Step
from fivetabs.providers.docker.settings import Settings


def now() -> datetime:
    """The time of this machine."""
    return datetime.now(UTC)


@asynccontextmanager
async def connect(
    settings: Settings, target: str | None
) -> AsyncGenerator[Connection[Engine, Step], None]:
    """Open the engine that `target` means to the docker command line, and agree on a version.

    Raises:
        NotFound: If there is no such context.
        Unavailable: If no engine answers there.
    """
    docker = Docker.of(os.environ)
    async with opened(settings, docker, target, now) as connection:
        yield connection


@asynccontextmanager
async def opened(
    settings: Settings, docker: Docker, target: str | None, clock: Callable[[], datetime]
) -> AsyncGenerator[Connection[Engine, Step], None]:
    """The same with a Docker configuration and a clock of the caller's choice."""
    endpoint = await asyncio.to_thread(docker.endpoint, target, settings.hosts)
    contexts = await asyncio.to_thread(docker.contexts)
    async with dialled(endpoint, settings) as line:
        version = await negotiated(line, docker.environment.get("DOCKER_API_VERSION", ""))
        engine = LiveEngine(line, version, clock)
        try:
            yield Connection(
                engine,
                partial(commit, engine),
                f"docker:{endpoint.label}",
                clock,
                contexts,
                secrets=lambda: engine.seen,
                stale=lambda: _moved(docker, target, settings, endpoint),
            )
        finally:
            await engine.flights.aclose()


def _moved(docker: Docker, target: str | None, settings: Settings, was: Endpoint) -> bool:
    """Whether the target means another engine by now: somebody ran `docker context use`."""
    try:
        return docker.endpoint(target, settings.hosts) != was
    except Fault:
        return True  # Opening it afresh says what is wrong.
