"""The container list: who is sick, who is not, and what is left out."""

# ruff: noqa: E501  (snapshots hold whole sentences)

from dataclasses import dataclass
from typing import Any

import pytest
from inline_snapshot import snapshot

from fivetabs.core import Fault, Invalid, NotFound, Unreachable
from fivetabs.providers.docker.demo import World, edge
from fivetabs.providers.docker.tools.containers import list_containers
from tests.providers.docker.serving import large

pytestmark = pytest.mark.anyio


async def listing(world: World, **arguments: str) -> Any:
    return await list_containers.run(world, **list_containers.parse(arguments))


async def test_the_sick_come_first_with_their_causes() -> None:
    answer = await listing(edge())
    assert answer.summary == snapshot(
        "5 containers on edge-1; 3 sick (2 exited, 1 restarting, 2 running); worst: checkout-worker restarts over and over: 16 restarts, last exit code 1; last ended 2026-03-12T10:13:39Z (20s ago)."
    )
    assert answer.columns == snapshot(
        ("name", "image", "status", "restarts", "exit", "compose", "ports", "cause")
    )
    assert answer.rows == snapshot(
        (
            (
                "checkout-worker",
                "registry.example/edge/checkout-worker:5.1",
                "Restarting (1) 21 seconds ago",
                16,
                "1",
                "edge/checkout-worker",
                "",
                "DKR101: restarts over and over: 16 restarts, last exit code 1; last ended 2026-03-12T10:13:39Z (20s ago)",
            ),
            (
                "edge-proxy",
                "registry.example/edge/proxy:1.27",
                "Up 3 days (unhealthy)",
                0,
                "",
                "edge/edge-proxy",
                "443->443/tcp, 80->80/tcp",
                "DKR103: unhealthy: its health check failed 47 times in a row, last with exit code 1: \ue000no live upstreams: orders-api\ue001",
            ),
            (
                "image-resize",
                "registry.example/edge/image-resize:2.2",
                "Exited (137) 2 hours ago",
                0,
                "137 OOM",
                "edge/image-resize",
                "",
                "DKR102: was killed for memory at its limit of 256m (exit code 137) at 2026-03-12T08:02:51Z (2h11m ago)",
            ),
            (
                "metrics-agent",
                "registry.example/edge/metrics-agent:0.9",
                "Up 12 days (healthy)",
                0,
                "",
                "edge/metrics-agent",
                "9100->9100/tcp",
                "",
            ),
            (
                "migrate-2026-03",
                "registry.example/edge/migrate:2026-03",
                "Exited (0) 9 days ago",
                0,
                "0",
                "",
                "",
                "",
            ),
        )
    )
    assert answer.notes == snapshot(
        (
            "DKR101 (1): Read its last words with get_container_logs and mend what they name; another restart does not.",
            "DKR103 (1): Mend what the health check's output names; its log has more.",
            "DKR102 (1): Raise its memory limit (docker update --memory), or find what grew.",
        )
    )
    assert answer.total == 5


async def test_a_name_filter_looks_at_name_image_and_compose_project() -> None:
    assert [r[0] for r in (await listing(edge(), name="PROXY")).rows] == ["edge-proxy"]
    assert [r[0] for r in (await listing(edge(), name="migrate:2026")).rows] == ["migrate-2026-03"]
    assert (await listing(edge(), name="edge/edge-proxy")).total == 1


@pytest.mark.parametrize(
    ("state", "names"),
    [
        ("sick", ["checkout-worker", "edge-proxy", "image-resize"]),
        ("running", ["edge-proxy", "metrics-agent"]),
        ("exited", ["image-resize", "migrate-2026-03"]),
        ("unhealthy", ["edge-proxy"]),
        ("paused", []),
    ],
)
async def test_a_state_filter(state: str, names: list[str]) -> None:
    answer = await listing(edge(), state=state)
    assert [row[0] for row in answer.rows] == names
    assert answer.total == len(names)


