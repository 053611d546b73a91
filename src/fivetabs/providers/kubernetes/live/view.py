"""The view of a real cluster, and how it is opened."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from fivetabs.core import Connection
from fivetabs.core.logs import tail
from fivetabs.core.secrecy import Seen
from fivetabs.core.waiting import Flights
from fivetabs.providers.kubernetes.auth.identity import Identity
from fivetabs.providers.kubernetes.auth.kubeconfig import context_names, resolve
from fivetabs.providers.kubernetes.live.changes import carry_out, try_out
from fivetabs.providers.kubernetes.live.decoding import decode
from fivetabs.providers.kubernetes.live.faults import cut_off, from_transport, strange
from fivetabs.providers.kubernetes.live.http import Ask, Http
from fivetabs.providers.kubernetes.port import Cluster, Draft, Json, Objects, Step, check_path
from fivetabs.providers.kubernetes.settings import Settings
from fivetabs.providers.kubernetes.shapes.secrets import secrets_in

if TYPE_CHECKING:
    from collections.abc import Mapping

_MANY = 250
_JSON = "application/json"
_TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"


def _utc_now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def connect(
    settings: Settings, target: str | None, *, now: Callable[[], datetime] = _utc_now
) -> AsyncGenerator[Connection[Cluster, Step]]:
    """Open the cluster of a kubeconfig context; nothing is asked of it yet.

    `now` is the clock by which ages are told; this machine's unless another is given.

    Raises:
        NotConfigured: If there is no usable kubeconfig and no service account.
        NotFound: If there is no such context.
    """
    context, stamp = resolve(target, settings.service_account)
    identity = Identity(context, settings.plugin_timeout)
    http = Http(settings, target, context, stamp, identity)
    view = LiveCluster(http, now)
    try:
        yield Connection(
            view=view,
            commit=lambda step: carry_out(http, step, now()),
            target=f"k8s:{context.name}",
            now=now,
            targets=context_names(),
            secrets=lambda: (*http.identity.secrets(), *view.seen),
        )
    finally:
        await view.flights.aclose()
        await http.aclose()


@dataclass(frozen=True, slots=True)
class LiveCluster:
    """A cluster as its API server tells it. Nothing outside the closed set of reads is asked."""

    http: Http
    clock: Callable[[], datetime]
    flights: Flights = field(default_factory=Flights)
    seen: Seen = field(default_factory=Seen, compare=False)

    @property
    def context(self) -> str:
        """The name of the kubeconfig context."""
        return self.http.context.name

    @property
    def namespace(self) -> str:
        """The context's own namespace."""
        return self.http.context.namespace

    @property
    def grace(self) -> timedelta:
        """How long a pod may take to start."""
        return timedelta(seconds=self.http.settings.grace)

    def now(self) -> datetime:
        """The time of this machine, set right where it is far from the API server's."""
        return self.clock() + self.http.lag

    async def get(self, path: str, /, **query: str) -> Json:
        """An object or a list."""
        return await self._read(path, _JSON, query)

    async def table(self, path: str, /, *, objects: Objects, **query: str) -> Json:
        """The same as `kubectl get` would print it."""
        return await self._read(path, _TABLE, {**query, "includeObject": objects})

    async def stream(self, path: str, /, **query: str) -> AsyncIterator[bytes]:
        """A container's log; of a few last lines, one fetch for all who ask meanwhile."""
        check_path(path)
        ask = Ask("GET", path, query)
        most = int(query.get("tailLines", _MANY))
        if most >= _MANY:
            async for chunk in self._chunks(ask):
                yield chunk
            return
        key = (path, tuple(sorted(query.items())))
        last = await self.flights.share(key, lambda: tail(self._chunks(ask), most=most))
        for line in last.lines:
            yield f"{line}\n".encode()

    async def _chunks(self, ask: Ask) -> AsyncIterator[bytes]:
        import httpx2

        begun = False
        try:
            async with self.http.stream(ask) as response:
                async for chunk in response.aiter_bytes():
                    begun = True
                    yield chunk
        except httpx2.RemoteProtocolError as error:
            if begun:
                raise cut_off(self.http.context) from error
            raise from_transport(error, self.http.context) from error
        except httpx2.HTTPError as error:
            raise from_transport(error, self.http.context) from error

    async def preview(self, step: Step | Draft, /) -> Json:
        """What a step would leave, by a server-side dry run."""
        return await try_out(self.http, step, self.now())

    async def _read(self, path: str, accept: str, query: "Mapping[str, str]") -> Json:
        check_path(path)
        ask = Ask("GET", path, query, {"Accept": accept})
        key = (path, accept, tuple(sorted(query.items())))
        return await self.flights.share(key, partial(self._fetch, ask))

    async def _fetch(self, ask: Ask) -> Json:
        response = await self.http.send(ask)
        try:
            found = await decode(response.content)
        except ValueError as error:
            raise strange(self.http.context, response.text) from error
        if "kind" not in found:
            raise strange(self.http.context, response.text)
        self.seen.note(secrets_in(found))
        return found
