"""Raw Engine API answers into values."""

from datetime import UTC, datetime
from typing import Any

import pytest

from fivetabs.core import parse_time
from fivetabs.core.logs import LONGEST_LINE, Line, Parser
from fivetabs.providers.docker.demo import edge
from fivetabs.providers.docker.port import READS, is_container_name, is_read
from fivetabs.providers.docker.shapes.containers import (
    parse_container,
    parse_summary,
    present_run,
)
from fivetabs.providers.docker.shapes.logs import Frames, terminal

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


def test_a_run_begins_between_the_end_of_the_one_before_and_what_the_engine_noted_late() -> None:
    ended, noted = "2026-03-12T10:00:00.000Z", "2026-03-12T10:00:00.400Z"
    state = {"Status": "running", "StartedAt": noted, "FinishedAt": ended}
    begun = present_run(parse_container({"Id": "x" * 64, "State": state}))
    assert begun == parse_time("2026-03-12T10:00:00.200Z")


def test_the_first_lines_of_an_ended_run_are_its_own() -> None:
    times = {"StartedAt": "2026-03-12T10:00:00.020Z", "FinishedAt": "2026-03-12T10:00:09Z"}
    begun = present_run(parse_container({"Id": "x" * 64, "State": {"Status": "exited", **times}}))
    assert begun is not None
    assert begun < parse_time("2026-03-12T10:00:00Z")


def test_the_last_run_of_the_health_check_is_the_newest() -> None:
    (proxy,) = (c for c in edge().containers if "/edge-proxy" in c["summary"]["Names"])
    check = parse_container(proxy["inspect"]).last_check
    assert check is not None
    assert check.output == "no live upstreams: orders-api\n"
    assert check.ended == datetime(2026, 3, 12, 10, 13, 51, 220000, tzinfo=UTC)


def frame(stream: int, payload: bytes) -> bytes:
    return bytes([stream, 0, 0, 0]) + len(payload).to_bytes(4) + payload


def parsed(parser: Parser, body: bytes, size: int) -> list[Line]:
    chunks = [body[start : start + size] for start in range(0, len(body), size)]
    return [line for chunk in chunks for line in parser.feed(chunk)] + parser.close()


def second(number: int) -> datetime:
    return datetime(2026, 3, 12, 10, 0, number, tzinfo=UTC)


T1, T2 = b"2026-03-12T10:00:01.000000001Z ", b"2026-03-12T10:00:02.000000002Z "


@pytest.mark.parametrize("size", [1, 7, 9, 1000])
def test_frames_are_told_apart_wherever_the_network_cuts_them(size: int) -> None:
    body = frame(1, T1 + b"one\n") + frame(2, T2 + b"two\r\n") + frame(1, T2 + b"three")
    frames = Frames()
    told = [(second(1), b"one"), (second(2), b"two"), (second(2), b"three")]
    assert parsed(frames, body, size) == told
    assert (frames.stderr, frames.strange) == (1, "")


def test_a_line_in_several_frames_is_one_line_with_one_time() -> None:
    body = frame(1, T1 + b"a" * 10) + frame(2, T1 + b"between\n") + frame(1, T2 + b"b\n")
    told = [(second(1), b"between"), (second(1), b"aaaaaaaaaab")]
    assert parsed(Frames(), body, 50) == told


@pytest.mark.parametrize("size", [1 << 16, 1 << 20])
def test_of_a_line_of_ten_megabytes_the_head_is_kept_and_the_rest_counted(size: int) -> None:
    part = frame(1, T1 + b"x" * (1 << 14))
    body = part * 640 + frame(1, T1 + b"\n") + frame(1, T2 + b"next\n")
    frames = Frames()
    (_, long), (when, text) = parsed(frames, body, size)
    assert LONGEST_LINE < len(long) < 2 * LONGEST_LINE
    assert len(long) + frames.cut == 640 << 14
    assert (when, text) == (second(2), b"next")


@pytest.mark.parametrize("size", [3, 1000])
def test_a_terminal_is_read_raw(size: int) -> None:
    body = T1 + b"50%\r100%\r\n" + T2 + b"done"
    told = [(second(1), b"50%\r100%"), (second(2), b"done")]
    assert parsed(terminal(), body, size) == told


def test_lines_without_times_are_kept_whole() -> None:
    body = frame(1, b"no time here\n\n")
    assert parsed(Frames(), body, 99) == [(None, b"no time here"), (None, b"")]


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        (b"plain text that is no frame\n", 0),
        (frame(1, b"cut off")[:-2], 0),
        (frame(1, T1 + b"good\n") + b"\x07garbage and more of it", 1),
    ],
)
def test_what_has_no_frames_is_told_and_what_came_before_is_kept(body: bytes, lines: int) -> None:
    frames = Frames()
    assert len(parsed(frames, body, 5)) == lines
    assert "the log" in frames.strange


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
