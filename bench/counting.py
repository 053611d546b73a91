"""A relay on loopback that counts the requests that pass: HTTP/1.1, to TCP, TLS or a socket."""

import asyncio
import re
import ssl
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

_CHUNK = 1024 * 1024
_HEAD = re.compile(rb"(?:GET|HEAD|POST|PUT|PATCH|DELETE) (\S+) HTTP/1\.1\r\n")
Dial = Callable[[], Awaitable[tuple[StreamReader, StreamWriter]]]


@dataclass
class Relay:
    """Where it listens, and the path of every request so far; `sent` is all that was sent, whole.

    Each list in `sent` is of one connection.
    """

    port: int = 0
    paths: list[str] = field(default_factory=list[str])
    sent: list[bytearray] = field(default_factory=list[bytearray])

    def since(self, start: int) -> int:
        """How many requests came after the first `start`."""
        return len(self.paths) - start


@asynccontextmanager
async def relaying(dial: Dial, *, delay: float = 0) -> AsyncGenerator[Relay]:
    """A relay to whatever `dial` opens; each piece of an answer comes so many seconds late."""
    relay = Relay()

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        far_reader, far_writer = await dial()
        relay.sent.append(sent := bytearray())
        async with asyncio.TaskGroup() as group:
            group.create_task(_pump(reader, far_writer, paths=relay.paths, sent=sent))
            group.create_task(_pump(far_reader, writer, delay=delay))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    relay.port = server.sockets[0].getsockname()[1]
    try:
        yield relay
    finally:
        server.close()


async def _pump(
    reader: StreamReader,
    writer: StreamWriter,
    paths: list[str] | None = None,
    sent: bytearray | None = None,
    delay: float = 0,
) -> None:
    """Carry bytes one way until that side ends; a request's first line may come in two pieces."""
    rest = b""
    with suppress(OSError):
        while chunk := await reader.read(_CHUNK):
            if sent is not None:
                sent += chunk
            if paths is not None:
                seen = rest + chunk
                paths += [found.decode() for found in _HEAD.findall(seen)]
                rest = seen[seen.rfind(b"\n") + 1 :]
            await asyncio.sleep(delay)
            writer.write(chunk)
            await writer.drain()
    writer.close()


def to_address(url: str, authority: Path | None = None) -> Dial:
    """A way to an http or https address."""
    where = urlsplit(url)
    trust = ssl.create_default_context(cafile=str(authority)) if authority else None
    return lambda: asyncio.open_connection(where.hostname, where.port, ssl=trust)


def to_socket(url: str) -> Dial:
    """A way to a unix socket."""
    return lambda: asyncio.open_unix_connection(url.removeprefix("unix://"))
