"""The engine itself and what it keeps: images, networks and volumes.

Source: Docker Engine API v1.41 to v1.51, `SystemInfo`, `ImageSummary`, `Network`, `Volume`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fivetabs.core import parse_time, term


@dataclass(frozen=True, slots=True)
class Info:
    """`GET /info`. `name` is the host's own name; `time` its clock; `data` where it keeps all."""

    name: str
    version: str
    driver: str
    warnings: tuple[str, ...]
    swarm: str
    swarm_error: str
    time: datetime | None
    data: str


@dataclass(frozen=True, slots=True)
class Image:
    """An image with every reference it is known under."""

    id: str
    tags: tuple[str, ...]
    digests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Network:
    """A network of the engine."""

    id: str
    name: str


def parse_info(raw: Mapping[str, Any]) -> Info:
    """Read `GET /info`."""
    swarm: Mapping[str, Any] = raw.get("Swarm") or {}
    time = raw.get("SystemTime")
    return Info(
        name=str(raw.get("Name", "")),
        version=term(str(raw.get("ServerVersion", ""))),
        driver=term(str(raw.get("Driver", ""))),
        warnings=tuple(map(str, raw.get("Warnings") or ())),
        swarm=term(str(swarm.get("LocalNodeState") or "inactive")),
        swarm_error=str(swarm.get("Error") or ""),
        time=parse_time(time) if time else None,
        data=str(raw.get("DockerRootDir", "")),
    )


def parse_image(raw: Mapping[str, Any]) -> Image:
    """Read one row of `GET /images/json`; an image without any name has neither tag nor digest."""
    named = (t for t in raw.get("RepoTags") or () if not t.startswith("<none>"))
    digests = (d for d in raw.get("RepoDigests") or () if not d.startswith("<none>"))
    return Image(str(raw["Id"]), tuple(sorted(named)), tuple(sorted(digests)))


def parse_network(raw: Mapping[str, Any]) -> Network:
    """Read one row of `GET /networks`."""
    return Network(str(raw["Id"]), str(raw["Name"]))
