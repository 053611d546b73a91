"""Starting and stopping: what the plans say, what they do, and that each undoes the other."""

# ruff: noqa: E501  (snapshots hold whole sentences)

from copy import deepcopy
from typing import Any

import pytest
from inline_snapshot import snapshot

from fivetabs.core import Call, Conflict, Denied, Plan, Turn, Verdict
from fivetabs.providers.docker.demo import World, edge
from fivetabs.providers.docker.port import Start, Stop
from fivetabs.providers.docker.tools.starts import start_container, stop_container
from tests.providers.docker.test_logs import container

pytestmark = pytest.mark.anyio
TOOLS: dict[str, Any] = {t.name: t for t in (start_container, stop_container)}


async def plan(world: World, tool: str, name: str) -> Plan[Any]:
    return await TOOLS[tool].run(world, **TOOLS[tool].parse({"container_name": name}))


async def carried_out(world: World, tool: str, made: Plan[Any]) -> Verdict:
    for step in made.steps:
        await world.commit(step)
    return await TOOLS[tool].verify(world, made, world.now())


def spec(world: World, name: str) -> dict[str, Any]:
    """All of a container but how it runs right now."""
    raw = deepcopy(container(world, name)["inspect"])
    return {k: v for k, v in raw.items() if k not in {"State", "RestartCount"}}


async def test_a_stop_names_who_depends_on_it_its_ports_and_what_the_engine_will_do() -> None:
    made = await plan(edge(), "stop_container", "edge-proxy")
    assert made.summary == snapshot(
        "Stop container edge-proxy (registry.example/edge/proxy:1.27) on edge-1"
    )
    assert made.warnings == snapshot(
        (
            "it is stopped with SIGTERM and killed after its stop grace (10 s)",
            "its published ports are closed: 443->443/tcp, 80->80/tcp",
            "depends on it in Compose project edge: checkout-worker",
            "its restart policy is 'unless-stopped': a restart of the engine leaves it so",
            "what its process holds in memory and in tmpfs mounts is lost",
        )
    )
    assert made.undo == Call("start_container", {"container_name": "edge-proxy"})
    assert list(map(str, made.touches)) == ["docker:edge-1/container/edge-proxy"]
    assert made.blast.pods == 1


async def test_a_stop_and_the_way_back() -> None:
    world = edge()
    before = spec(world, "metrics-agent"), container(world, "metrics-agent")["summary"]["Ports"]
    made = await plan(world, "stop_container", "metrics-agent")
    verdict = await carried_out(world, "stop_container", made)
    assert (verdict.turn, verdict.told) == (Turn.WELL, "metrics-agent is stopped, exit code 0")
    assert container(world, "metrics-agent")["summary"]["Ports"] == []
    assert made.undo is not None
    back = await plan(world, made.undo.tool, str(made.undo.arguments["container_name"]))
    verdict = await carried_out(world, "start_container", back)
    assert verdict.turn is Turn.WELL
    assert verdict.told == "metrics-agent is running for 15s, health: healthy"
    after = spec(world, "metrics-agent"), container(world, "metrics-agent")["summary"]["Ports"]
    assert after == before


async def test_a_loop_is_stopped_and_fails_as_before_when_it_is_started() -> None:
    world = edge()
    made = await plan(world, "stop_container", "checkout-worker")
    assert "until the engine restarts" in " ".join(made.warnings)
    assert (await carried_out(world, "stop_container", made)).turn is Turn.WELL
    container(world, "checkout-worker")["inspect"]["State"].update(
        ExitCode=1, StartedAt="2026-03-12T10:13:58Z"
    )
    back = await plan(world, "start_container", "checkout-worker")
    verdict = await carried_out(world, "start_container", back)
    assert verdict.turn is Turn.FAILING
    assert "checkout-worker restarts over and over" in verdict.told


async def test_a_start_says_what_was_wrong_and_what_it_overwrites() -> None:
    made = await plan(edge(), "start_container", "image-resize")
    assert list(map(str, made.deltas)) == snapshot(
        ["state: exited (137) -> running", "started: 2026-03-12T07:40:02Z (2h33m ago) -> now"]
    )
    assert made.warnings == snapshot(
        (
            "it was killed for memory before; nothing about its limit changes",
            "how it ended last is overwritten; what it does anew stays done",
        )
    )
    assert [each.code for each in made.ailing] == ["DKR102"]
    assert made.undo == Call("stop_container", {"container_name": "image-resize"})
    assert made.blast.pods == 0


async def test_a_job_that_ends_well_has_run_well() -> None:
    world = edge()
    state = container(world, "migrate-2026-03")["inspect"]["State"]
    state["StartedAt"] = "2026-03-03T05:00:40Z"
    verdict = await carried_out(
        world, "start_container", await plan(world, "start_container", "migrate-2026-03")
    )
    assert verdict.turn is Turn.WELL
    assert verdict.told == "migrate-2026-03 ran and ended well, with exit code 0"


