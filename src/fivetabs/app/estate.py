"""All houses at once: each opened and read within its own deadline, none holding up the others."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from fivetabs.app.connections import AnyConnection, AnyProvider, Connections
from fivetabs.app.ways import ways_of
from fivetabs.core import (
    Closer,
    Fault,
    Invalid,
    Misconfigured,
    NotConfigured,
    Part,
    Scope,
    Subject,
    TimedOut,
    Told,
    Ways,
    did_you_mean,
)

T = TypeVar("T")
_LOOK_SECONDS = 5.0
_PATIENCE = 2.5
"""A login or a plugin that is just slow is not told as broken to who asks for nothing else."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OpenEstate:
    """The estate over the app's own connections. `seconds` is what a house may take to be read."""

    connections: Connections
    providers: Sequence[AnyProvider]
    seconds: float
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def now(self) -> datetime:
        """The time of this machine; answers about a demo world carry that world's."""
        return self.clock()

    async def parts(self, scope: Scope, /) -> tuple[Part, ...]:
        """Every house's share, or why it has none."""
        return tuple(await asyncio.gather(*(self._part(p, scope) for p in self._charted())))

    async def look(self, part: Part, subject: Subject, /) -> Closer:
        """A closer look at one subject."""
        provider = next(p for p in self._charted() if p.title == part.house)
        try:
            return await self._with(
                provider, partial(_look, provider, part.snapshot, subject), _LOOK_SECONDS
            )
        except Exception as error:  # noqa: BLE001  (no house may take the others with it)
            fault = _told(provider, error)
            return Closer(missing=(f"a closer look at {subject}: {fault.status}: {fault}",))

    async def histories(self, span: timedelta, scope: Scope, /) -> tuple[Told, ...]:
        """What changed in every house, or why that is not known."""
        told = (self._history(p, span, scope) for p in self._charted())
        return tuple(await asyncio.gather(*told))

    async def ways(self, house: str, /, *, every: bool) -> tuple[Ways, ...]:
        """The ways to every house's targets, or to one house's."""
        names = [p.name for p in self.providers if p.checkup is not None]
        if house and house.lower() not in names:
            near = did_you_mean(house, names, otherwise=f"houses: {', '.join(names)}")
            raise Invalid(f"there is no house {house!r}", hint=near)
        chosen = [p for p in self.providers if p.name in ([house.lower()] if house else names)]
        seconds = self.seconds * _PATIENCE
        look = partial(ways_of, self.connections, seconds=seconds, clock=self.clock, every=every)
        return tuple(await asyncio.gather(*map(look, chosen)))

    def _charted(self) -> list[AnyProvider]:
        return [provider for provider in self.providers if provider.chart is not None]

    async def _part(self, provider: AnyProvider, scope: Scope) -> Part:
        try:
            return await self._with(provider, partial(_read, provider, scope), self.seconds)
        except Exception as error:  # noqa: BLE001  (no house may take the others with it)
            fault = _told(provider, error)
            unset = _unset(fault)
            told = f"{fault.status}: {fault}"
            return Part(provider.title, status=told, hint=fault.hint, unset=unset)

    async def _history(self, provider: AnyProvider, span: timedelta, scope: Scope) -> Told:
        try:
            work = partial(_changed, provider, span, scope)
            return await self._with(provider, work, self.seconds)
        except Exception as error:  # noqa: BLE001  (no house may take the others with it)
            fault = _told(provider, error)
            told = f"{fault.status}: {fault}"
            return Told(provider.title, status=told, hint=fault.hint, unset=_unset(fault))

    async def _with(
        self, provider: AnyProvider, work: Callable[[AnyConnection], Awaitable[T]], within: float
    ) -> T:
        try:
            async with asyncio.timeout(within), self.connections.use(provider, None) as connection:
                return await work(connection)
        except TimeoutError as error:
            raise TimedOut(f"{provider.title} was not read within {within:g} s") from error


def _unset(fault: Fault) -> bool:
    """Whether nobody set the house up here; what is set up and wrong is a failure."""
    return isinstance(fault, NotConfigured) and not isinstance(fault, Misconfigured)


def _told(provider: AnyProvider, error: Exception) -> Fault:
    """What failed in a house, as a fault; a mistake of our own is for the log, and said."""
    if isinstance(error, Fault):
        return error
    log.error("%s failed", provider.name, exc_info=error)
    return Fault(f"it failed inside fivetabs ({type(error).__name__}); its log says how")


async def _read(provider: AnyProvider, scope: Scope, connection: AnyConnection) -> Part:
    chart: Any = provider.chart
    checks = await asyncio.to_thread(chart.checks)
    snapshot = await chart.load(connection.view, scope)
    await asyncio.sleep(0)
    survey = chart.survey(snapshot)
    await asyncio.sleep(0)
    return Part(
        house=provider.title,
        target=connection.target,
        survey=survey,
        links=chart.links(snapshot),
        aliases=chart.aliases(snapshot),
        find=partial(chart.find, snapshot),
        checks=checks,
        snapshot=snapshot,
        now=connection.now(),
    )


async def _look(
    provider: AnyProvider, snapshot: object, subject: Subject, connection: AnyConnection
) -> Closer:
    chart: Any = provider.chart
    return await chart.look(connection.view, snapshot, subject)


async def _changed(
    provider: AnyProvider, span: timedelta, scope: Scope, connection: AnyConnection
) -> Told:
    chart: Any = provider.chart
    await asyncio.to_thread(chart.checks)
    now = connection.now()
    history = await chart.changes(connection.view, now - span, scope)
    return Told(provider.title, history, now=now)
