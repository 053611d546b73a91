"""Our server over streamable HTTP on a free port of this machine; the product has no such mode."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import uvicorn

from fivetabs.app.calls import open_app
from fivetabs.app.settings import AppSettings
from fivetabs.cli.houses import PROVIDERS, SPANNING, known_labels
from fivetabs.server import build
from tests.conformance.fixtures import equip

_LAST_WORDS_SECONDS = 2  # For streams that a client left open.


@asynccontextmanager
async def served() -> AsyncGenerator[str]:
    """Serve the demo world, equipped for the suite, and give the address of the endpoint."""
    settings = AppSettings(demo=True)
    houses = {provider.name: provider.settings() for provider in PROVIDERS}
    labels = known_labels()
    async with open_app(
        PROVIDERS, settings, houses, lambda: "mark", SPANNING, labels=labels
    ) as app:
        server = build(app)
        equip(server)
        # Bound here, so that the port is known and a request waits for the server, not the reverse.
        door = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(
            server.streamable_http_app(),
            log_level="warning",
            ws="none",
            timeout_graceful_shutdown=_LAST_WORDS_SECONDS,
        )
        web = uvicorn.Server(config)
        serving = asyncio.create_task(web.serve(sockets=[door]))
        try:
            yield f"http://127.0.0.1:{door.getsockname()[1]}/mcp"
        finally:
            web.should_exit = True
            await serving