async def test_a_name_nobody_has_gets_the_near_ones() -> None:
    answer = await listing(edge(), name="edge-prxy")
    assert answer.summary == snapshot(
        "None of the 5 containers on edge-1 matches name 'edge-prxy'."
    )
    assert answer.notes == snapshot(("did you mean 'edge-proxy'?",))


def test_an_unknown_state_is_refused_with_the_known_ones() -> None:
    with pytest.raises(Invalid, match="a state is one of sick, running"):
        list_containers.parse({"state": "broken"})


async def test_an_engine_without_containers_says_so() -> None:
    world = edge()
    world.containers.clear()
    answer = await listing(world)
    assert answer.summary == "There are no containers on edge-1."


async def test_nothing_sick_is_said_plainly() -> None:
    answer = await listing(edge(), name="metrics-agent")
    assert answer.summary == snapshot(
        "1 of 5 containers on edge-1 match name 'metrics-agent'; none of them is sick (1 running)."
    )
    assert answer.notes == ()


async def test_no_environment_variable_and_no_label_is_shown() -> None:
    answer = await listing(edge())
    assert "hunter2" not in answer.model_dump_json()
    assert "com.docker.compose" not in answer.model_dump_json()


@pytest.mark.parametrize(("count", "sick"), [(300, 0), (300, 60), (300, 300), (2000, 1000)])
async def test_a_crowded_host_is_told_whole_the_sick_first(count: int, sick: int) -> None:
    answer = await listing(large(count, sick))
    assert answer.total == len(answer.rows) == len({row[0] for row in answer.rows}) == count
    causes = [row[-1] for row in answer.rows]
    assert all("restarts over and over: 16 restarts" in cause for cause in causes[:sick])
    assert not any(causes[sick:])


async def test_the_well_are_of_one_kin_and_few_sick_ones_stand_alone() -> None:
    answer = await listing(large(300, 5))
    assert answer.kin[:5] == ("",) * 5
    assert set(answer.kin[5:]) == {f"running project-{n}/api" for n in range(3)}
    assert set(answer.fold_on) <= set(answer.columns)


async def test_of_many_sick_ones_that_are_alike_the_first_stands_alone() -> None:
    answer = await listing(large(300, 30))
    assert answer.kin[:30].count("") == 3
    assert answer.kin[:30].count("restarting project-0/api (DKR101)") == 9


async def test_only_what_may_be_sick_is_looked_at_closely_on_a_crowded_host() -> None:
    world = counting(large(300, 20))
    await list_containers.run(world)
    assert world.inspected == 20


@dataclass(slots=True)
class Counting(World):
    """A world that counts how often a container is inspected, or answers otherwise."""

    inspected: int = 0
    fault: Fault | None = None
    raw: Any = None

    async def get(self, path: str, /, **query: str) -> Any:
        if path == "/containers/json":
            listed = await World.get(self, path, **query)
            return listed if self.raw is None else self.raw
        self.inspected += 1
        if self.fault:
            raise self.fault
        return await World.get(self, path, **query)


def counting(world: World, fault: Fault | None = None, raw: Any = None) -> Counting:
    return Counting(world.target, world.clock, world.containers, fault=fault, raw=raw)


async def test_what_could_not_be_inspected_is_said_to_be_missing() -> None:
    answer = await list_containers.run(counting(edge(), fault=Unreachable("gone")))
    assert answer.missing == ("5 containers could not be inspected: gone",)
    assert answer.total == 5


async def test_a_container_that_is_removed_meanwhile_is_no_failure() -> None:
    answer = await list_containers.run(counting(edge(), fault=NotFound("removed")))
    assert answer.missing == ()


@pytest.mark.parametrize("raw", [{"message": "hello"}, [1, 2], [{"State": "running"}], "text"])
async def test_an_answer_of_another_shape_is_no_engines(raw: Any) -> None:
    with pytest.raises(Unreachable, match="does not answer like a Docker engine"):
        await list_containers.run(counting(edge(), raw=raw))
