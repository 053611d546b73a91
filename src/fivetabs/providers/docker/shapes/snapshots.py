"""One engine as it was read once: the lists, what was looked at in full, and its latest events."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from fivetabs.core import Subject
from fivetabs.providers.docker.shapes.containers import Container, Summary
from fivetabs.providers.docker.shapes.events import Story
from fivetabs.providers.docker.shapes.hosts import Image, Info, Network
from fivetabs.providers.docker.shapes.wiring import Wiring


@dataclass(frozen=True)
class Snapshot:
    """What `load` read. A kind that could not be read is None, and `missing` says why.

    `full` and `wirings` hold, by id, the containers that were looked at closely: all of a few, of
    many those that may be sick and those they lean on.
    """

    target: str
    now: datetime
    rows: tuple[Summary, ...]
    full: Mapping[str, Container]
    wirings: Mapping[str, Wiring]
    info: Info | None = None
    images: tuple[Image, ...] | None = None
    networks: tuple[Network, ...] | None = None
    volumes: frozenset[str] | None = None
    story: Story = field(default_factory=Story)
    missing: tuple[str, ...] = ()

    @property
    def engine(self) -> Subject:
        """The engine itself as a subject."""
        return Subject("docker", self.target, ("engine",))

    def container(self, name: str) -> Subject:
        """A container as a subject."""
        return Subject("docker", self.target, ("container", name))

    @cached_property
    def services(self) -> Mapping[tuple[str, str], tuple[Summary, ...]]:
        """The containers of each Compose service, by project and service."""
        found: dict[tuple[str, str], tuple[Summary, ...]] = {}
        for row in self.rows:
            if row.project and row.service:
                key = row.project, row.service
                found[key] = (*found.get(key, ()), row)
        return found
