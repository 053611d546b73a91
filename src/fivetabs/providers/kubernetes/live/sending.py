"""Sending one request so that leaving it in the middle leaves nothing open.

httpcore2 2.16 forgets the socket of a TLS handshake that is cancelled from outside. So a request
that is left is cancelled at once, except in its handshake: that one ends first, by its own limit.
"""

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx2


@dataclass(slots=True)
class Sender:
    """The requests of one cluster that were left and are still ending."""

    leaving: set["asyncio.Task[None]"] = field(default_factory=set["asyncio.Task[None]"])

    async def send(
        self, client: "httpx2.AsyncClient", request: "httpx2.Request", *, stream: bool
    ) -> "httpx2.Response":
        """The response, or the transport's own error."""
        calm = asyncio.Event()
        calm.set()

        async def trace(event: str, _: Any) -> None:
            if event.endswith(".start_tls.started"):
                calm.clear()
            elif ".start_tls." in event:
                calm.set()

        request.extensions["trace"] = trace
        sending = asyncio.ensure_future(client.send(request, stream=stream))
        try:
            return await asyncio.shield(sending)
        except asyncio.CancelledError:
            task = asyncio.create_task(_end(sending, calm))
            self.leaving.add(task)
            task.add_done_callback(self.leaving.discard)
            raise

    async def aclose(self) -> None:
        """Wait until everything that was left has ended."""
        await asyncio.gather(*self.leaving, return_exceptions=True)


async def _end(sending: "asyncio.Future[httpx2.Response]", calm: asyncio.Event) -> None:
    shaken = asyncio.ensure_future(calm.wait())
    await asyncio.wait({sending, shaken}, return_when=asyncio.FIRST_COMPLETED)
    shaken.cancel()
    sending.cancel()
    await asyncio.wait({sending})
    if not sending.cancelled() and sending.exception() is None:
        await sending.result().aclose()
