"""Every tool against the rig's real engine: true answers, real restarts, no trace of reading."""

import asyncio
import json
import subprocess
from collections.abc import AsyncGenerator, Iterator
from typing import Any

import pytest

from fivetabs.core import Conflict, Connection, Fault, Log, NotFound, Plan, parse_time
from fivetabs.providers.docker import PROVIDER
from fivetabs.providers.docker.port import Engine, Restart, Step
from fivetabs.providers.docker.tools.containers import list_containers
from fivetabs.providers.docker.tools.logs import get_container_logs
from fivetabs.providers.docker.tools.restarts import restart_container
from tests.rig import Rig

pytestmark = [pytest.mark.anyio, pytest.mark.live]

IMAGE = "busybox:1.36"


@pytest.fixture
async def engine(on_rig: Rig) -> AsyncGenerator[Connection[Engine, Step]]:
    async with PROVIDER.live(PROVIDER.settings(), None) as connection:
        yield connection


def docker(*words: str, fails: bool = False) -> str:
    done = subprocess.run(["docker", *words], capture_output=True, text=True, check=not fails)
    return done.stdout.strip()


@pytest.fixture
def own(on_rig: Rig) -> Iterator[None]:
    """Whatever a test starts under a name that begins with `live-` is gone afterwards."""
    yield
    if ids := docker("ps", "-aq", "--filter", "name=^live-").split():
        docker("rm", "-f", "-v", *ids)


def run(name: str, *options: str, does: tuple[str, ...], fails: bool = False) -> None:
    named = ("run", "-d", "--network=none", f"--name={name}")
    docker(*named, *options, IMAGE, *does, fails=fails)


def state(name: str) -> dict[str, Any]:
    (raw,) = json.loads(docker("inspect", name))
    return raw["State"]


async def logs(engine: Engine, name: str, **arguments: Any) -> Log:
    given = get_container_logs.parse({"container_name": name, **arguments})
    return await get_container_logs.run(engine, **given)


async def plan(engine: Engine, name: str) -> Plan[Restart]:
    return await restart_container.run(engine, name)


async def test_the_incident_is_seen(engine: Connection[Engine, Step]) -> None:
    answer = await list_containers.run(engine.view)
    status = {str(row[0]): str(row[2]) for row in answer.rows}
    assert "(unhealthy)" in status["edge-proxy"]
    assert "(healthy)" in status["metrics-agent"]
    assert "Exited (137)" in status["image-resize"]
    causes = {str(row[0]): str(row[-1]) for row in answer.rows}
    assert "no live upstreams: orders-api" in causes["edge-proxy"]
    assert "was killed for memory" in causes["image-resize"]
    assert "restarts over and over" in causes["checkout-worker"]
    assert not causes["migrate-2026-03"]
    assert "not-a-real-secret" not in answer.model_dump_json()


async def test_the_status_is_what_docker_ps_shows(engine: Connection[Engine, Step]) -> None:
    answer = await list_containers.run(engine.view, name="migrate")
    shown = docker("ps", "-a", "--filter", "name=migrate", "--format", "{{.Status}}")
    assert [row[2] for row in answer.rows] == [shown]


async def test_the_last_words_of_the_crash_loop(engine: Connection[Engine, Step]) -> None:
    answer = await logs(engine.view, "checkout-worker", grep="FATAL", timestamps=True)
    assert answer.matched
    assert "FATAL orders-api: 503 service unavailable, giving up" in answer.text
    assert parse_time(answer.text.split()[0])


async def test_reading_leaves_no_trace(engine: Connection[Engine, Step]) -> None:
    names = ("edge-proxy", "metrics-agent", "image-resize", "migrate-2026-03")
    before = [(s["StartedAt"], s["FinishedAt"], s["Status"]) for s in map(state, names)]
    for tool in PROVIDER.tools:
        await tool.run(engine.view, **tool.parse(tool.example))
    after = [(s["StartedAt"], s["FinishedAt"], s["Status"]) for s in map(state, names)]
    assert after == before


