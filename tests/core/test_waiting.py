"""One fetch for identical reads, and an end to each of them."""

import asyncio

import pytest

from fivetabs.core import TimedOut
from fivetabs.core.waiting import Flights, patient

pytestmark = pytest.mark.anyio


class Fetch:
    """A read that waits to be let go, and counts."""

    def __init__(self) -> None:
        self.started = self.ended = 0
        self.go = asyncio.Event()

    async def __call__(self) -> str:
        self.started += 1
        try:
            await self.go.wait()
        finally:
            self.ended += 1
        return "here"


async def test_identical_reads_share_one_fetch_and_different_ones_do_not() -> None:
    flights, fetch = Flights(), Fetch()
    calls = [asyncio.create_task(flights.share(key, fetch)) for key in ("a", "a", "b")]
    await asyncio.sleep(0)
    fetch.go.set()
    assert await asyncio.gather(*calls) == ["here"] * 3
    assert fetch.started == 2


async def test_a_fetch_ends_when_its_last_caller_has_left_and_not_before() -> None:
    flights, fetch = Flights(), Fetch()
    first, second = (asyncio.create_task(flights.share("a", fetch)) for _ in range(2))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert fetch.ended == 0
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    await flights.aclose()
    assert fetch.ended == 1


async def test_closing_ends_what_nobody_waits_for_any_more() -> None:
    flights, fetch = Flights(), Fetch()

    async def fail() -> str:
        raise TimedOut("gone")

    with pytest.raises(TimedOut):
        await asyncio.gather(flights.share("a", fetch), flights.share("b", fail))
    assert fetch.ended == 0, "gather leaves the others running"
    await flights.aclose()
    assert (fetch.started, fetch.ended) == (1, 1)


async def test_the_slow_is_waited_for_and_the_dead_is_not() -> None:
    slow, dead = Fetch(), Fetch()

    async def alive() -> None:
        slow.go.set()

    async def silent() -> None:
        await asyncio.Event().wait()

    assert await patient(slow(), alive, quiet=0.01) == "here"
    with pytest.raises(TimedOut):
        await patient(dead(), silent, quiet=0.01)
    assert dead.ended == 1
