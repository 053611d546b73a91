"""A world of containers served as a Docker engine serves them, over real sockets."""

import asyncio
import json
import ssl
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from fivetabs.core import Conflict, Fault, NotFound
from fivetabs.providers.docker.demo import World, edge
from fivetabs.providers.docker.port import Restart, Start, Step, Stop


@dataclass(slots=True)
class Engine:
    """How the served engine behaves. `asked` holds every request line it got."""

    world: World
    newest: tuple[int, int] = (1, 47)
    oldest: tuple[int, int] = (1, 24)
    tells_version: bool = True
    status: int = 0
    body: bytes = b'{"message":"no"}'
    delay: float = 0
    silent: asyncio.Event | None = None
    asked: list[str] = field(default_factory=list[str])
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    serving: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.serving.add(task)
        with suppress(ConnectionError, asyncio.CancelledError):
            while head := await _head(reader):
                method, target, _ = head.split(b"\r\n")[0].decode().split(" ")
                self.asked.append(f"{method} {target}")
                await self._answer(method, target, writer)
                await writer.drain()
        self.serving.discard(task)
        writer.close()
        with suppress(ConnectionError, ssl.SSLError):
            await writer.wait_closed()

    async def end(self) -> None:
        """Hang up on everybody."""
        waiting = tuple(self.serving)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    async def _answer(self, method: str, target: str, writer: asyncio.StreamWriter) -> None:
        parts = urlsplit(target)
        if parts.path == "/_ping":
            if self.silent is not None:
                await self.silent.wait()
            _send(writer, self.status or 200, self.body if self.status else b"OK", self._told())
            return
        if self.silent is not None:
            await self.silent.wait()
        self.reached.set()
        await asyncio.sleep(self.delay)
        version, _, path = parts.path.removeprefix("/v").partition("/")
        spoken = tuple(map(int, version.split(".")))
        if refusal := self._refusal(spoken):
            _send(writer, 400, _message(refusal))
            return
        try:
            await self._route(method, f"/{path}", dict(parse_qsl(parts.query)), writer)
        except NotFound as fault:
            _send(writer, 404, _message(str(fault)))
        except Fault as fault:
            _send(writer, 409, _message(str(fault)))

    async def _route(
        self, method: str, path: str, query: dict[str, str], writer: asyncio.StreamWriter
    ) -> None:
        if method == "POST":
            _, _, container_id, verb = path.split("/")
            await self._act(container_id, verb, query, writer)
        elif path.endswith("/logs") or path == "/events":
            await self._stream(self.world.stream(path, **query), writer)
        else:
            _send(writer, 200, json.dumps(await self.world.get(path, **query)).encode())

    async def _act(
        self, container_id: str, verb: str, query: dict[str, str], writer: asyncio.StreamWriter
    ) -> None:
        """As an engine: 304 where it is so already."""
        raw = await self.world.get(f"/containers/{container_id}/json")
        named = raw["Id"], raw["Name"]
        grace = int(query.get("t", "10"))
        steps: dict[str, Step] = {
            "restart": Restart(*named, grace),
            "start": Start(*named),
            "stop": Stop(*named, grace),
        }
        try:
            await self.world.commit(steps[verb])
        except Conflict:
            _send(writer, 304, b"")
        else:
            _send(writer, 204, b"")

    async def _stream(self, chunks: AsyncIterator[bytes], writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        async for chunk in chunks:
            await asyncio.sleep(self.delay)
            writer.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
            await writer.drain()
        writer.write(b"0\r\n\r\n")

    def _told(self) -> str:
        return f"Api-Version: {_text(self.newest)}\r\n" if self.tells_version else ""

    def _refusal(self, spoken: tuple[int, ...]) -> str:
        if spoken > self.newest:
            return (
                f"client version {_text(spoken)} is too new. "
                f"Maximum supported API version is {_text(self.newest)}"
            )
        if spoken < self.oldest:
            return (
                f"client version {_text(spoken)} is too old. Minimum supported API version is "
                f"{_text(self.oldest)}, please upgrade your client to a newer version"
            )
        return ""


@asynccontextmanager
async def on_socket(engine: Engine, path: Path) -> AsyncGenerator[str, None]:
    """The engine behind a unix socket; its URL."""
    server = await asyncio.start_unix_server(engine.serve, path)
    async with server:
        yield f"unix://{path}"
        server.close()
        await engine.end()


@asynccontextmanager
async def on_port(engine: Engine, tls: ssl.SSLContext | None = None) -> AsyncGenerator[int, None]:
    """The engine on a free TCP port of this machine."""
    server = await asyncio.start_server(engine.serve, "127.0.0.1", 0, ssl=tls)
    async with server:
        yield int(server.sockets[0].getsockname()[1])
        server.close()
        await engine.end()


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""


def _send(writer: asyncio.StreamWriter, status: int, body: bytes, headers: str = "") -> None:
    length = "" if status == 204 else f"Content-Length: {len(body)}\r\n"
    writer.write(f"HTTP/1.1 {status} Said\r\n{headers}{length}\r\n".encode() + body)


def _message(text: str) -> bytes:
    return json.dumps({"message": text}).encode()


def _text(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def large(count: int, sick: int) -> World:
    """Many containers of five images in three projects; `sick` of them restart over and over."""
    world = edge()
    templates = {c["inspect"]["Name"]: c for c in world.containers}
    containers: list[dict[str, Any]] = []
    for number in range(count):
        kind = "/checkout-worker" if number < sick else "/metrics-agent"
        made = json.loads(json.dumps(templates[kind]))
        name, container_id = f"shop-api-{number}", f"{number:064x}"
        image, project = f"registry.example/shop/api-{number % 5}:1.0", f"project-{number % 3}"
        made["summary"].update(Id=container_id, Names=[f"/{name}"], Image=image)
        made["inspect"].update(Id=container_id, Name=f"/{name}")
        made["inspect"]["Config"]["Image"] = image
        labels = {"com.docker.compose.project": project, "com.docker.compose.service": "api"}
        made["summary"]["Labels"] = made["inspect"]["Config"]["Labels"] = labels
        containers.append(made)
    return World(world.target, world.clock, containers)
