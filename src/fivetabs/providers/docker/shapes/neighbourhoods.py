"""What is around one container: its peers, the ports it wants, what the host still has."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from fivetabs.providers.docker.shapes.containers import Summary
from fivetabs.providers.docker.shapes.events import Ending, Event
from fivetabs.providers.docker.shapes.wiring import COMPLETED, HEALTHY, Need, Wiring

_UP = frozenset({"running", "restarting"})


@dataclass(frozen=True, slots=True)
class Peer:
    """A service that a container depends on, with the containers that are there for it."""

    need: Need
    rows: tuple[Summary, ...]

    @property
    def unmet(self) -> str:
        """Why the condition does not hold, or nothing."""
        if not self.rows:
            return "has no container"
        first = self.rows[0]
        if self.need.condition == COMPLETED:
            done = any(r.status.startswith("Exited (0)") for r in self.rows)
            return "" if done else f"has not ended well ({first.name}: {first.status})"
        if not any(r.state in _UP for r in self.rows):
            return f"does not run ({first.name}: {first.status})"
        if self.need.condition == HEALTHY and all(r.unhealthy for r in self.rows):
            return f"is unhealthy ({first.name})"
        return ""


@dataclass(frozen=True, slots=True)
class Around:
    """Empty where nothing around the container was read: then rules that need it stay quiet.

    `holders` are the running containers that publish a port, by its number; of the host's
    `volumes`, `networks` and `images` None means that they were not read. `began` is when its
    present trouble was seen first; `sick` are containers of its project that have trouble.
    """

    wiring: Wiring | None = None
    ending: Ending = Ending.UNKNOWN
    request: Event | None = None
    holders: Mapping[int, tuple[str, ...]] = field(default_factory=dict[int, tuple[str, ...]])
    volumes: frozenset[str] | None = None
    networks: frozenset[str] | None = None
    images: frozenset[str] | None = None
    peers: tuple[Peer, ...] = ()
    needed_by: tuple[Summary, ...] = ()
    sick: frozenset[str] = frozenset()
    began: datetime | None = None

    @property
    def asked(self) -> bool:
        """Whether somebody asked the engine to end it."""
        return self.ending is Ending.ASKED
