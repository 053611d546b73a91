"""The engine's share of the estate: what is wrong, what needs what, what changed, and when."""

# ruff: noqa: E501  (snapshots hold whole sentences)

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from inline_snapshot import snapshot

from fivetabs.core import Denied, Relation, Scope, Subject, parse_time
from fivetabs.core.quoting import unmarked
from fivetabs.providers.docker.demo import World, edge
from fivetabs.providers.docker.shapes.snapshots import Snapshot
from fivetabs.providers.docker.tools.estate import CHART
from tests.providers.docker.serving import Engine, large
from tests.providers.docker.test_wire import served

pytestmark = pytest.mark.anyio

SHOP = "com.docker.compose.project", "com.docker.compose.service", "com.docker.compose.depends_on"


async def loaded(world: World | None = None) -> Snapshot:
    return await CHART.load(world or edge(), Scope())


def container(world: World, name: str) -> dict[str, Any]:
    (found,) = (c for c in world.containers if c["inspect"]["Name"] == f"/{name}")
    return found


def stopped(world: World, name: str, code: int, *, policy: str = "no") -> None:
    """As if it had ended an hour ago."""
    found = container(world, name)
    found["summary"].update(State="exited", Status=f"Exited ({code}) 1 hour ago", Ports=[])
    state = {"Status": "exited", "ExitCode": code, "OOMKilled": False}
    found["inspect"]["State"].update(state, FinishedAt="2026-03-12T09:14:00Z")
    found["inspect"]["HostConfig"]["RestartPolicy"]["Name"] = policy


