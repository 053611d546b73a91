"""Raw Engine API answers into values."""

from collections.abc import AsyncGenerator, AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from fivetabs.providers.docker.demo import edge
from fivetabs.providers.docker.port import READS, is_container_name, is_read
from fivetabs.providers.docker.shapes.containers import parse_container, parse_summary
from fivetabs.providers.docker.shapes.logs import Seen, lines

pytestmark = pytest.mark.anyio


def summary(**facts: Any) -> dict[str, Any]:
    return {"Id": "f" * 64, "Names": ["/web"], "State": "running", "Status": "Up 2 days", **facts}


def test_a_linked_container_keeps_its_own_name() -> None:
    assert parse_summary(summary(Names=["/other/alias", "/web"])).name == "web"


def test_an_image_without_a_name_is_shortened() -> None:
    assert parse_summary(summary(Image="sha256:" + "ab" * 32)).image == "abababababab"


def test_the_same_port_of_both_address_families_is_one() -> None:
    port = {"PrivatePort": 80, "PublicPort": 8080, "Type": "tcp"}
    both = [{"IP": "0.0.0.0", **port}, {"IP": "::", **port}, {"PrivatePort": 9, "Type": "udp"}]  # noqa: S104
    assert parse_summary(summary(Ports=both)).ports == ("8080->80/tcp", "9/udp")


def test_what_the_engine_leaves_out_is_empty() -> None:
    row = parse_summary(summary(Labels=None, Ports=None))
    assert (row.compose, row.ports, row.depends_on) == ("", (), ())


def test_the_year_one_is_never() -> None:
    never = "0001-01-01T00:00:00Z"
    raw = {"Id": "a" * 64, "Name": "/web", "State": {"StartedAt": never, "FinishedAt": never}}
    container = parse_container(raw)
    assert container.started is None
    assert container.finished is None
    assert container.policy == "no"


def test_the_last_run_of_the_health_check_is_the_newest() -> None:
    (proxy,) = (c for c in edge().containers if "/edge-proxy" in c["summary"]["Names"])
    check = parse_container(proxy["inspect"]).last_check
    assert check is not None
    assert check.output == "no live upstreams: orders-api\n"
    assert check.ended == datetime(2026, 3, 12, 10, 13, 51, 220000, tzinfo=UTC)


def frame(stream: int, payload: bytes) -> bytes:
    return bytes([stream, 0, 0, 0]) + len(payload).to_bytes(4) + payload


async def chunked(body: bytes, size: int) -> AsyncGenerator[bytes]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


async def gathered(chunks: AsyncIterator[bytes], **options: Any) -> tuple[list[bytes], Seen]:
    seen = Seen()
    given = {"tty": False, "timestamps": False, **options}
    return [line async for line in lines(chunks, seen=seen, **given)], seen


T1, T2 = b"2026-03-12T10:00:01.000000001Z ", b"2026-03-12T10:00:02.000000002Z "


@pytest.mark.parametrize("size", [1, 7, 9, 1000])
async def test_frames_are_told_apart_wherever_the_network_cuts_them(size: int) -> None:
    body = frame(1, T1 + b"one\n") + frame(2, T2 + b"two\r\n") + frame(1, T2 + b"three")
    got, seen = await gathered(chunked(body, size))
    assert got == [b"one\n", b"two\n", b"three\n"]
    assert seen.stderr == 1
    assert seen.last == datetime(2026, 3, 12, 10, 0, 2, tzinfo=UTC)


async def test_a_line_in_several_frames_is_one_line_with_one_time() -> None:
    body = frame(1, T1 + b"a" * 10) + frame(2, T1 + b"between\n") + frame(1, T2 + b"b\n")
    got, _ = await gathered(chunked(body, 50), timestamps=True)
    assert got == [b"2026-03-12T10:00:01Z between\n", b"2026-03-12T10:00:01Z aaaaaaaaaab\n"]


@pytest.mark.parametrize("size", [3, 1000])
async def test_a_terminal_is_read_raw(size: int) -> None:
    got, seen = await gathered(chunked(T1 + b"50%\r100%\r\n" + T2 + b"done", size), tty=True)
    assert got == [b"50%\r100%\n", b"done\n"]
    assert seen.stderr == 0


async def test_lines_without_times_are_kept_whole() -> None:
    got, seen = await gathered(chunked(frame(1, b"no time here\n\n"), 99))
    assert got == [b"no time here\n", b"\n"]
    assert seen.last is None


@pytest.mark.parametrize("body", [b"plain text that is no frame\n", frame(1, b"cut off")[:-2]])
async def test_what_has_no_frames_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match="the log"):
        await gathered(chunked(body, 99))


@pytest.mark.parametrize("name", ["web", "edge_web.1-a", "0f3a", "W"])
def test_the_names_that_docker_gives_are_names(name: str) -> None:
    assert is_container_name(name)


@pytest.mark.parametrize(
    "name", ["", "-rf", ".", "..", "a/b", "a b", "a\n", "_a", "é", "a%2f", "²"]
)
def test_what_docker_would_not_name_so_is_none(name: str) -> None:
    assert not is_container_name(name)


def test_only_the_closed_set_is_a_read() -> None:
    assert all(is_read(path.replace("{id}", "web")) for path in READS)
    for path in ("/containers/web/export", "/containers/a/b/json", "/containers//json", "/secrets"):
        assert not is_read(path)
