"""Restarts: what a plan says, and what carrying it out does."""

# ruff: noqa: E501  (snapshots hold whole sentences)

from datetime import timedelta
from typing import Any

import pytest
from inline_snapshot import snapshot

from fivetabs.core import Conflict, Denied, NotFound, Plan, Turn, Verdict
from fivetabs.providers.docker.demo import World, edge
from fivetabs.providers.docker.demo.lives import PASSES
from fivetabs.providers.docker.port import Restart
from fivetabs.providers.docker.tools.containers import list_containers
from fivetabs.providers.docker.tools.restarts import restart_container
from fivetabs.providers.docker.tools.verdicts import runs_well
from tests.providers.docker.test_logs import container

pytestmark = pytest.mark.anyio


async def carried_out(world: World, made: Plan[Restart]) -> Verdict:
    for step in made.steps:
        await world.commit(step)
    assert restart_container.verify is not None
    return await restart_container.verify(world, made, world.now())


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
    warnings = (await plan(world, "metrics-agent")).warnings
    assert any("its restart policy is 'no'" in each for each in warnings)


async def test_carrying_it_out_starts_the_container_anew() -> None:
    world = edge()
    (step,) = (await plan(world, "metrics-agent")).steps
    said = await world.commit(step)
    assert said == "restarted metrics-agent: running since 2026-03-12T10:14:00Z"
    answer = await list_containers.run(world, name="metrics-agent")
    assert answer.rows[0][2:4] == ("Up 15 seconds (healthy)", 0)


async def test_a_restart_that_helps_is_known_by_its_health() -> None:
    world = edge()
    verdict = await carried_out(world, await plan(world, "metrics-agent"))
    assert verdict.turn is Turn.WELL
    assert verdict.told == snapshot("metrics-agent is running for 15s, health: healthy")


async def test_a_restart_that_cannot_help_says_so() -> None:
    world = edge()
    verdict = await carried_out(world, await plan(world, "checkout-worker"))
    assert verdict.turn is Turn.FAILING
    assert verdict.told == snapshot(
        "still failing as before: checkout-worker restarts over and over: 4 restarts, last exit code 1; last ended 2026-03-12T10:14:15Z (0s ago); a restart does not help. Read its last words with get_container_logs and mend what they name; another restart does not."
    )
    verdict = await carried_out(world, await plan(world, "edge-proxy"))
    assert "no live upstreams: orders-api" in verdict.told
    assert [each.code for each in verdict.findings] == ["DKR103"]


async def test_a_container_that_has_not_run_for_long_enough_is_under_way() -> None:
    world = edge()
    made = await plan(world, "metrics-agent")
    await world.commit(made.steps[0])
    world.clock -= PASSES
    assert (await runs_well(world, made, world.now())).turn is Turn.UNDER_WAY
    world.clock += timedelta(seconds=3)
    assert (await runs_well(world, made, world.now())).turn is Turn.WELL
    state(world, "metrics-agent")["Health"]["Status"] = "starting"
    assert (await runs_well(world, made, world.now())).turn is Turn.UNDER_WAY


async def test_after_trouble_it_has_to_run_for_longer() -> None:
    world = edge()
    made = await plan(world, "image-resize")
    await world.commit(made.steps[0])
    world.clock -= timedelta(seconds=6)
    assert (await runs_well(world, made, world.now())).turn is Turn.UNDER_WAY
    world.clock += timedelta(seconds=1)
    assert (await runs_well(world, made, world.now())).turn is Turn.WELL


async def test_one_that_was_started_again_by_the_engine_did_not_run_well() -> None:
    world = edge()
    made = await plan(world, "metrics-agent")
    await world.commit(made.steps[0])
    container(world, "metrics-agent")["inspect"]["RestartCount"] = 1
    verdict = await runs_well(world, made, world.now())
    assert verdict.turn is Turn.FAILING
    assert verdict.told == "metrics-agent ended and was started again by the engine once since"


async def test_one_that_was_removed_since_is_gone() -> None:
    world = edge()
    made = await plan(world, "metrics-agent")
    world.containers.clear()
    verdict = await runs_well(world, made, world.now())
    assert verdict.told == "metrics-agent is gone: it was removed since"


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


OWNERS = (
    (
        {"com.docker.swarm.service.name": "shop_web"},
        "Swarm, as a task of service shop_web",
        "docker service update --force shop_web",
    ),
    (
        {"io.kubernetes.pod.name": "web-0", "io.kubernetes.pod.namespace": "shop"},
        "Kubernetes, as part of pod shop/web-0",
        "restart_deployment",
    ),
    (
        {"com.amazonaws.ecs.task-definition-family": "web"},
        "Amazon ECS, as part of a task of web",
        "aws ecs update-service",
    ),
    (
        {"com.hashicorp.nomad.alloc_id": "8a3b"},
        "Nomad, as part of allocation 8a3b",
        "nomad alloc restart 8a3b",
    ),
)


@pytest.mark.parametrize(("labels", "who", "where"), OWNERS)
async def test_what_an_orchestrator_keeps_is_changed_there(
    labels: dict[str, str], who: str, where: str
) -> None:
    world = edge()
    container(world, "metrics-agent")["inspect"]["Config"]["Labels"] = labels
    with pytest.raises(Denied, match="nothing was done") as caught:
        await plan(world, "metrics-agent")
    assert who in str(caught.value)
    assert where in caught.value.hint