def event(world: World, name: str, action: str, when: str, **told: str) -> None:
    inspect = container(world, name)["inspect"]
    actor = {"ID": inspect["Id"], "Attributes": {"name": name, **told}}
    nano = int(parse_time(when).timestamp()) * 10**9
    raw: dict[str, Any] = {"Type": "container", "Action": action, "Actor": actor}
    raw |= {"time": nano // 10**9, "timeNano": nano}
    world.host["events"] = sorted([*world.host["events"], raw], key=lambda e: e["timeNano"])


def causes(snapshot: Snapshot) -> dict[str, str]:
    found = CHART.survey(snapshot).findings
    return {f"{f.code} {f.subject.rsplit('/', 1)[-1]}": unmarked(f.cause) for f in found}


async def test_the_incident_is_told_with_its_beginning() -> None:
    survey = CHART.survey(await loaded())
    assert [(f.code, f.subject, unmarked(f.cause), f.since) for f in survey.findings] == snapshot(
        [
            (
                "DKR101",
                "docker:edge-1/container/checkout-worker",
                "checkout-worker restarts over and over: 16 restarts, last exit code 1; last ended 2026-03-12T10:13:39Z (20s ago)",
                "2026-03-12T10:05:02Z",
            ),
            (
                "DKR103",
                "docker:edge-1/container/edge-proxy",
                "edge-proxy is unhealthy: its health check failed 47 times in a row, last with exit code 1: no live upstreams: orders-api",
                "2026-03-12T10:06:01Z",
            ),
            (
                "DKR102",
                "docker:edge-1/container/image-resize",
                "image-resize was killed for memory at its limit of 256m (exit code 137) at 2026-03-12T08:02:51Z (2h11m ago)",
                "2026-03-12T08:02:51Z",
            ),
        ]
    )
    assert survey.healthy == (
        "1 container running (1 with a passing health check)",
        "1 container that ended well, long ago or on request",
        "the engine 27.5.1 on edge-1",
    )
    assert survey.missing == ()


async def test_a_container_is_linked_to_what_it_needs() -> None:
    found = CHART.links(await loaded())
    told = {
        (str(link.source).rpartition("/")[2], str(link.relation), str(link.target), link.via)
        for link in found
        if link.relation is Relation.DEPENDS_ON
    }
    assert told == {
        ("checkout-worker", "depends on", "docker:edge-1/container/edge-proxy", "depends_on in the Compose project edge"),
        ("checkout-worker", "depends on", "orders-api:8080", "env ORDERS_URL"),
        ("checkout-worker", "depends on", "orders-api", "env ORDERS_URL"),
        ("edge-proxy", "depends on", "orders-api", "its health check's output"),
    }  # fmt: skip
    assert sum(link.relation is Relation.RUNS_ON for link in found) == 5


async def test_others_know_a_container_by_name_id_service_port_and_image() -> None:
    known = CHART.aliases(await loaded())
    proxy = Subject("docker", "edge-1", ("container", "edge-proxy"))
    for name in ("edge-proxy", "d57ae3ad4583", "edge/edge-proxy", "edge-1:443"):
        assert known[name] == proxy
    assert known["registry.example/edge/proxy:1.27"].parts[0] == "image"
    assert known["edge-1"].parts == ("engine",)


@pytest.mark.parametrize(
    ("words", "best"),
    [
        ("edge-proxy", ("edge-proxy", 1.0)),
        ("docker:edge-1/container/edge-proxy", ("edge-proxy", 1.0)),
        ("525c0877559d", ("metrics-agent", 1.0)),
        ("why does checkout-worker keep crashing?", ("checkout-worker", 0.9)),
        ("the checkout worker is down", ("checkout-worker", 0.7)),
        ("resize", ("image-resize", 0.682)),
    ],
)
async def test_a_name_or_plain_words_find_their_container(
    words: str, best: tuple[str, float]
) -> None:
    first = CHART.find(await loaded(), words)[0]
    assert (first.subject.name, first.score) == best


@pytest.mark.parametrize("words", ["xyzzy", "", "why is it down", "!!!"])
async def test_nonsense_finds_nothing(words: str) -> None:
    assert CHART.find(await loaded(), words) == ()


async def test_a_closer_look_brings_the_last_words_and_what_they_name() -> None:
    world, seen = edge(), await loaded()
    closer = await CHART.look(world, seen, seen.container("checkout-worker"))
    assert closer.evidence[0].quote == "FATAL orders-api: 503 service unavailable, giving up"
    assert ("orders-api", "the log of checkout-worker") in {
        (link.target, link.via) for link in closer.links
    }
    proxy = await CHART.look(world, seen, seen.container("edge-proxy"))
    assert proxy.evidence[-1].source == "health check of edge-proxy"
    assert await CHART.look(world, seen, seen.container("nobody")) == type(closer)()


async def test_what_changed_is_folded_and_ordered() -> None:
    world = edge()
    history = await CHART.changes(world, world.now() - timedelta(hours=1), Scope())
    assert [(c.subject.name, c.what, c.count) for c in history.changes] == [
        ("edge-proxy", "became unhealthy", 1),
        ("checkout-worker", "container started", 16),
        ("checkout-worker", "container ended with exit code 1", 17),
    ]
    assert history.changes[0].before == "healthy"
    assert history.missing == ()


async def test_an_engine_that_has_forgotten_says_since_when() -> None:
    world = edge()
    for number in range(300):
        event(world, "edge-proxy", "exec_start: /bin/true", f"2026-03-12T10:13:{number % 60:02}Z")
    world.host["events"] = world.host["events"][-256:]
    history = await CHART.changes(world, world.now() - timedelta(hours=1), Scope())
    assert history.missing == (
        "events before 2026-03-12T10:13:09Z: the engine keeps its newest 256 only",
    )
    assert not any("exec" in change.what for change in history.changes)


async def test_who_was_stopped_on_request_is_no_fault() -> None:
    world = edge()
    stopped(world, "metrics-agent", 137)
    event(world, "metrics-agent", "kill", "2026-03-12T09:13:50Z", signal="15")
    event(world, "metrics-agent", "kill", "2026-03-12T09:14:00Z", signal="9")
    event(world, "metrics-agent", "die", "2026-03-12T09:14:00Z", exitCode="137")
    assert not any("metrics-agent" in each for each in causes(await loaded(world)))


async def test_who_was_killed_without_a_request_is_told_apart() -> None:
    world = edge()
    stopped(world, "metrics-agent", 137)
    event(world, "metrics-agent", "die", "2026-03-12T09:14:00Z", exitCode="137")
    found = causes(await loaded(world))
    assert "no docker stop or docker kill came before it" in found["DKR109 metrics-agent"]
    world.host["events"] = []
    assert "DKR126 metrics-agent" in causes(await loaded(world))


async def test_a_stopped_dependency_is_told_with_those_that_need_it() -> None:
    world = edge()
    stopped(world, "edge-proxy", 0, policy="unless-stopped")
    found = causes(await loaded(world))
    assert found["DKR118 edge-proxy"] == (
        "edge-proxy ended with exit code 0 at 2026-03-12T09:14:00Z (1h ago), while checkout-worker "
        "of the Compose project edge depend on it"
    )


async def test_what_never_started_waits_for_its_dependency() -> None:
    world = edge()
    waiting = container(world, "checkout-worker")
    waiting["summary"].update(State="created", Status="Created")
    waiting["inspect"]["State"].update(Status="created", ExitCode=0)
    for where in (waiting["summary"], waiting["inspect"]["Config"]):
        where["Labels"][SHOP[2]] = "edge-proxy:service_healthy:false"
    found = causes(await loaded(world))
    assert found["DKR120 checkout-worker"].endswith(
        "its dependency edge-proxy is unhealthy (edge-proxy)"
    )


async def test_live_and_demo_load_alike(tmp_path: Path) -> None:
    async with served(tmp_path, Engine(edge())) as live:
        mine, theirs = await loaded(), await CHART.load(live.view, Scope())
        assert mine == theirs
        since = live.now() - timedelta(hours=3)
        assert await CHART.changes(live.view, since, Scope()) == await CHART.changes(
            edge(), since, Scope()
        )


async def test_a_crowded_host_is_read_in_few_calls(tmp_path: Path) -> None:
    engine = Engine(large(300, 20))
    async with served(tmp_path, engine) as live:
        found = CHART.survey(await CHART.load(live.view, Scope()))
    assert len(found.findings) == 20
    assert found.healthy[0].startswith("280 containers running")
    paths = [line.split("?")[0].split("/v1.47")[1] for line in engine.asked[1:]]
    assert sum(path.endswith("/json") and path.count("/") == 3 for path in paths) == 20
    assert len(paths) == 26


class Refusing(World):
    """An engine that refuses everything but the list."""

    async def get(self, path: str, /, **query: str) -> Any:
        if path == "/containers/json":
            return await World.get(self, path, **query)
        raise Denied("authorization denied by plugin")

    def stream(self, _path: str, /, **_query: str) -> Any:
        raise Denied("authorization denied by plugin")


async def test_what_may_not_be_read_is_named_and_the_rest_is_told() -> None:
    world = edge()
    refusing = Refusing(world.target, world.clock, world.containers, world.host)
    seen = await CHART.load(refusing, Scope())
    assert len(seen.rows) == 5
    assert [line.split(":")[0] for line in seen.missing] == [
        "5 containers could not be inspected",
        "events",
        "images",
        "networks",
        "the engine's state",
        "volumes",
    ]
    assert CHART.survey(seen).missing == seen.missing


def secrets_in(value: object) -> Iterator[str]:
    yield from (word for word in ("hunter2",) if word in repr(value))


async def test_no_value_of_an_environment_is_carried_over() -> None:
    seen = await loaded()
    assert not list(secrets_in((seen, CHART.links(seen), CHART.survey(seen))))
