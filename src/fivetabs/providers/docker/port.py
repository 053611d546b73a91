"""What can be asked of a Docker engine, and what can be done to it. Plain values only."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeAlias

READS = (
    "/_ping",
    "/containers/json",
    "/containers/{id}/json",
    "/containers/{id}/logs",
    "/events",
    "/images/json",
    "/info",
    "/networks",
    "/version",
    "/volumes",
)
"""Every path the view ever GETs (below `/v<API version>`); all others are refused by it."""

CHANGES = ("/containers/{id}/restart", "/containers/{id}/start", "/containers/{id}/stop")
"""Every path a commit ever POSTs to."""


class Engine(Protocol):
    """All a tool may do to an engine: look."""

    @property
    def target(self) -> str:
        """The engine's name in a `Subject`: a context's name or a host URL."""
        ...

    async def get(self, path: str, /, **query: str) -> Any:
        """Parsed JSON of one of `READS`.

        Raises:
            NotFound: If the engine knows no such container.
            Fault: If the engine cannot be asked.
        """
        ...

    def stream(self, path: str, /, **query: str) -> AsyncIterator[bytes]:
        """The raw bytes of one of `READS`, as they come.

        Raises:
            Fault: As `get` does, when the first bytes are asked for.
        """
        ...

    def now(self) -> datetime:
        """The time that ages are counted from."""
        ...


@dataclass(frozen=True, slots=True)
class Restart:
    """Stop one container and start it again.

    `container_id` is the full id, so a container that was replaced under the same name is never
    touched. `grace` is how many seconds the engine waits between SIGTERM and SIGKILL.
    """

    container_id: str
    name: str
    grace: int


@dataclass(frozen=True, slots=True)
class Start:
    """Start one container that does not run. `container_id` as in `Restart`."""

    container_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Stop:
    """Stop one container that runs. `container_id` and `grace` as in `Restart`."""

    container_id: str
    name: str
    grace: int


Step: TypeAlias = Restart | Start | Stop


def is_container_name(text: str) -> bool:
    """Whether the engine's own grammar `[a-zA-Z0-9][a-zA-Z0-9_.-]*` accepts the text."""
    plain = text.replace("_", "").replace(".", "").replace("-", "")
    return text.isascii() and (not plain or plain.isalnum()) and text[:1].isalnum()


def is_read(path: str) -> bool:
    """Whether the path is one of `READS`, with a container's name or id in place of `{id}`."""
    return any(_fits(path, pattern) for pattern in READS)


def is_change(path: str) -> bool:
    """Whether the path is one of `CHANGES`, with a container's id in place of `{id}`."""
    return any(_fits(path, pattern) for pattern in CHANGES)


def _fits(path: str, pattern: str) -> bool:
    given, wanted = path.split("/"), pattern.split("/")
    return len(given) == len(wanted) and all(
        is_container_name(g) if w == "{id}" else g == w for g, w in zip(given, wanted, strict=True)
    )
