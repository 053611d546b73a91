"""All houses at once: each opened and read within its own deadline, none holding up the others."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from fivetabs.app.aims import Aim, read_aims, spread_aims
from fivetabs.app.connections import AnyConnection, AnyProvider, Connections
from fivetabs.app.steps import steps_at
from fivetabs.app.ways import failure, ways_of
from fivetabs.core import (
    Closer,
    Fault,
    Misconfigured,
    NotConfigured,
    Part,
    Scope,
    Subject,
    TimedOut,
    Told,
    Ways,
)

T = TypeVar("T")
S = TypeVar("S", Part, Told)
_LOOK_SECONDS = 5.0
_PATIENCE = 2.5
"""A login or a plugin that is just slow is not told as broken to who asks for nothing else."""


@dataclass(frozen=True, slots=True)
class OpenEstate:
    """The estate over the app's own connections. `seconds` is what a house may take to be read.

    `target` names the targets that are asked instead of each house's default, as `read_aims` says.
    """

    connections: Connections
    providers: Sequence[AnyProvider]
    seconds: float
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    target: str = ""

    def now(self) -> datetime:
        """The time of this machine; answers about a demo world carry that world's."""
        return self.clock()

    def aimed(self, target: str, /) -> "OpenEstate":
        """The same estate, of these targets alone.

        Raises:
            Invalid: If they name no house.
        """
        read_aims(target, self._charted())
        return replace(self, target=target)

    async def parts(self, scope: Scope, /) -> tuple[Part, ...]:
        """Every house's share, or why it has none."""
        aims = await self._aims()
        shares = (self._share(each, Part, partial(_read, each, scope)) for each in aims)
        return _once(aims, await asyncio.gather(*shares))

    async def look(self, part: Part, subject: Subject, /) -> Closer:
        """A closer look at one subject."""
        aim = next((each for each in await self._aims() if each.label == part.house), None)
        if aim is None:
            return Closer(missing=(f"a closer look at {subject}: its target is gone meanwhile",))
        try:
            work = partial(_look, aim.provider, part.snapshot, subject)
            closer = await self._with(aim, work, _LOOK_SECONDS)
            return replace(closer, findings=steps_at(closer.findings, aim.provider, aim.name))
        except Exception as error:  # noqa: BLE001  (no house may take the others with it)
            fault = failure(aim.provider, error)
            return Closer(missing=(f"a closer look at {subject}: {fault.status}: {fault}",))

    async def histories(self, span: timedelta, scope: Scope, /) -> tuple[Told, ...]:
        """What changed in every house, or why that is not known."""
        aims = await self._aims()
        shares = (self._share(each, Told, partial(_changed, each, span, scope)) for each in aims)
        return _once(aims, await asyncio.gather(*shares))

    async def ways(self) -> tuple[Ways, ...]:
        """The ways to every house's targets, or to those that are named."""
        checked = [each for each in self.providers if each.checkup is not None]
        seconds = self.seconds * _PATIENCE
        look = partial(ways_of, self.connections, seconds=seconds, clock=self.clock)
        names: dict[str, list[str | None]] = {}
        for aim in read_aims(self.target, checked):
            names.setdefault(aim.provider.name, []).append(aim.name)
        chosen = [each for each in checked if each.name in names]
        return tuple(await asyncio.gather(*(look(p, names=names[p.name]) for p in chosen)))

    async def _aims(self) -> tuple[Aim, ...]:
        return await spread_aims(read_aims(self.target, self._charted()), self.connections)

    def _charted(self) -> list[AnyProvider]:
        return [provider for provider in self.providers if provider.chart is not None]

    async def _share(
        self, aim: Aim, kind: type[S], work: Callable[[AnyConnection], Awaitable[S]]
    ) -> S:
        try:
            return await self._with(aim, work, self.seconds)
        except Exception as error:  # noqa: BLE001  (no house may take the others with it)
            fault = failure(aim.provider, error)
            told = f"{fault.status}: {fault}"
            return kind(aim.label, status=told, hint=fault.hint, unset=_unset(fault))

    async def _with(
        self, aim: Aim, work: Callable[[AnyConnection], Awaitable[T]], within: float
    ) -> T:
        if aim.fault is not None:
            raise aim.fault
        opening = self.connections.use(aim.provider, aim.name)
        try:
            async with asyncio.timeout(within), opening as connection:
                return await work(connection)
        except TimeoutError as error:
            raise TimedOut(f"{aim.label} was not read within {within:g} s") from error


def _once(aims: Sequence[Aim], told: Sequence[S]) -> tuple[S, ...]:
    """Of two names of one target (the default, and its own) the first; they tell the same."""
    kept: dict[tuple[str, str], S] = {}
    for aim, each in zip(aims, told, strict=True):
        kept.setdefault((aim.provider.name, each.target or aim.label), each)
    return tuple(kept.values())


def _unset(fault: Fault) -> bool:
    """Whether nobody set the house up here; what is set up and wrong is a failure."""
    return isinstance(fault, NotConfigured) and not isinstance(fault, Misconfigured)


async def _read(aim: Aim, scope: Scope, connection: AnyConnection) -> Part:
    chart: Any = aim.provider.chart
    checks = await asyncio.to_thread(chart.checks)
    snapshot = await chart.load(connection.view, scope)
    await asyncio.sleep(0)
    survey = chart.survey(snapshot)
    found = steps_at(survey.findings, aim.provider, aim.name)
    await asyncio.sleep(0)
    return Part(
        house=aim.label,
        target=connection.target,
        survey=replace(survey, findings=found),
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


async def _changed(aim: Aim, span: timedelta, scope: Scope, connection: AnyConnection) -> Told:
    chart: Any = aim.provider.chart
    await asyncio.to_thread(chart.checks)
    now = connection.now()
    history = await chart.changes(connection.view, now - span, scope)
    return Told(aim.label, history, now=now, target=connection.target)
