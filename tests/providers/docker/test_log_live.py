"""Long logs of real containers: read whole, clustered, every line within reach."""

import pytest

from fivetabs.core import Connection
from fivetabs.providers.docker.port import Engine, Restart
from tests.providers.docker.test_live import docker, engine, logs, own, run

__all__ = ["engine", "own"]

pytestmark = [pytest.mark.anyio, pytest.mark.live]

TALK = """\
seq 1 60000 | sed 's/.*/INFO request id=& took 12 ms/'
echo 'ERROR lost the lease of shard 7' >&2
seq 60001 120000 | sed 's/.*/INFO request id=& took 12 ms/'
"""


async def test_a_talkative_container_is_read_whole(
    engine: Connection[Engine, Restart],
    own: None,
) -> None:
    run("live-talker", does=("sh", "-c", TALK))
    docker("wait", "live-talker")
    found = await logs(engine.view, "live-talker")
    assert (found.read, found.matched, found.shown) == (120_001, 120_001, 15)
    kinds = found.tables[0]
    assert [row[:2] for row in kinds.rows] == [(1, "error"), (120_000, "info")]
    assert "ERROR lost the lease of shard 7" in str(kinds.rows[0][-1])
    assert "1 of 120001 lines read went to stderr" in found.notes
    oldest = await logs(engine.view, "live-talker", lines=2000, page=61)
    assert oldest.text.split("\n") == ["INFO request id=1 took 12 ms"]


async def test_a_terminal_that_talks_is_read_whole_too(
    engine: Connection[Engine, Restart],
    own: None,
) -> None:
    run("live-terminal", "-t", does=("sh", "-c", TALK))
    docker("wait", "live-terminal")
    found = await logs(engine.view, "live-terminal", grep="lease")
    assert (found.read, found.matched) == (120_001, 1)
    assert found.text == "ERROR lost the lease of shard 7"


async def test_earlier_runs_are_what_the_present_run_is_compared_with(
    engine: Connection[Engine, Restart],
    own: None,
) -> None:
    talk = "seq 1 500; test -e /again && echo 'WARN new flag'; touch /again; sleep 600"
    run("live-again", "--stop-timeout=0", does=("sh", "-c", talk))
    docker("restart", "live-again")
    found = await logs(engine.view, "live-again")
    while found.read < 1001:
        found = await logs(engine.view, "live-again")
    assert "1 new in the present run" in found.summary
