"""Speaking to a real engine: the closed set of reads, the version agreed on."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from fivetabs.core import Denied, Misconfigured, TimedOut
from fivetabs.core.secrecy import Seen
from fivetabs.core.waiting import Flights, patient
from fivetabs.providers.docker.live.dial import Line
from fivetabs.providers.docker.live.faults import no_engine, refused, silent, unreached
from fivetabs.providers.docker.live.pumping import Pump
from fivetabs.providers.docker.live.straight import Straight, asked
from fivetabs.providers.docker.port import is_read
from fivetabs.providers.docker.shapes.secrets import secrets_in

if TYPE_CHECKING:
    import httpx2

T = TypeVar("T")

NEWEST = (1, 51)
"""The newest Engine API this house was written against (engine 28.3)."""

_BEFORE_NEGOTIATION = (1, 24)
_OK = 200


async def negotiated(line: Line, pinned: str) -> str:
    """The API version to speak: the lower of the engine's and ours, or the one that is pinned.

    Raises:
        Unavailable: If no engine answers within twice the quiet time.
    """
    try:
        async with asyncio.timeout(_first_answer_within(line)):
            answer = await ping(line)
    except TimeoutError as error:
        raise await silent(line, error) from error
    told = answer.headers.get("Api-Version", "")
    if not told and answer.content.strip() != b"OK":
        raise no_engine(line.endpoint, "it gave no API version")
    version = _parsed(told) or _BEFORE_NEGOTIATION
    if pinned:
        if not _parsed(pinned):
            raise Misconfigured(
                f"DOCKER_API_VERSION is {pinned!r}, which is no version",
                hint="unset DOCKER_API_VERSION",
            )
        return pinned.removeprefix("v")
    return ".".join(map(str, min(version, NEWEST)))


def _first_answer_within(line: Line) -> float:
    """Longer than a connection may take: httpcore2 forgets a TLS handshake that is cancelled."""
    return max(2 * line.settings.quiet, 1.2 * line.settings.connect_timeout)


async def ping(line: Line) -> "httpx2.Response":
    """`GET /_ping`, on a connection of its own."""
    response = await sent(line, line.probe, line.probe.build_request("GET", "/_ping"))
    await accepted(line, response, "/_ping")
    return response


@dataclass(frozen=True, slots=True)
class LiveEngine:
    """An engine over an open line."""

    line: Line
    version: str
    clock: Callable[[], datetime]
    flights: Flights = field(default_factory=Flights)
    seen: Seen = field(default_factory=Seen, compare=False)

    @property
    def target(self) -> str:
        """The context's name or host URL."""
        return self.line.endpoint.label

    def now(self) -> datetime:
        """The clock's time."""
        return self.clock()

    async def get(self, path: str, /, **query: str) -> Any:
        """Parsed JSON of one of `READS`; equal reads in flight share one request."""
        key = (path, tuple(sorted(query.items())))
        return await self.flights.share(key, lambda: self._patient(self._get(path, query)))

    async def stream(self, path: str, /, **query: str) -> AsyncGenerator[bytes, None]:
        """The raw bytes of one of `READS`; silence is borne while the engine is alive."""
        if self.line.endpoint.kind == "unix":
            straight = await self._patient(self._straight(path, query))
            pump, close = Pump(straight.pieces(), rests=False), straight.aclose
        else:
            response = await self._patient(self._open(path, query))
            pump, close = Pump(response.aiter_bytes()), response.aclose
        try:
            pump.start()
            while piece := await self._patient(_guarded(self.line, pump.take)):
                yield piece
        finally:
            await pump.aclose()
            await close()

    async def _get(self, path: str, query: dict[str, str]) -> Any:
        response = await self._open(path, query)
        try:
            await self._whole(response)
            found = response.json()
            self.seen.note(secrets_in(found))
            return found  # noqa: TRY300
        except ValueError as error:
            raise no_engine(self.line.endpoint, f"{path} is no JSON") from error
        finally:
            await response.aclose()

    async def _open(self, path: str, query: dict[str, str]) -> "httpx2.Response":
        request = self._reading(path, query)
        response = await sent(self.line, self.line.http, request, stream=True)
        await accepted(self.line, response, path)
        return response

    async def _straight(self, path: str, query: dict[str, str]) -> Straight:
        target = self._reading(path, query).url.raw_path
        answer = await _guarded(self.line, lambda: asked(self.line.endpoint.path, target))
        if answer.status != _OK:
            try:
                body = await _guarded(self.line, answer.whole)
            finally:
                await answer.aclose()
            raise refused(self.line.endpoint, path, answer.status, body)
        return answer

    def _reading(self, path: str, query: dict[str, str]) -> "httpx2.Request":
        if not is_read(path):
            raise Denied(f"{path} is not among the reads of this server")
        return self.line.http.build_request("GET", self.url(path), params=query)

    async def _whole(self, response: "httpx2.Response") -> bytes:
        return await _guarded(self.line, response.aread)

    async def _patient(self, work: Coroutine[Any, Any, T]) -> T:
        try:
            return await patient(work, lambda: ping(self.line), quiet=self.line.settings.quiet)
        except TimedOut as error:
            raise await silent(self.line, error) from error

    def url(self, path: str) -> str:
        """A path below the API version that was agreed on."""
        return f"/v{self.version}{path}"


async def sent(
    line: Line, client: "httpx2.AsyncClient", request: "httpx2.Request", *, stream: bool = False
) -> "httpx2.Response":
    """The answer to one request.

    Raises:
        Fault: If there is none.
    """
    return await _guarded(line, lambda: client.send(request, stream=stream))


async def _guarded(line: Line, work: Callable[[], Awaitable[T]]) -> T:
    """What `work` gives; what goes wrong on the way becomes a Fault."""
    import httpx2

    try:
        return await work()
    except (httpx2.HTTPError, OSError) as error:
        # OSError: an alert in the middle of a TLS connection comes through as an SSLError.
        raise unreached(line.endpoint, error, await line.words()) from error


async def accepted(line: Line, response: "httpx2.Response", path: str) -> None:
    """Pass where the engine answered with success.

    Raises:
        Fault: What it answered instead.
    """
    if not response.is_success:
        try:
            body = await _guarded(line, response.aread)
        finally:
            await response.aclose()
        raise refused(line.endpoint, path, response.status_code, body)


def _parsed(version: str) -> tuple[int, int] | None:
    major, _, minor = version.removeprefix("v").partition(".")
    return (int(major), int(minor)) if major.isdecimal() and minor.isdecimal() else None
