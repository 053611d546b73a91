"""Serving one client over stdio, whichever era of the protocol it speaks first."""

import asyncio
from functools import partial
from types import TracebackType
from typing import Any, Self

import anyio
from mcp.server import Server
from mcp.server.runner import serve_dual_era_loop
from mcp.server.stdio import stdio_server
from mcp.shared._stream_protocols import ReadStream, WriteStream
from mcp.shared.message import SessionMessage
from mcp.types import JSONRPCRequest

Reader = ReadStream[SessionMessage | Exception]
Writer = WriteStream[SessionMessage]


async def serve_stdio(server: Server[Any]) -> None:
    """Serve one client on stdin and stdout until it closes stdin.

    The SDK settles the protocol era at the first request. Clients exist that probe with
    `server/discover` and, when the answer is late, go on with `initialize` on the same pipe; so
    leading probes are answered one by one and only the request after them settles the era.
    """
    async with stdio_server() as (reader, writer), server.lifespan(server) as state:
        async for item in reader:
            if _method(item) == "server/discover":
                await _answer_probe(server, item, writer, state)
                continue
            if _method(item) or isinstance(item, Exception):
                await _serve_rest(server, item, reader, writer, state)
                return
        await writer.aclose()


class _Tap:
    """A write stream that forwards, leaves the real one open, and says when one was written."""

    def __init__(self, inner: Writer) -> None:
        self.inner = inner
        self.wrote = asyncio.Event()

    async def send(self, item: SessionMessage, /) -> None:
        await self.inner.send(item)
        self.wrote.set()

    async def aclose(self) -> None:
        """Stay open: the pipe goes on after the probe."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_val: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        """Stay open here too."""


def _method(item: SessionMessage | Exception) -> str:
    message = item.message if isinstance(item, SessionMessage) else None
    return message.method if isinstance(message, JSONRPCRequest) else ""


async def _answer_probe(
    server: Server[Any], item: SessionMessage | Exception, writer: Writer, state: Any
) -> None:
    send, receive = anyio.create_memory_object_stream[SessionMessage | Exception](1)
    tap = _Tap(writer)
    async with anyio.create_task_group() as group:
        group.start_soon(partial(serve_dual_era_loop, server, receive, tap, lifespan_state=state))
        await send.send(item)
        await tap.wrote.wait()
        await send.aclose()


async def _serve_rest(
    server: Server[Any],
    first: SessionMessage | Exception,
    reader: Reader,
    writer: Writer,
    state: Any,
) -> None:
    send, receive = anyio.create_memory_object_stream[SessionMessage | Exception](0)

    async def relay() -> None:
        async with send:
            await send.send(first)
            async for item in reader:
                await send.send(item)

    async with anyio.create_task_group() as group:
        group.start_soon(relay)
        options = server.create_initialization_options()
        await serve_dual_era_loop(
            server, receive, writer, lifespan_state=state, init_options=options
        )
        group.cancel_scope.cancel()
