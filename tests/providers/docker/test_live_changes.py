"""Changes on the rig's real engine, from the question to the verified outcome, and back."""

import asyncio
import json
import subprocess
from collections.abc import AsyncGenerator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fivetabs.app.calls import App
from fivetabs.core import Conflict, Denied
from fivetabs.providers.docker import PROVIDER
from tests.carrying import allowed, commit, planned, seen_through, undone
from tests.rig import Rig

pytestmark = [pytest.mark.anyio, pytest.mark.live]

IMAGE = "busybox:1.36"
STAY = ("sh", "-c", "trap 'exit 0' TERM; while true; do sleep 1 & wait; done")


@pytest.fixture
async def app(on_rig: Rig, tmp_path: Path) -> AsyncGenerator[App]:
    async with allowed(PROVIDER, tmp_path) as opened:
        yield opened


@pytest.fixture(autouse=True)
def own(on_rig: Rig) -> Iterator[None]:
    """Whatever a test starts under a name that begins with `change-` is gone afterwards."""
    yield
    if ids := docker("ps", "-aq", "--filter", "name=^change-").split():
        docker("rm", "-f", "-v", *ids)


def docker(*words: str) -> str:
    done = subprocess.run(["docker", *words], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def run(name: str, *options: str, does: tuple[str, ...] = STAY) -> None:
    docker("run", "-d", "--network=none", f"--name={name}", *options, IMAGE, *does)


def inspect(name: str) -> dict[str, Any]:
    (raw,) = json.loads(docker("inspect", name))
    return raw


def spec(name: str) -> dict[str, Any]:
    """All of a container but how it runs right now and where its network puts it."""
    moving = {"State", "RestartCount", "NetworkSettings", "ResolvConfPath", "HostnamePath"}
    return {k: v for k, v in inspect(name).items() if k not in {*moving, "HostsPath"}}


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110  (another process has no event to wait for)
            await asyncio.sleep(0.2)


async def test_a_restart_helps_and_its_health_proves_it(app: App) -> None:
    checked = ("--health-cmd=test -f /tmp/up", "--health-interval=1s", "--health-retries=1")
    does = ("sh", "-c", f"touch /tmp/up; {STAY[2]}")
    run("change-web", *checked, "--stop-timeout=2", does=does)
    docker("exec", "change-web", "rm", "/tmp/up")  # noqa: S108  (a path inside the container)
    await until(lambda: inspect("change-web")["State"]["Health"]["Status"] == "unhealthy")
    plan = await planned(app, "restart_container", {"container_name": "change-web"})
    assert [each.code for each in plan.ailing] == ["DKR103"]
    outcome = await seen_through(app, "restart_container", {"container_name": "change-web"})
    assert outcome.state == "done"
    assert outcome.result.endswith("health: healthy"), outcome


async def test_a_restart_that_cannot_help_says_so_with_the_cause(app: App) -> None:
    run("change-loop", "--restart=always", does=("sh", "-c", "sleep 0.2; exit 1"))
    await until(lambda: inspect("change-loop")["RestartCount"] >= 3)
    outcome = await seen_through(app, "restart_container", {"container_name": "change-loop"})
    assert "still failing as before" in outcome.result
    assert "a restart does not help" in outcome.result


async def test_a_stop_and_its_undo_bring_the_container_back_as_it_was(app: App) -> None:
    run("change-web", "--restart=unless-stopped", "--env=MODE=blue")
    before = spec("change-web")
    outcome = await seen_through(app, "stop_container", {"container_name": "change-web"})
    assert outcome.state == "done"
    assert outcome.result == "change-web is stopped, exit code 0"
    assert not inspect("change-web")["State"]["Running"]
    back = await undone(app, outcome)
    assert back.result.startswith("change-web is running")
    assert inspect("change-web")["State"]["Running"]
    assert spec("change-web") == before


async def test_a_start_and_its_undo(app: App) -> None:
    run("change-web")
    docker("stop", "-t", "2", "change-web")
    outcome = await seen_through(app, "start_container", {"container_name": "change-web"})
    assert outcome.result.startswith("change-web is running")
    assert (await undone(app, outcome)).result == "change-web is stopped, exit code 0"
    assert inspect("change-web")["State"]["Status"] == "exited"


async def test_a_container_that_does_not_heed_its_stop_is_killed_and_that_is_told(app: App) -> None:
    run("change-deaf", "--stop-timeout=1", does=("sh", "-c", "trap '' TERM; sleep 600"))
    outcome = await seen_through(app, "stop_container", {"container_name": "change-deaf"})
    assert "did not end within its stop grace of 1 s" in outcome.result


async def test_one_that_removes_itself_is_not_stopped(app: App) -> None:
    run("change-once", "--rm")
    with pytest.raises(Denied, match="removed for good"):
        await app.call("stop_container", {"container_name": "change-once"})
    assert inspect("change-once")["State"]["Running"]


async def test_a_container_that_was_replaced_between_plan_and_act_is_left_alone(app: App) -> None:
    run("change-web")
    plan = await planned(app, "stop_container", {"container_name": "change-web"})
    docker("rm", "-f", "change-web")
    run("change-web")
    with pytest.raises(Conflict, match="is gone; nothing was done"):
        await commit(app, "stop_container", plan)
    assert inspect("change-web")["State"]["Running"]


async def test_what_somebody_else_did_meanwhile_is_not_done_again(app: App) -> None:
    run("change-web")
    plan = await planned(app, "stop_container", {"container_name": "change-web"})
    docker("stop", "-t", "1", "change-web")
    finished = inspect("change-web")["State"]["FinishedAt"]
    with pytest.raises(Conflict, match="does not run any more; nothing was done"):
        await commit(app, "stop_container", plan)
    assert inspect("change-web")["State"]["FinishedAt"] == finished


async def test_a_swarm_task_is_changed_where_its_service_is(app: App) -> None:
    run("change-task", "--label=com.docker.swarm.service.name=shop_web")
    with pytest.raises(Denied, match="kept by Swarm") as caught:
        await app.call("restart_container", {"container_name": "change-task"})
    assert "docker service update --force shop_web" in caught.value.hint
