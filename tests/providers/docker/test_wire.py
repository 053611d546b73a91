"""The real client against the demo world, served over real sockets: the same answers."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from fivetabs.core import (
    AnyTool,
    Conflict,
    Connection,
    Denied,
    Fault,
    NotConfigured,
    Plan,
    TimedOut,
    Unauthorised,
    Unreachable,
)
from fivetabs.providers.docker import PROVIDER
from fivetabs.providers.docker.auth import Docker
from fivetabs.providers.docker.demo import edge
from fivetabs.providers.docker.live import opened
from fivetabs.providers.docker.port import Engine as View
from fivetabs.providers.docker.port import Restart, Start, Step, Stop
from tests.providers.docker.configuring import QUICK, configured
from tests.providers.docker.serving import Engine, on_socket

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def served(
    folder: Path, engine: Engine, **environment: str
) -> AsyncGenerator[Connection[View, Step], None]:
    """A connection to a served world, under the demo's name and at the demo's time."""
    async with on_socket(engine, folder / "docker.sock") as url:
        docker = Docker(configured(folder, "edge-1", url).folder, environment)
        async with opened(QUICK, docker, None, engine.world.now) as connection:
            yield connection


def argument_sets() -> list[tuple[AnyTool[View], dict[str, Any]]]:
    return [(tool, dict(tool.example)) for tool in PROVIDER.tools] + [
        (tool, {"container_name": "edge-proxy", "grep": "error", "since": "5m", "lines": 3})
        for tool in PROVIDER.tools
        if tool.name == "get_container_logs"
    ]


@pytest.mark.parametrize(
    ("tool", "arguments"), argument_sets(), ids=lambda v: getattr(v, "name", "")
)
async def test_live_and_demo_answer_alike(
    tool: AnyTool[View], arguments: dict[str, Any], tmp_path: Path
) -> None:
    async with PROVIDER.demo(None) as demo, served(tmp_path, Engine(edge())) as live:
        given = tool.parse(arguments)
        assert live.target == demo.target
        assert await tool.run(live.view, **given) == await tool.run(demo.view, **given)


@pytest.mark.parametrize(
    ("tool", "path"),
    [
        ("restart_container", "restart?t=10"),
        ("start_container", "start"),
        ("stop_container", "stop?t=10"),
    ],
)
async def test_a_change_over_the_wire_changes_the_engine_as_it_changes_the_demo(
    tool: str, path: str, tmp_path: Path
) -> None:
    engine = Engine(edge())
    change = next(t for t in PROVIDER.tools if t.name == tool)
    async with PROVIDER.demo(None) as demo, served(tmp_path, engine) as live:
        plan = await change.run(live.view, **change.parse(change.example))
        assert isinstance(plan, Plan)
        (step,) = plan.steps
        assert await live.commit(step) == await demo.commit(step)
        assert f"POST /v1.47/containers/{step.container_id}/{path}" in engine.asked
        assert await live.view.get("/containers/json", all="1") == await demo.view.get(
            "/containers/json", all="1"
        )
        assert change.verify is not None
        assert await change.verify(live.view, plan, live.now()) == await change.verify(
            demo.view, plan, demo.now()
        )


async def test_what_is_so_already_is_told_by_the_engine_and_done_by_nobody(tmp_path: Path) -> None:
    async with served(tmp_path, Engine(edge())) as live:
        rows = await live.view.get("/containers/json", all="1")
        ids = {each["Names"][0]: each["Id"] for each in rows}
        with pytest.raises(Conflict, match="runs already; nothing was done"):
            await live.commit(Start(ids["/metrics-agent"], "metrics-agent"))
        with pytest.raises(Conflict, match="does not run any more; nothing was done"):
            await live.commit(Stop(ids["/image-resize"], "image-resize", 10))


async def test_an_engine_that_dies_under_a_change_leaves_it_unknown(tmp_path: Path) -> None:
    engine = Engine(edge())
    async with served(tmp_path, engine) as live:
        engine.delay, engine.reached = 30, asyncio.Event()
        acting = asyncio.ensure_future(live.commit(Restart("f" * 64, "edge-proxy", 10)))
        await engine.reached.wait()
        await engine.end()
        with pytest.raises(Unreachable, match="whether edge-proxy was restarted is not known"):
            await acting


async def test_a_container_that_was_replaced_meanwhile_is_not_restarted(tmp_path: Path) -> None:
    async with served(tmp_path, Engine(edge())) as live:
        with pytest.raises(Conflict, match="is gone"):
            await live.commit(Restart("f" * 64, "edge-proxy", 10))


@pytest.mark.parametrize(
    ("newest", "oldest", "spoken"),
    [((1, 24), (1, 12), "1.24"), ((1, 41), (1, 12), "1.41"), ((1, 54), (1, 44), "1.51")],
)
async def test_the_api_version_is_the_lower_of_both(
    newest: tuple[int, int], oldest: tuple[int, int], spoken: str, tmp_path: Path
) -> None:
    engine = Engine(edge(), newest=newest, oldest=oldest)
    async with served(tmp_path, engine) as live:
        assert len(await live.view.get("/containers/json", all="1")) == 5
    assert f"GET /v{spoken}/containers/json?all=1" in engine.asked


async def test_an_engine_that_tells_no_version_is_spoken_to_in_the_oldest(tmp_path: Path) -> None:
    engine = Engine(edge(), newest=(1, 24), tells_version=False)
    async with served(tmp_path, engine) as live:
        assert await live.view.get("/containers/json")


async def test_a_pinned_version_that_the_engine_refuses_is_explained(tmp_path: Path) -> None:
    engine = Engine(edge(), newest=(1, 41))
    async with served(tmp_path, engine, DOCKER_API_VERSION="1.47") as live:
        with pytest.raises(NotConfigured, match=r"client version 1.47 is too new") as caught:
            await live.view.get("/containers/json")
    assert "unset DOCKER_API_VERSION" in caught.value.hint


async def test_equal_reads_in_flight_share_one_request(tmp_path: Path) -> None:
    engine = Engine(edge(), delay=0.1)
    async with served(tmp_path, engine) as live:
        await asyncio.gather(*(live.view.get("/containers/json", all="1") for _ in range(8)))
    assert engine.asked.count("GET /v1.47/containers/json?all=1") == 1


async def test_a_slow_engine_that_is_alive_is_waited_for(tmp_path: Path) -> None:
    engine = Engine(edge(), delay=1.0)
    async with served(tmp_path, engine) as live:
        assert len(await live.view.get("/containers/json", all="1")) == 5


async def test_an_engine_that_falls_silent_is_given_up(tmp_path: Path) -> None:
    engine = Engine(edge())
    async with served(tmp_path, engine) as live:
        engine.silent = asyncio.Event()
        with pytest.raises(TimedOut, match="has not answered"):
            await live.view.get("/containers/json")
        engine.silent.set()


async def test_a_cancelled_read_ends_its_request(tmp_path: Path) -> None:
    engine = Engine(edge(), delay=60)
    async with served(tmp_path, engine) as live:
        reading = asyncio.ensure_future(live.view.get("/containers/json"))
        async with asyncio.timeout(10):
            await engine.reached.wait()
            reading.cancel()
            await asyncio.wait({reading})
    assert reading.cancelled()


async def test_a_slow_log_is_read_to_its_end(tmp_path: Path) -> None:
    engine = Engine(edge(), delay=0.7)
    tool = next(t for t in PROVIDER.tools if t.name == "get_container_logs")
    async with PROVIDER.demo(None) as demo, served(tmp_path, engine) as live:
        given = tool.parse({"container_name": "edge-proxy"})
        assert await tool.run(live.view, **given) == await tool.run(demo.view, **given)


async def test_a_log_that_stops_in_the_middle_is_given_up(tmp_path: Path) -> None:
    engine = Engine(edge(), delay=0.2)
    engine.world.containers[0]["log"] *= 9
    async with served(tmp_path, engine) as live:
        chunks = live.view.stream("/containers/edge-proxy/logs")
        assert await anext(chunks)
        engine.silent = asyncio.Event()
        engine.delay = 60
        with pytest.raises(TimedOut):
            async for _ in chunks:
                pass


async def test_a_cancelled_log_gives_its_connection_back(tmp_path: Path) -> None:
    engine = Engine(edge(), delay=0.05)
    tool = next(t for t in PROVIDER.tools if t.name == "get_container_logs")
    given = tool.parse({"container_name": "edge-proxy"})
    async with served(tmp_path, engine) as live:
        for _ in range(2 * QUICK.most_connections):
            reading = asyncio.ensure_future(tool.run(live.view, **given))
            await engine.reached.wait()
            reading.cancel()
            await asyncio.wait({reading})
        assert await live.view.get("/containers/json")


async def test_what_is_no_read_is_refused_before_it_is_sent(tmp_path: Path) -> None:
    engine = Engine(edge())
    async with served(tmp_path, engine) as live:
        for path in ("/containers/x/export", "/containers/../info/json", "/secrets", "/system/df"):
            with pytest.raises(Denied):
                await live.view.get(path)
    assert engine.asked == ["GET /_ping"]


@pytest.mark.parametrize(
    ("status", "body", "fault"),
    [
        (401, b'{"message":"authentication required"}', Unauthorised),
        (403, b'{"message":"authorization denied by plugin opa"}', Denied),
        (500, b'{"message":"layer does not exist"}', Fault),
        (502, b"<html>Bad Gateway</html>", Unreachable),
        (404, b"", Unreachable),
    ],
)
async def test_every_refusal_of_the_engine_is_its_fault(
    status: int, body: bytes, fault: type[Fault], tmp_path: Path
) -> None:
    with pytest.raises(Fault) as caught:
        async with served(tmp_path, Engine(edge(), status=status, body=body)):
            pass
    assert type(caught.value) is fault
    assert caught.value.hint
