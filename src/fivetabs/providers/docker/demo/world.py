"""An engine in memory: answers in the engine's own JSON and stream format, at a time of its own."""

import json
from collections.abc import AsyncGenerator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

from fivetabs.core import Denied, NotFound, parse_time, stamp
from fivetabs.core.secrecy import Seen
from fivetabs.providers.docker.demo.lives import PASSES, live_on, start, stop
from fivetabs.providers.docker.port import Start, Step, Stop, is_read
from fivetabs.providers.docker.shapes.containers import parse_container
from fivetabs.providers.docker.shapes.outcomes import gone, outcome_of, so_already
from fivetabs.providers.docker.shapes.secrets import secrets_in

_CHUNK = 1000
_SHORTEST_ID = 4


def edge() -> "World":
    """The demo world, new."""
    raw = _stored("edge-1")
    clock = parse_time(raw["now"])
    return World(raw["target"], clock, raw["containers"], _stored("edge-1-host"))


def _stored(name: str) -> dict[str, Any]:
    folder = files("fivetabs.providers.docker.demo")
    return json.loads(folder.joinpath(f"{name}.json").read_text("utf-8"))


@dataclass(slots=True)
class World:
    """Containers, each with its `summary`, its `inspect` and the lines of its `log`.

    `host` has the engine's `info`, `networks`, `volumes` and `events`; its images are those of the
    containers and what `images` has beside them.
    """

    target: str
    clock: datetime
    containers: list[dict[str, Any]]
    host: dict[str, Any] = field(default_factory=dict[str, Any])
    seen: Seen = field(default_factory=Seen, compare=False, kw_only=True)

    def now(self) -> datetime:
        """The demo's clock, which stands still but for changes."""
        return self.clock

    async def get(self, path: str, /, **query: str) -> Any:
        """As an engine answers; of the queries, `all` is understood."""
        self._refuse_others(path)
        if path == "/containers/json":
            rows = [c["summary"] for c in self.containers]
            found: Any = [r for r in rows if query.get("all") == "1" or r["State"] == "running"]
        elif path.startswith("/containers/"):
            found = self._find(path.split("/")[2])["inspect"]
        else:
            found = self._of_host(path)
        self.seen.note(secrets_in(found))
        return deepcopy(found)

    async def stream(self, path: str, /, **query: str) -> AsyncGenerator[bytes, None]:
        """A log in the engine's frames, or raw for a TTY, cut anywhere into chunks."""
        self._refuse_others(path)
        if path == "/events":
            if body := _events(self.host.get("events", ()), query):
                yield body
            return
        container = self._find(path.split("/")[2])
        tty = container["inspect"]["Config"]["Tty"]
        body = b"".join(_frames(container["log"], query, tty=tty))
        for at in range(0, len(body), _CHUNK):
            yield body[at : at + _CHUNK]

    async def commit(self, step: Step) -> str:
        """Do it at the demo's time, and let some time pass.

        Raises:
            Conflict: If that very container is gone, or is already as it was to become.
        """
        found = next((c for c in self.containers if c["inspect"]["Id"] == step.container_id), None)
        if found is None:
            raise gone(step)
        before = deepcopy(found["inspect"])
        up = before["State"]["Status"] in {"running", "restarting"}
        if (isinstance(step, Start) and up) or (isinstance(step, Stop) and not up):
            raise so_already(step)
        act = stop if isinstance(step, Stop) else start
        act(found, self.clock)
        said = outcome_of(step, parse_container(found["inspect"]))
        self.clock += PASSES
        if act is start:
            live_on(found, before, self.clock)
        return said

    def _of_host(self, path: str) -> Any:
        match path:
            case "/info":
                told = {"Name": self.target} | self.host.get("info", {})
                return told | {"SystemTime": stamp(self.clock)}
            case "/images/json":
                return [*_images(self.containers), *self.host.get("images", ())]
            case "/networks":
                return self.host.get("networks", [])
            case "/volumes":
                return self.host.get("volumes", {"Volumes": None})
            case _:
                return {"Version": self.host.get("info", {}).get("ServerVersion", "")}

    def _find(self, name: str) -> dict[str, Any]:
        for each in self.containers:
            whole = each["inspect"]["Id"]
            short = len(name) >= _SHORTEST_ID and whole.startswith(name)
            if short or f"/{name}" in each["summary"]["Names"]:
                return each
        raise NotFound(f"No such container: {name}")

    def _refuse_others(self, path: str) -> None:
        if not is_read(path):
            raise Denied(f"{path} is not among the reads of this server")


def _images(containers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    tags: dict[str, set[str]] = {}
    for each in containers:
        tags.setdefault(each["summary"]["ImageID"], set()).add(each["inspect"]["Config"]["Image"])
    return [{"Id": i, "RepoTags": sorted(names), "RepoDigests": []} for i, names in tags.items()]


def _events(events: Sequence[dict[str, Any]], query: dict[str, str]) -> bytes:
    """One JSON object a line, as the engine sends what it remembers of a time that is over."""
    first, last = float(query.get("since", "0")), float(query.get("until", "inf"))
    chosen = (e for e in events if first <= e["time"] <= last)
    return b"".join(json.dumps(e).encode() + b"\n" for e in chosen)


def _frames(log: list[list[Any]], query: dict[str, str], *, tty: bool) -> list[bytes]:
    """Source: Engine API, "Stream format"."""
    since = datetime.fromtimestamp(float(query.get("since", "0")), UTC)
    chosen = [line for line in log if parse_time(line[1]) >= since]
    tail = query.get("tail", "all")
    if tail.isdecimal():
        chosen = chosen[max(0, len(chosen) - int(tail)) :]
    frames: list[bytes] = []
    for stream, when, text in chosen:
        start = f"{when} " if query.get("timestamps") == "1" else ""
        payload = f"{start}{text}\n".encode()
        frames.append(
            payload if tty else bytes([stream, 0, 0, 0]) + len(payload).to_bytes(4) + payload
        )
    return frames
