"""One container with all that a change of it concerns: how it is, its wiring, its neighbours."""

import asyncio
from dataclasses import dataclass

from fivetabs.core import Finding, first_of
from fivetabs.providers.docker.port import Engine
from fivetabs.providers.docker.rules.containers import Case
from fivetabs.providers.docker.rules.order import CAUSES
from fivetabs.providers.docker.shapes.containers import Container, Summary
from fivetabs.providers.docker.shapes.neighbourhoods import Peer
from fivetabs.providers.docker.shapes.wiring import Wiring, parse_wiring
from fivetabs.providers.docker.tools.engines import listed, named, understood

UP = frozenset({"running", "restarting"})


@dataclass(frozen=True, slots=True)
class Scene:
    """A container before a change. `ailing` is what is wrong with it, `rows` are all containers."""

    container: Container
    wiring: Wiring
    rows: tuple[Summary, ...]
    ailing: tuple[Finding, ...]

    @property
    def up(self) -> bool:
        """Whether it runs, or is being started over and over."""
        return self.container.state in UP

    @property
    def ports(self) -> tuple[str, ...]:
        """Its ports that are open on the host now, as `docker ps` writes them."""
        mine = (c for c in self.rows if c.id == self.container.id)
        return tuple(p for c in mine for p in c.ports if "->" in p)

    @property
    def dependants(self) -> tuple[str, ...]:
        """Who of its Compose project runs and said to depend on it."""
        c = self.container
        project = [r for r in self.rows if c.project and r.project == c.project]
        return tuple(sorted(r.name for r in project if c.service in r.depends_on and r.state in UP))

    @property
    def peers(self) -> tuple[Peer, ...]:
        """The services that it depends on itself."""
        project = [r for r in self.rows if r.project == self.wiring.project]
        return tuple(
            Peer(need, tuple(r for r in project if r.service == need.service))
            for need in self.wiring.needs
        )

    @property
    def taken(self) -> tuple[str, ...]:
        """Its ports of the host that others have published, and who (`8080 by web`)."""
        held = {
            p.split("->")[0]: r.name
            for r in self.rows
            if r.state in UP and r.id != self.container.id
            for p in r.ports
            if "->" in p
        }
        wanted = dict.fromkeys(str(p.port) for p in self.wiring.published)
        return tuple(f"{port} by {held[port]}" for port in wanted if port in held)


async def scene(engine: Engine, name: str) -> Scene:
    """Look at the container that is called so, and at what is around it.

    Raises:
        NotFound: If there is none of that name or id.
    """
    container = await named(engine, name)
    raw, rows = await asyncio.gather(engine.get(f"/containers/{container.id}/json"), listed(engine))
    wiring = understood(lambda: parse_wiring(raw), engine.target)
    return Scene(container, wiring, rows, causes(engine, container))


def causes(engine: Engine, container: Container) -> tuple[Finding, ...]:
    """What is wrong with a container by itself."""
    return first_of(CAUSES, (Case(container, engine.target, engine.now()),))
