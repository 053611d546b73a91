"""Waiting well: one fetch for identical reads, and no patience with a backend that is gone."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from fivetabs.core.faults import Fault, TimedOut

T = TypeVar("T")


@dataclass(slots=True)
class _Flight:
    task: asyncio.Task[Any]
    waiting: int = 0


@dataclass(slots=True)
class Flights:
    """Identical reads in flight share one fetch; nothing is kept after it lands."""

    flying: dict[object, _Flight] = field(default_factory=dict[object, _Flight])
    ending: set[asyncio.Task[Any]] = field(default_factory=set["asyncio.Task[Any]"])

    async def share(self, key: object, start: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The result of `start()`, or of the same call that is already under way.

        A caller that is cancelled leaves; the fetch ends when the last one has left.
        """
        flight = self.flying.get(key)
        if flight is None:
            flight = self.flying[key] = _Flight(asyncio.ensure_future(start()))
            flight.task.add_done_callback(lambda _: self.flying.pop(key, None))
        flight.waiting += 1
        try:
            return cast("T", await asyncio.shield(flight.task))
        finally:
            flight.waiting -= 1
            if not flight.waiting and not flight.task.done():
                self.flying.pop(key, None)
                self._end(flight.task)

    async def aclose(self) -> None:
        """End what still flies, and wait until it has ended: its backend is about to close."""
        for flight in self.flying.values():
            self._end(flight.task)
        if self.ending:
            await asyncio.wait(self.ending)

    def _end(self, task: asyncio.Task[Any]) -> None:
        self.ending.add(task)
        task.add_done_callback(self.ending.discard)
        task.cancel()


async def patient(
    work: Coroutine[Any, Any, T], alive: Callable[[], Awaitable[object]], *, quiet: float
) -> T:
    """Wait for `work` as long as it takes, while the backend is alive.

    After `quiet` seconds without a result `alive()` is asked; when it does not answer within
    `quiet` seconds either, the work is cancelled. So slow and dead are told apart in 2 x `quiet`.

    Raises:
        TimedOut: If `alive` does not answer.
        Fault: Whatever `alive` or `work` raise.
    """
    task = asyncio.ensure_future(work)
    try:
        done, _ = await asyncio.wait({task}, timeout=quiet)
        while not done:
            probe = asyncio.ensure_future(_probe(alive, quiet))
            probe.add_done_callback(_heard)
            done, _ = await asyncio.wait({task, probe}, return_when=asyncio.FIRST_COMPLETED)
            if probe.done() and not task.done():
                probe.result()
                done, _ = await asyncio.wait({task}, timeout=quiet)
            else:
                probe.cancel()
        return task.result()
    finally:
        if task.cancel():
            await asyncio.wait({task}, timeout=quiet)  # What it opened is closed before we go.


def _heard(probe: asyncio.Future[Any]) -> None:
    """Take note of an error that came too late to matter, so that nobody complains of it."""
    if not probe.cancelled():
        probe.exception()


async def _probe(alive: Callable[[], Awaitable[object]], within: float) -> None:
    try:
        async with asyncio.timeout(within):
            await alive()
    except TimeoutError as error:
        message = f"it accepted the connection but has not answered for {2 * within:.0f} s"
        raise TimedOut(message) from error
    except Fault:
        raise
