"""Open backends: each opened at its first call, kept, and opened afresh after it failed.

A connection is opened and closed in a task of its own, because the libraries below tie their
cancel scopes to the task that opened them, while any request's task may be the first to need it.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from fivetabs.app.settings import AppSettings
from fivetabs.core import Connection, Denied, Fault, Provider, TimedOut, Unavailable, Way, written

_BY_NAME = frozenset({"k8s", "docker", "tf"})
AnyConnection = Connection[Any, Any]
AnyProvider = Provider[Any, Any, Any]


@dataclass(slots=True, eq=False)
class _Host:
    """One connection's task: open, hand over, wait until told to close."""

    opened: asyncio.Future[AnyConnection]
    closing: asyncio.Event
    task: asyncio.Task[None] | None = None
    users: int = 0
    retired: bool = False

    def stale(self) -> bool:
        """Whether it was opened by files that say something else by now."""
        opened = self.opened
        return opened.done() and opened.exception() is None and opened.result().stale()


@dataclass(slots=True)
class Connections:
    """The open connections of every house, by house and target.

    `learn` is told the secrets that came by whenever somebody is done with one. `allowed` are the
    owner's patterns over targets (`k8s:prod-*`); a house that none of them names is not limited.
    """

    demo: bool
    settings: Mapping[str, Any]
    open_seconds: float
    learn: Callable[[Iterable[str]], object] = tuple
    allowed: Sequence[str] = ()
    hosts: dict[tuple[str, str | None], _Host] = field(
        default_factory=dict[tuple[str, "str | None"], _Host], repr=False
    )
    open: dict[int, _Host] = field(default_factory=dict[int, _Host], repr=False)
    leaving: set[asyncio.Task[None]] = field(default_factory=set["asyncio.Task[None]"], repr=False)

    @classmethod
    def of(
        cls,
        settings: AppSettings,
        houses: Mapping[str, Any],
        learn: Callable[[Iterable[str]], object],
    ) -> "Connections":
        """None open yet; as the settings have it."""
        return cls(settings.demo, houses, settings.open_seconds, learn, settings.targets)

    @asynccontextmanager
    async def use(self, provider: AnyProvider, target: str | None) -> AsyncGenerator[AnyConnection]:
        """The connection to one target, open for as long as the caller is inside.

        A connection whose backend could not be asked, or whose files have changed, is not used
        again: the next call reads the configuration and the credentials afresh.

        Raises:
            Fault: If it cannot be opened.
        """
        target = await self.named(provider, target)
        host = self._host(provider, target)
        host.users += 1
        try:
            connection = await asyncio.shield(host.opened)
            try:
                yield connection
            finally:
                self.learn(connection.secrets())
                if connection.passing:
                    self._retire((provider.name, target), host)
        except Unavailable:
            self._retire((provider.name, target), host)
            raise
        finally:
            host.users -= 1
            self._leave(host)

    def hold(self, connection: AnyConnection) -> Callable[[], None]:
        """Keep a connection open that is in use now; what is returned lets go of it, once."""
        host = self.open[id(connection)]
        host.users += 1

        def let_go() -> None:
            host.users -= 1
            self._leave(host)

        return let_go

    async def found(self, provider: AnyProvider) -> tuple[Way, ...]:
        """The ways that a house finds on this machine, the default one first; nobody is asked.

        Raises:
            Fault: What is wrong with all of them.
        """
        if provider.checkup is None:
            return ()
        return await asyncio.to_thread(provider.checkup.found, self._settings(provider))

    async def named(self, provider: AnyProvider, target: str | None) -> str | None:
        """The one name of a target: what is known, allowed and kept by it is so however written.

        Raises:
            Fault: If the house has no such target.
        """
        if target is None or provider.naming is None or self.demo:
            return target
        return await asyncio.to_thread(provider.naming, self._settings(provider), target)

    async def aclose(self) -> None:
        """Close everything, all at once."""
        for key, host in tuple(self.hosts.items()):
            self._retire(key, host)
            host.closing.set()
        await asyncio.gather(*self.leaving, return_exceptions=True)

    def _settings(self, provider: AnyProvider) -> Any:
        return self.settings.get(provider.name) or provider.settings()

    def _host(self, provider: AnyProvider, target: str | None) -> _Host:
        key = (provider.name, target)
        host = self.hosts.get(key)
        if host is not None and host.stale():
            self._retire(key, host)
            host = None
        if host is None:
            host = _Host(asyncio.get_running_loop().create_future(), asyncio.Event())
            host.task = asyncio.create_task(self._keep(provider, target, host))
            self.leaving.add(host.task)
            host.task.add_done_callback(self.leaving.discard)
            self.hosts[key] = host
        return host

    async def _keep(self, provider: AnyProvider, target: str | None, host: _Host) -> None:
        opening = (
            provider.demo(target)
            if self.demo
            else provider.live(self.settings.get(provider.name), target)
        )
        try:
            await self._check_name(provider, target)
            async with asyncio.timeout(self.open_seconds) as limit, opening as connection:
                limit.reschedule(None)
                self.check(*(connection.spans or (connection.target,)))
                host.opened.set_result(connection)
                self.open[id(connection)] = host
                try:
                    await host.closing.wait()
                finally:
                    del self.open[id(connection)]
        except BaseException as error:
            self._failed((provider.name, target), host, error)
            if not isinstance(error, Exception):
                raise

    async def _check_name(self, provider: AnyProvider, target: str | None) -> None:
        """Refuse before anybody is asked, where the name alone tells: not so an AWS account.

        Raises:
            Denied: As `check` does.
        """
        ways = await self.found(provider) if self.allowed and not self.demo else ()
        scheme = ways[0].target.partition(":")[0] if ways else ""
        if scheme not in _BY_NAME:
            return
        defaults = (way.target for way in ways if way.default and way.target != scheme)
        self.check(*((f"{scheme}:{target}",) if target else defaults))

    def check(self, *targets: str) -> None:
        """Pass where the owner lets all of these targets of one kind be used.

        Raises:
            Denied: If there are patterns for their kind, and one fits none of them.
        """
        scheme = targets[0].partition(":")[0] if targets else ""
        mine = [each for each in self.allowed if each.partition(":")[0] == scheme]
        good = [each for each in targets if not mine or any(_fits(each, pat) for pat in mine)]
        bad = [each for each in targets if each not in good]
        if not bad:
            return
        told = ", ".join(map(written, targets))
        every = f"no target was named, which means {told}; " if targets[1:] else ""
        names = ", ".join(written(each.removeprefix(f"{scheme}:")) for each in good)
        raise Denied(
            f"{every}{', '.join(map(written, bad))} may not be used here: the owner's setting "
            f"targets has {', '.join(mine)}; nothing was read",
            hint=f"name as target one that may be used: {names}"
            if names
            else "name another target, or have the owner add it to FIVETABS_TARGETS",
        )

    def _failed(self, key: tuple[str, str | None], host: _Host, error: BaseException) -> None:
        """An opening that failed is told to whoever waits, and forgotten."""
        self._retire(key, host)
        if host.opened.done():
            return
        if isinstance(error, TimeoutError):
            error = TimedOut(
                f"{key[0]} did not open within {self.open_seconds:g} s", hint="is the backend up?"
            )
        host.opened.set_exception(error if isinstance(error, Exception) else Fault("closing"))
        host.opened.exception()  # Somebody may have left already: nobody need look at it.

    def _retire(self, key: tuple[str, str | None], host: _Host) -> None:
        if self.hosts.get(key) is host:
            del self.hosts[key]
        host.retired = True
        self._leave(host)

    def _leave(self, host: _Host) -> None:
        if host.retired and not host.users:
            host.closing.set()


def _fits(target: str, pattern: str) -> bool:
    """Of an account whatever is in it; a context with a slash in its name is another one."""
    account = target.partition(":")[0] not in _BY_NAME
    return fnmatchcase(target, pattern) or (account and fnmatchcase(target, f"{pattern}/*"))
