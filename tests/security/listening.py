"""A listener that notes whoever comes: the attacker's host, or the metadata service of a cloud."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}"


@dataclass
class Listener:
    """The heads of the requests it got, and its port on loopback."""

    port: int = 0
    asked: list[str] = field(default_factory=list[str])
    answer: bytes = _ANSWER

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            self.asked.append((await reader.readuntil(b"\r\n\r\n")).decode("latin-1"))
            writer.write(self.answer)
            await writer.drain()
        writer.close()


@asynccontextmanager
async def listening() -> AsyncGenerator[Listener]:
    """Listen on a free port of loopback."""
    listener = Listener()
    server = await asyncio.start_server(listener.serve, "127.0.0.1", 0)
    listener.port = server.sockets[0].getsockname()[1]
    async with server:
        yield listener
        server.close()
