"""The same port in memory: the cluster of docs/demo-incident.md, where the clock stands still."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from fivetabs.core import Connection, NotFound, did_you_mean
from fivetabs.providers.kubernetes.demo import incident
from fivetabs.providers.kubernetes.demo.world import World
from fivetabs.providers.kubernetes.port import Cluster, Step

CONTEXT = "shop-eu"
CLOCK = datetime(2026, 3, 12, 10, 14, tzinfo=UTC)


def make_world() -> World:
    """A new copy of the demo cluster."""
    return World.of(CONTEXT, CLOCK, incident.objects(), incident.logs())


@asynccontextmanager
async def connect(target: str | None) -> AsyncGenerator[Connection[Cluster, Step]]:
    """Open the demo cluster; its only context is `shop-eu`.

    Raises:
        NotFound: If another context is named.
    """
    if target not in {None, "", CONTEXT}:
        hint = did_you_mean(str(target), [CONTEXT], otherwise=f"the demo world has only {CONTEXT}")
        raise NotFound(f"the demo world has no context {target!r}", hint=hint)
    world = make_world()
    yield Connection(
        view=world,
        commit=world.commit,
        target=f"k8s:{CONTEXT}",
        now=world.now,
        secrets=lambda: world.seen,
    )
