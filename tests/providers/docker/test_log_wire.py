"""Logs of containers over a real socket: long, hostile, cut off while they are read."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from fivetabs.core import Log, Unreachable
from fivetabs.providers.docker.demo import World, edge
from fivetabs.providers.docker.tools.logs import get_container_logs
from tests.core.log_sources import dated
from tests.providers.docker.serving import Engine
from tests.providers.docker.test_shapes import frame
from tests.providers.docker.test_wire import served

pytestmark = pytest.mark.anyio

BUSY = [f"INFO request {n} took {n % 90} ms" for n in range(2000)]


@dataclass(slots=True)
class Loud(World):
    """An engine whose containers all have this log, a piece for each frame; it may break off."""

    pieces: list[bytes] = field(default_factory=list[bytes])
    breaks: bool = False

    async def stream(self, _: str, /, **query: str) -> AsyncGenerator[bytes, None]:
        tail = query.get("tail", "all")
        for piece in self.pieces[-int(tail) if tail.isdecimal() else 0 :]:
            yield piece
        if self.breaks:
            raise ConnectionError


def framed(body: bytes, stream: int = 1) -> list[bytes]:
    return [frame(stream, line) for line in body.splitlines(keepends=True)]


async def log(folder: Path, pieces: list[bytes], *, breaks: bool = False, **given: Any) -> Log:
    quiet = edge()
    world = Loud(
        quiet.target, quiet.clock, quiet.containers, quiet.host, pieces=pieces, breaks=breaks
    )
    async with served(folder, Engine(world)) as live:
        arguments = get_container_logs.parse({"container_name": "edge-proxy", **given})
        return await get_container_logs.run(live.view, **arguments)


async def test_a_long_log_is_read_whole_and_clustered(tmp_path: Path) -> None:
    body = dated([*BUSY, "the ledger is off by 3 cents", *BUSY], step=0.01)
    found = await log(tmp_path, framed(body))
    assert (found.read, found.matched, found.shown) == (4001, 4001, 15)
    assert found.summary == (
        "The last 15 of 4001 lines of edge-proxy on edge-1 (running, unhealthy). "
        "They have 2 shapes, none of errors."
    )
    assert "the ledger is off by 3 cents" in str(found.tables[0].rows[0][-1])


async def test_what_is_new_in_the_present_run_is_told(tmp_path: Path) -> None:
    lines = [f"INFO tick {n}" for n in range(300)]
    body = dated(lines, begin=-7 * 86400) + dated([*lines, "WARN clock is slow"])
    found = await log(tmp_path, framed(body))
    assert found.summary.endswith("They have 2 shapes, none of errors, 1 new in the present run.")


async def test_a_page_of_older_lines(tmp_path: Path) -> None:
    found = await log(tmp_path, framed(dated(BUSY)), lines=10, page=3)
    assert found.text.split("\n") == BUSY[-30:-20]
    assert found.summary.startswith("Page 3, 10 of 2000 lines of edge-proxy")


async def test_a_log_that_breaks_off_while_it_is_read_says_so(tmp_path: Path) -> None:
    found = await log(tmp_path, framed(dated(BUSY[:500])), breaks=True)
    assert found.read == 500
    assert found.missing[0].startswith("the log broke off: ")


async def test_a_log_that_ends_within_a_frame_says_so(tmp_path: Path) -> None:
    found = await log(tmp_path, [*framed(dated(BUSY[:5])), frame(1, b"torn off")[:-3]])
    assert found.read == 5
    assert "reading ended early: the log ends in the middle of a frame" in found.notes


async def test_what_is_no_engine_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="does not answer like a Docker engine"):
        await log(tmp_path, [b"<html>not an engine</html>"])


async def test_a_hostile_log_is_answered(tmp_path: Path) -> None:
    long = dated([b"x" * 10_000_000])
    pieces = [frame(1, long[start : start + 16384]) for start in range(0, len(long), 16384)]
    odd = framed(dated([b"\x00\xff", b"\x1b[2Jcleared", b"", b"end"], begin=9), stream=2)
    found = await log(tmp_path, [*pieces, *odd])
    assert found.read == 5
    assert found.text.endswith("\nend")
    assert len(found.text) < 5000
    assert any("bytes of overlong lines are left out" in note for note in found.notes)
    assert "4 of 5 lines read went to stderr" in found.notes
