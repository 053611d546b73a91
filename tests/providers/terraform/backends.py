"""A state backend over HTTP that answers in whatever way a test wants."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

Answer = Callable[[str], Awaitable[bytes]]


def response(status: str, body: bytes = b"") -> bytes:
    """A whole HTTP response."""
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (
        status.encode(),
        len(body),
        body,
    )


async def empty(_method: str) -> bytes:
    """No state yet: what `terraform init` needs to hear."""
    return response("404 Not Found")


@dataclass(slots=True)
class HttpBackend:
    """A backend on a port. `answer` is given the method and returns the raw response."""

    port: int = 0
    answer: Answer = empty


@asynccontextmanager
async def http_backend(answer: Answer = empty) -> AsyncGenerator[HttpBackend]:
    """Listen on a free port."""
    backend = HttpBackend(answer=answer)
    handlers: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        handlers.add(task)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            head = await reader.readuntil(b"\r\n\r\n")
            writer.write(await backend.answer(head.split(b" ", 1)[0].decode()))
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    try:
        backend.port = server.sockets[0].getsockname()[1]
        yield backend
    finally:
        server.close()
        for task in handlers:
            task.cancel()
        await asyncio.gather(*handlers, return_exceptions=True)


async def never(_method: str) -> bytes:
    """Accept and say nothing."""
    await asyncio.Event().wait()
    return b""
