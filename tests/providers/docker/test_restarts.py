"""Restarts: what a plan says, and what carrying it out does."""

# ruff: noqa: E501  (snapshots hold whole sentences)

from typing import Any

import pytest
from inline_snapshot import snapshot

from fivetabs.core import Conflict, NotFound, Plan
from fivetabs.providers.docker.demo import World, edge
from fivetabs.providers.docker.port import Restart
from fivetabs.providers.docker.tools.containers import list_containers
from fivetabs.providers.docker.tools.restarts import restart_container
from tests.providers.docker.test_logs import container

pytestmark = pytest.mark.anyio


async def plan(world: World, name: str) -> Plan[Restart]:
    return await restart_container.run(world, **restart_container.parse({"container_name": name}))


def state(world: World, name: str) -> dict[str, Any]:
    return container(world, name)["inspect"]["State"]


async def test_a_plan_says_what_changes_and_who_is_touched() -> None:
    made = await plan(edge(), "edge-proxy")
    assert made.summary == snapshot(
        "Restart container edge-proxy (registry.example/edge/proxy:1.27) on edge-1"
    )
    assert list(map(str, made.deltas)) == snapshot(
        [
            "state: running -> running",
            "started: 2026-03-09T07:31:02Z (3d2h ago) -> now",
            "health: unhealthy -> starting",
        ]
    )
    assert made.warnings == snapshot(
        (
            "it is stopped with SIGTERM and killed after its stop grace (10 s)",
            "its published ports are closed meanwhile: 443->443/tcp, 80->80/tcp",
            "depends on it in Compose project edge: checkout-worker",
        )
    )
    assert made.irreversible == snapshot(
        "what the process holds in memory is lost, and the restart count begins again at 0"
    )
    assert str(made.check) == "list_containers(name='edge-proxy')"


async def test_a_loop_is_warned_of() -> None:
    assert (await plan(edge(), "checkout-worker")).warnings == snapshot(
        (
            "it restarts over and over already (16 times): one more restart will hardly help; read its get_container_logs first",
        )
    )


async def test_a_stopped_container_is_started() -> None:
    made = await plan(edge(), "image-resize")
    assert list(map(str, made.deltas)) == snapshot(
        ["state: exited (137) -> running", "started: 2026-03-12T07:40:02Z (2h33m ago) -> now"]
    )
    assert made.warnings == snapshot(
        ("it was killed for memory before; nothing about its limit changes",)
    )


async def test_a_container_that_removes_itself_is_warned_of() -> None:
    world = edge()
    container(world, "metrics-agent")["inspect"]["HostConfig"]["AutoRemove"] = True
    assert "started with --rm" in (await plan(world, "metrics-agent")).warnings[0]


async def test_a_policy_that_starts_nothing_is_warned_of() -> None:
    world = edge()
    container(world, "metrics-agent")["inspect"]["HostConfig"]["RestartPolicy"]["Name"] = "no"
    assert "its restart policy is 'no'" in (await plan(world, "metrics-agent")).warnings[0]


async def test_carrying_it_out_starts_the_container_anew() -> None:
    world = edge()
    (step,) = (await plan(world, "checkout-worker")).steps
    said = await world.commit(step)
    assert said == "restarted checkout-worker: running since 2026-03-12T10:14:00Z"
    answer = await list_containers.run(world, name="checkout-worker")
    assert answer.rows[0][2:4] == ("Up Less than a second", 0)


async def test_the_digest_does_not_move_with_the_loop_but_with_the_container() -> None:
    world = edge()
    before = (await plan(world, "checkout-worker")).digest("restart_container", "edge-1")
    raw = container(world, "checkout-worker")["inspect"]
    raw["RestartCount"] += 1
    raw["State"].update(StartedAt="2026-03-12T10:13:59Z", FinishedAt="2026-03-12T10:14:00Z")
    assert (await plan(world, "checkout-worker")).digest("restart_container", "edge-1") == before
    raw["Id"] = "e" * 64
    assert (await plan(world, "checkout-worker")).digest("restart_container", "edge-1") != before


async def test_a_replaced_container_is_not_touched() -> None:
    world = edge()
    with pytest.raises(Conflict, match="is gone"):
        await world.commit(Restart("e" * 64, "edge-proxy", 10))
    assert world == edge()


@pytest.mark.parametrize(("how", "way"), [("paused", "docker unpause"), ("dead", "docker rm -f")])
async def test_what_the_engine_cannot_restart_is_refused(how: str, way: str) -> None:
    world = edge()
    state(world, "edge-proxy")["Status"] = how
    with pytest.raises(Conflict) as caught:
        await plan(world, "edge-proxy")
    assert way in caught.value.hint


async def test_a_service_name_does_not_choose_what_is_changed() -> None:
    world = edge()
    container(world, "checkout-worker")["summary"]["Labels"]["com.docker.compose.service"] = "work"
    with pytest.raises(NotFound) as caught:
        await plan(world, "work")
    assert caught.value.hint == "the Compose service 'work' runs as 'checkout-worker'"