async def test_a_restart_really_restarts(engine: Connection[Engine, Step], own: None) -> None:
    run("live-web", "--stop-timeout=1", does=("sleep", "600"))
    before = state("live-web")["StartedAt"]
    made = await plan(engine.view, "live-web")
    (step,) = made.steps
    assert step.grace == 1
    said = await engine.commit(step)
    after = state("live-web")
    assert parse_time(after["StartedAt"]) > parse_time(before)
    assert after["Running"]
    assert said.startswith("restarted live-web: running since")


async def test_a_restart_starts_what_had_ended_and_says_when_it_ends_again(
    engine: Connection[Engine, Step], own: None
) -> None:
    run("live-job", does=("false",))
    docker("wait", "live-job")
    (step,) = (await plan(engine.view, "live-job")).steps
    assert (await engine.commit(step)).startswith("restarted live-job")
    docker("wait", "live-job")
    assert state("live-job")["ExitCode"] == 1


async def test_a_container_that_was_replaced_is_not_restarted(
    engine: Connection[Engine, Step], own: None
) -> None:
    run("live-web", does=("sleep", "600"))
    (step,) = (await plan(engine.view, "live-web")).steps
    docker("rm", "-f", "live-web")
    run("live-web", does=("sleep", "600"))
    started = state("live-web")["StartedAt"]
    with pytest.raises(Conflict):
        await engine.commit(step)
    assert state("live-web")["StartedAt"] == started


async def test_what_cannot_start_is_explained_by_the_engines_own_words(
    engine: Connection[Engine, Step], own: None
) -> None:
    run("live-bad", does=("/no/such/program",), fails=True)
    answer = await list_containers.run(engine.view, name="live-bad")
    assert "DKR107: cannot start: its command" in str(answer.rows[0][-1])
    assert "/no/such/program" in str(answer.rows[0][-1])
    (step,) = (await plan(engine.view, "live-bad")).steps
    with pytest.raises(Fault, match="no such file"):
        await engine.commit(step)


async def test_terminals_and_frames_and_silence_are_read(
    engine: Connection[Engine, Step], own: None
) -> None:
    says = ("sh", "-c", "echo out; echo err >&2")
    run("live-tty", "-t", does=says)
    run("live-plain", does=says)
    run("live-quiet", does=("true",))
    run("live-none", "--log-driver=none", does=says)
    docker("wait", "live-tty", "live-plain", "live-quiet", "live-none")
    assert sorted((await logs(engine.view, "live-tty")).text.split()) == ["err", "out"]
    plain = await logs(engine.view, "live-plain")
    assert sorted(plain.text.split()) == ["err", "out"]
    assert "1 of 2 lines read went to stderr" in plain.notes
    assert "has written no lines" in (await logs(engine.view, "live-quiet")).summary
    with pytest.raises(NotFound, match="logging driver is 'none'"):
        await logs(engine.view, "live-none")


async def test_a_line_longer_than_a_frame_is_one_line(
    engine: Connection[Engine, Step], own: None
) -> None:
    run("live-long", does=("sh", "-c", "head -c 40000 /dev/zero | tr '\\0' x; echo; echo end"))
    docker("wait", "live-long")
    answer = await logs(engine.view, "live-long")
    assert answer.read == 2
    assert answer.text.endswith("\nend")


async def test_a_paused_container_is_left_alone(
    engine: Connection[Engine, Step], own: None
) -> None:
    run("live-idle", does=("sleep", "600"))
    docker("pause", "live-idle")
    with pytest.raises(Conflict) as caught:
        await plan(engine.view, "live-idle")
    assert caught.value.hint == "docker unpause live-idle"


async def test_an_unknown_name_gets_the_near_ones(engine: Connection[Engine, Step]) -> None:
    with pytest.raises(NotFound) as caught:
        await logs(engine.view, "edge-prxy")
    assert caught.value.hint == "did you mean 'edge-proxy'?"


async def test_eight_calls_at_once_are_all_answered(engine: Connection[Engine, Step]) -> None:
    calls = [list_containers.run(engine.view) for _ in range(4)]
    reads = [logs(engine.view, "checkout-worker") for _ in range(4)]
    answers = await asyncio.gather(*calls, *reads)
    assert len(answers) == 8
