"""Requests to one API server: authenticated, patient with the slow, done with the dead."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from fivetabs.core import Expired, TimedOut
from fivetabs.core.clocks import lag_of
from fivetabs.core.waiting import patient
from fivetabs.providers.kubernetes.auth.files import Stamp, kubeconfig_paths, stamp_of
from fivetabs.providers.kubernetes.auth.identity import Identity
from fivetabs.providers.kubernetes.auth.kubeconfig import Context, resolve
from fivetabs.providers.kubernetes.live.faults import from_answer, from_transport, refused
from fivetabs.providers.kubernetes.live.sending import Sender
from fivetabs.providers.kubernetes.settings import Settings

if TYPE_CHECKING:
    import httpx2

T = TypeVar("T")
_UNAUTHORISED = 401
_CONNECTIONS = 12
_KEPT = 90.0
_STALLED = 10.0


@dataclass(frozen=True, slots=True)
class Ask:
    """One request. `query` values are sent as they are."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    content: bytes | None = None


@dataclass(slots=True)
class Http:
    """The way to one context's API server. Credentials are read again when they change.

    `lag`: how far this machine's clock was behind the server's at the last answer.
    """

    settings: Settings
    target: str | None
    context: Context
    stamp: Stamp
    identity: Identity
    client: "httpx2.AsyncClient | None" = None
    shown: str = ""
    tls: ssl.SSLContext | None = None
    probes: "set[asyncio.Task[None]]" = field(default_factory=set["asyncio.Task[None]"])
    sender: Sender = field(default_factory=Sender)
    retired: "list[httpx2.AsyncClient]" = field(default_factory=list["httpx2.AsyncClient"])
    lag: timedelta = timedelta()

    async def aclose(self) -> None:
        """Close every connection."""
        await asyncio.gather(*self.probes, return_exceptions=True)
        await self.sender.aclose()
        for client in (*self.retired, *([self.client] if self.client else ())):
            await client.aclose()

    async def send(self, ask: Ask) -> "httpx2.Response":
        """The whole answer.

        Raises:
            Fault: If there is none, or it is a refusal.
        """
        response = await self._guarded(self._once(ask))
        if response.status_code == _UNAUTHORISED:
            self._forget()
            response = await self._guarded(self._once(ask))
        self.lag = lag_of(response.headers.get("date", ""), datetime.now(UTC))
        if refused(response):
            raise from_answer(response, self.context)
        return response

    @asynccontextmanager
    async def stream(self, ask: Ask) -> AsyncGenerator["httpx2.Response"]:
        """The answer in pieces as they come.

        Raises:
            Fault: If there is none, it is a refusal, or it stalls for 10 s.
        """
        response = await self._guarded(self._once(ask, stream=True))
        try:
            if response.status_code == _UNAUTHORISED:
                await response.aclose()
                self._forget()
                response = await self._guarded(self._once(ask, stream=True))
            if refused(response):
                await response.aread()
                raise from_answer(response, self.context)
            yield response
        finally:
            await response.aclose()

    async def _once(self, ask: Ask, *, stream: bool = False) -> "httpx2.Response":
        self._reload_when_changed()
        headers = [*ask.headers.items(), *await self.identity.headers()]
        client = self._client()
        request = client.build_request(
            ask.method, ask.path, params=dict(ask.query), headers=headers, content=ask.content
        )
        if stream:
            request.extensions["timeout"] = {**request.extensions["timeout"], "read": _STALLED}
        if name := self.context.cluster.text("tls-server-name"):
            request.extensions["sni_hostname"] = name
        return await self.sender.send(client, request, stream=stream)

    async def _guarded(self, work: Coroutine[Any, Any, T]) -> T:
        import httpx2

        try:
            return await patient(work, self._alive, quiet=self.settings.quiet)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise from_transport(error, self.context) from error
        except TimedOut as silent:
            if silent.hint or self.identity.running.locked():
                raise
            server = self.context.cluster.text("server")
            raise TimedOut(
                f"the API server of {self.context.name} at {server} does not answer: {silent}",
                hint="is the cluster up, and the VPN?",
            ) from silent

    async def _alive(self) -> object:
        """Any answer over a connection of its own shows that the server lives.

        The probe ends by its own limits even if nobody waits for it any more: a TLS handshake that
        is cancelled from outside leaves its socket open (httpcore2 2.16).
        """
        if self.identity.running.locked():
            return None  # We wait for a plugin, which has a limit of its own.
        probe = asyncio.ensure_future(self._ping())
        self.probes.add(probe)
        probe.add_done_callback(self._forget_probe)
        return await asyncio.shield(probe)

    async def _ping(self) -> None:
        async with self._new_client(within=self.settings.quiet) as other:
            await other.get("/version")

    def _forget_probe(self, probe: "asyncio.Task[None]") -> None:
        self.probes.discard(probe)
        if not probe.cancelled():
            probe.exception()  # Whoever waited has been told.

    def _client(self) -> "httpx2.AsyncClient":
        issued = self.identity.issued
        certificate = issued.certificate if issued else ""
        if self.client is None or certificate != self.shown:
            if self.client is not None:
                self.retired.append(self.client)
            self.shown, self.tls = certificate, None
            self.client = self._new_client()
        return self.client

    def _new_client(self, *, within: float | None = None) -> "httpx2.AsyncClient":
        import httpx2

        cluster = self.context.cluster
        self.tls = self.tls or self.identity.tls()
        try:
            return httpx2.AsyncClient(
                base_url=cluster.text("server"),
                verify=self.tls,
                timeout=httpx2.Timeout(within, connect=within or self.settings.connect_timeout),
                limits=httpx2.Limits(max_connections=_CONNECTIONS, keepalive_expiry=_KEPT),
                proxy=cluster.text("proxy-url") or None,
                follow_redirects=False,
                headers={"User-Agent": "fivetabs"},
            )
        except (ValueError, ImportError, httpx2.InvalidURL) as error:
            raise from_transport(error, self.context) from error

    def _forget(self) -> None:
        self.identity.forget()
        self._adopt()

    def _reload_when_changed(self) -> None:
        if self.stamp and stamp_of(kubeconfig_paths()) != self.stamp:
            self._adopt()

    def _adopt(self) -> None:
        """Read the kubeconfig again. The context stays the one that answers are labelled with.

        Raises:
            Expired: If another context has become current: the next call opens that one.
        """
        context, stamp = resolve(self.target, self.settings.service_account)
        if context.name != self.context.name:
            raise Expired(
                f"the kubeconfig's current context is now {context.name}, no longer "
                f"{self.context.name}; nothing was read or done",
                hint=f"call again to use {context.name}, or name the target",
            )
        self.stamp = stamp
        if context != self.context:
            self.context = context
            self.identity = Identity(context, self.settings.plugin_timeout)
            if self.client is not None:
                self.retired.append(self.client)
                self.client = None
            self.tls = None
