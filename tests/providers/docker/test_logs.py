"""Container logs: the last lines, the search, and the answer when there are none."""

# ruff: noqa: E501  (snapshots hold whole sentences)

from typing import Any

import pytest
from inline_snapshot import snapshot

from fivetabs.core import Invalid, NotFound
from fivetabs.providers.docker.demo import World, edge
from fivetabs.providers.docker.tools.logs import get_container_logs

pytestmark = pytest.mark.anyio


async def log(world: World, name: str, **arguments: Any) -> Any:
    given = get_container_logs.parse({"container_name": name, **arguments})
    return await get_container_logs.run(world, **given)


def container(world: World, name: str) -> dict[str, Any]:
    (found,) = (c for c in world.containers if f"/{name}" in c["summary"]["Names"])
    return found


async def test_the_last_words_of_a_crash_loop() -> None:
    answer = await log(edge(), "checkout-worker", lines=3)
    assert answer.summary == snapshot(
        "The last 3 of 20 lines of checkout-worker on edge-1 (restarting, exit code 1)."
    )
    assert answer.text == snapshot("""\
WARN  orders-api: 503 Service Unavailable (attempt 1 of 3)
WARN  orders-api: 503 Service Unavailable (attempt 2 of 3)
FATAL orders-api: 503 service unavailable, giving up\
""")
    assert answer.notes == snapshot(
        (
            "DKR101: checkout-worker restarts over and over: 16 restarts, last exit code 1; last ended 2026-03-12T10:13:39Z (20s ago)",
            "newest line read: 2026-03-12T10:13:39Z (20s ago)",
            "12 of 20 lines read went to stderr",
            "restarted 16 times: earlier runs are in the log as well",
            "17 older lines: page=2 with until='2026-03-12T10:13:39.210448Z', so that pages stay as they are, or use grep",
        )
    )
    assert (answer.read, answer.matched, answer.shown) == (20, 20, 3)
    assert answer.source == "docker:edge-1/container/checkout-worker"


async def test_a_search_counts_what_it_read_and_what_matched() -> None:
    answer = await log(edge(), "edge-proxy", grep=r"\[error\]", exclude="refused", since="5m")
    assert answer.summary == snapshot(
        "4 of 8 lines since 2026-03-12T10:09:00Z of edge-proxy on edge-1 (running, unhealthy) match."
    )
    assert answer.text == snapshot("""\
[error] 31#31: *8950 no live upstreams while connecting to upstream, upstream: "http://orders-api/orders"
[error] 31#31: *81114 no live upstreams while connecting to upstream, upstream: "http://orders-api/orders"
[error] 31#31: *81241 no live upstreams while connecting to upstream, upstream: "http://orders-api/orders"
[error] 31#31: *81352 no live upstreams while connecting to upstream, upstream: "http://orders-api/orders"\
""")
    assert (answer.read, answer.matched, answer.shown) == snapshot((8, 4, 4))


async def test_a_search_that_shows_only_the_last_says_so() -> None:
    answer = await log(edge(), "edge-proxy", grep="error", lines=2)
    assert answer.summary == snapshot(
        "7 of 18 lines of edge-proxy on edge-1 (running, unhealthy) match; the last 2 are shown."
    )
    assert answer.shown == 2


async def test_a_pattern_is_anchored_to_what_the_program_wrote() -> None:
    answer = await log(edge(), "checkout-worker", grep="^FATAL")
    assert answer.matched == 4


async def test_times_stand_before_the_lines_when_asked_for() -> None:
    answer = await log(edge(), "image-resize", lines=1, timestamps=True)
    assert answer.text == snapshot("2026-03-12T08:02:49Z WARN  rss 251 MiB of 256 MiB")
    assert answer.notes == snapshot(
        (
            "DKR102: image-resize was killed for memory at its limit of 256m (exit code 137) at 2026-03-12T08:02:51Z (2h11m ago)",
            "newest line read: 2026-03-12T08:02:49Z (2h11m ago)",
            "1 of 4 lines read went to stderr",
            "3 older lines: page=2 with until='2026-03-12T08:02:49.900000Z', so that pages stay as they are, or use grep",
        )
    )


async def test_since_may_be_a_time() -> None:
    answer = await log(edge(), "checkout-worker", since="2026-03-12T10:13:00Z")
    assert answer.read == 5


async def test_no_lines_is_an_answer_that_says_where_was_looked() -> None:
    answer = await log(edge(), "migrate-2026-03", since="1h")
    assert answer.summary == snapshot(
        "migrate-2026-03 on edge-1 (exited, exit code 0) has written no lines since 2026-03-12T09:14:00Z; its stdout and stderr were read."
    )
    assert answer.text == ""


async def test_nothing_that_matches_is_an_answer_too() -> None:
    answer = await log(edge(), "edge-proxy", grep="panic")
    assert answer.summary == snapshot(
        "None of the 18 lines of edge-proxy on edge-1 (running, unhealthy) passes the filters."
    )


async def test_a_terminal_has_no_frames() -> None:
    world = edge()
    container(world, "metrics-agent")["inspect"]["Config"]["Tty"] = True
    answer = await log(world, "metrics-agent")
    assert answer.shown == 2
    assert "Starting" in answer.text


async def test_a_driver_that_keeps_nothing_is_said() -> None:
    world = edge()
    container(world, "edge-proxy")["inspect"]["HostConfig"]["LogConfig"]["Type"] = "none"
    with pytest.raises(NotFound, match="edge-proxy keeps no logs: its logging driver is 'none'"):
        await log(world, "edge-proxy")


async def test_an_unknown_name_gets_the_near_ones() -> None:
    with pytest.raises(NotFound) as caught:
        await log(edge(), "chekout-worker")
    assert str(caught.value) == "no container is called 'chekout-worker' on edge-1"
    assert caught.value.hint == "did you mean 'checkout-worker'?"


async def test_a_compose_service_of_one_container_is_found_by_its_name() -> None:
    world = edge()
    container(world, "checkout-worker")["summary"]["Labels"]["com.docker.compose.service"] = "work"
    answer = await log(world, "work")
    assert answer.source == "docker:edge-1/container/checkout-worker"
    assert "'work' is the Compose service that runs as checkout-worker" in answer.notes


async def test_an_id_is_a_name() -> None:
    short = container(edge(), "edge-proxy")["inspect"]["Id"][:12]
    answer = await log(edge(), short, lines=1)
    assert answer.source == "docker:edge-1/container/edge-proxy"


@pytest.mark.parametrize("name", ["--help", "../etc", "a b", "", "a\nb", "x" * 5000 + "/"])
def test_what_cannot_be_a_name_is_refused(name: str) -> None:
    with pytest.raises(Invalid, match="a container's name has letters"):
        get_container_logs.parse({"container_name": name})


@pytest.mark.parametrize("since", ["yesterday", "-5m", "15", "5 minutes"])
def test_what_cannot_be_a_time_is_refused(since: str) -> None:
    with pytest.raises(Invalid, match="since"):
        get_container_logs.parse({"container_name": "web", "since": since})


async def test_a_pattern_that_is_not_re2_is_refused() -> None:
    with pytest.raises(Invalid, match="is not a usable pattern"):
        await log(edge(), "edge-proxy", grep="(?=a)")
