"""Blocking calls in daemon threads of our own, bounded: no shared pool to fill, no exit to block.

A call that nobody waits for any more gives its place back at once; its thread lives on until its
own timeout and its result is dropped. How many such threads there may be is bounded too.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from threading import Thread
from typing import Any, TypeVar

from fivetabs.core import TimedOut

T = TypeVar("T")
_MOST_LOST = 32


@dataclass(slots=True)
class Threads:
    """At most so many calls at once; the others wait in line, `queue_seconds` at most."""

    places: asyncio.Semaphore
    queue_seconds: float
    lost: int = 0

    @asynccontextmanager
    async def place(self) -> AsyncGenerator[None]:
        """Hold one of the places.

        Raises:
            TimedOut: If none becomes free in time.
        """
        try:
            async with asyncio.timeout(self.queue_seconds):
                await self.places.acquire()
        except TimeoutError as error:
            raise TimedOut(
                f"no AWS call ended within {self.queue_seconds:g} s",
                hint="ask again, of fewer regions at once",
            ) from error
        try:
            yield
        finally:
            self.places.release()

    async def run(self, work: Callable[[], T]) -> T:
        """The result of `work()`, run in a thread of its own.

        Raises:
            TimedOut: If too many abandoned calls still hang.
            Exception: Whatever `work` raises.
        """
        if self.lost >= _MOST_LOST:
            raise TimedOut(f"{self.lost} abandoned calls to AWS still hang", hint="ask again later")
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        Thread(target=_carry, args=(work, future, self._settle), name="aws", daemon=True).start()
        try:
            return await future
        except asyncio.CancelledError:
            self.lost += 1
            raise

    def _settle(self, future: asyncio.Future[Any], result: Any, error: Exception | None) -> None:
        if future.cancelled():
            self.lost -= 1
        elif error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)


def _carry(
    work: Callable[[], Any],
    future: asyncio.Future[Any],
    settle: Callable[[asyncio.Future[Any], Any, Exception | None], None],
) -> None:
    """Run in the thread. The loop may be gone when the work is done: then nobody waits."""
    result: Any = None
    problem: Exception | None = None
    try:
        result = work()
    except Exception as error:  # noqa: BLE001  (it is the caller's to judge)
        problem = error
    with suppress(RuntimeError):
        future.get_loop().call_soon_threadsafe(settle, future, result, problem)
