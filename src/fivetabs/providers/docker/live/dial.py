"""Reaching an engine: over a unix socket, TCP with or without TLS, or an ssh process."""

import os
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fivetabs.core import Misconfigured
from fivetabs.providers.docker.auth import Endpoint, Keys
from fivetabs.providers.docker.live.ssh import tunnel
from fivetabs.providers.docker.settings import Settings

if TYPE_CHECKING:
    import httpx2

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_MOST_SSH = 4


@dataclass(frozen=True, slots=True)
class Line:
    """An open way to one engine.

    `probe` has connections of its own, so that asking whether the engine lives never queues behind
    the work. `words` is what the way itself said last (ssh's standard error).
    """

    endpoint: Endpoint
    settings: Settings
    http: "httpx2.AsyncClient"
    probe: "httpx2.AsyncClient"
    words: Callable[[], Awaitable[str]]


@asynccontextmanager
async def dialled(endpoint: Endpoint, settings: Settings) -> AsyncGenerator[Line, None]:
    """A line to the engine; nothing is sent yet.

    Raises:
        Misconfigured: If a certificate or the ssh program cannot be used.
    """
    async with AsyncExitStack() as stack:
        words, socket = _nothing_said, endpoint.path
        if endpoint.kind == "ssh":
            way = await stack.enter_async_context(tunnel(endpoint, settings))
            words, socket = way.words, way.path
        most = min(_MOST_SSH, settings.most_connections) if endpoint.kind == "ssh" else None
        http = _client(endpoint, settings, socket, most or settings.most_connections)
        probe = _client(endpoint, settings, socket, 2)
        await stack.enter_async_context(http)
        await stack.enter_async_context(probe)
        yield Line(endpoint, settings, http, probe, words)


def _client(endpoint: Endpoint, settings: Settings, socket: str, most: int) -> "httpx2.AsyncClient":
    import httpx2

    timeout = httpx2.Timeout(None, connect=settings.connect_timeout)
    limits = httpx2.Limits(max_connections=most, max_keepalive_connections=most)
    common: dict[str, Any] = {"timeout": timeout, "follow_redirects": False}
    if endpoint.kind in ("unix", "ssh"):
        plain = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        transport = httpx2.AsyncHTTPTransport(uds=socket, verify=plain, limits=limits)
        return httpx2.AsyncClient(
            transport=transport, base_url="http://docker", trust_env=False, **common
        )
    context = _context(endpoint.keys) if endpoint.keys else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    host = f"[{endpoint.host}]" if ":" in endpoint.host else endpoint.host
    return httpx2.AsyncClient(
        verify=context,
        limits=limits,
        base_url=f"{'https' if endpoint.keys else 'http'}://{host}:{endpoint.port}",
        # Go's proxy rule, which docker follows: the environment's proxy, but never for loopback.
        trust_env=endpoint.host not in _LOOPBACK,
        **common,
    )


def _context(keys: Keys) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=str(keys.ca) if keys.ca else None)
        # Python 3.13 refuses authorities without every extension of RFC 5280, as Docker's own
        # guide makes them; the docker command line takes them.
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        if keys.cert and keys.key:
            context.load_cert_chain(keys.cert, keys.key)
    except (ssl.SSLError, OSError) as error:
        given = ", ".join(os.fspath(p) for p in (keys.ca, keys.cert, keys.key) if p)
        raise Misconfigured(
            f"the TLS certificates for Docker cannot be used: {error}", hint=f"look at {given}"
        ) from error
    if not keys.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


async def _nothing_said() -> str:
    return ""