async def test_a_port_that_somebody_else_holds_and_a_peer_that_is_down_are_warned_of() -> None:
    world = edge()
    await world.commit((await plan(world, "stop_container", "edge-proxy")).steps[0])
    other = container(world, "metrics-agent")["summary"]["Ports"]
    other.append({"IP": "0.0.0.0", "PrivatePort": 80, "PublicPort": 80, "Type": "tcp"})  # noqa: S104
    warnings = (await plan(world, "start_container", "edge-proxy")).warnings
    assert "it cannot start while a port of the host is held: 80 by metrics-agent" in warnings
    worker = container(world, "checkout-worker")["inspect"]["State"]
    worker.update(Status="exited")
    warnings = (await plan(world, "start_container", "checkout-worker")).warnings
    assert any("depends on service edge-proxy, which does not run" in each for each in warnings)


async def test_a_port_that_the_engine_draws_is_warned_of() -> None:
    world = edge()
    bindings = container(world, "metrics-agent")["inspect"]["HostConfig"]["PortBindings"]
    bindings["9100/tcp"] = [{"HostIp": "127.0.0.1", "HostPort": ""}]
    warnings = (await plan(world, "stop_container", "metrics-agent")).warnings
    assert "the host's port for 9100/tcp is drawn anew when it is started again" in warnings


async def test_one_that_removes_itself_is_not_stopped_and_its_start_has_no_way_back() -> None:
    world = edge()
    for name in ("metrics-agent", "image-resize"):
        container(world, name)["inspect"]["HostConfig"]["AutoRemove"] = True
    with pytest.raises(Denied, match="removed for good") as caught:
        await plan(world, "stop_container", "metrics-agent")
    assert "docker stop metrics-agent" in caught.value.hint
    made = await plan(world, "start_container", "image-resize")
    assert made.undo is None
    assert "as soon as it ends it is removed" in made.irreversible


WRONG = (
    ("start_container", "metrics-agent", "running", "runs already", "restart_container("),
    ("start_container", "checkout-worker", "restarting", "is restarting", "restart_container("),
    ("start_container", "metrics-agent", "paused", "is paused", "docker unpause"),
    ("stop_container", "image-resize", "exited", "is exited", "start_container("),
    ("stop_container", "metrics-agent", "paused", "is paused", "docker unpause"),
    ("stop_container", "metrics-agent", "dead", "is dead", "docker rm -f"),
)


@pytest.mark.parametrize(("tool", "name", "status", "why", "instead"), WRONG)
async def test_what_is_so_already_or_cannot_be_is_refused(
    tool: str, name: str, status: str, why: str, instead: str
) -> None:
    world = edge()
    container(world, name)["inspect"]["State"]["Status"] = status
    with pytest.raises(Conflict, match="nothing was done") as caught:
        await plan(world, tool, name)
    assert f"{name} {why}" in str(caught.value)
    assert instead in caught.value.hint


async def test_a_world_that_moved_between_plan_and_act_is_a_conflict() -> None:
    world = edge()
    made = await plan(world, "stop_container", "metrics-agent")
    await world.commit(made.steps[0])
    with pytest.raises(Conflict, match="does not run any more; nothing was done"):
        await world.commit(made.steps[0])
    start = Start(made.steps[0].container_id, "metrics-agent")
    await world.commit(start)
    with pytest.raises(Conflict, match="runs already; nothing was done"):
        await world.commit(start)
    with pytest.raises(Conflict, match="is gone; nothing was done"):
        await world.commit(Stop("e" * 64, "metrics-agent", 10))


async def test_one_that_is_started_again_behind_our_back_did_not_stay_stopped() -> None:
    world = edge()
    made = await plan(world, "stop_container", "metrics-agent")
    await world.commit(made.steps[0])
    await world.commit(Start(made.steps[0].container_id, "metrics-agent"))
    verdict = await stop_container.verify(world, made, world.now())  # type: ignore[misc]
    assert verdict.turn is Turn.FAILING
    assert "something beside the engine starts it" in verdict.told


async def test_one_that_had_to_be_killed_says_so() -> None:
    world = edge()
    made = await plan(world, "stop_container", "metrics-agent")
    await world.commit(made.steps[0])
    container(world, "metrics-agent")["inspect"]["State"]["ExitCode"] = 137
    verdict = await stop_container.verify(world, made, world.now())  # type: ignore[misc]
    assert verdict.told == snapshot(
        "metrics-agent is stopped, exit code 137 (SIGKILL): it did not end within its stop grace of 10 s"
    )
