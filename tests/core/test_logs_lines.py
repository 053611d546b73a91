"""Bytes into lines: wherever they are cut, whatever they are, in bounded memory."""

from datetime import datetime, timedelta, timezone
from random import Random

import pytest

from fivetabs.core.logs import LONGEST_LINE, Line, Splitter, plain, stamped
from tests.core.log_sources import START, cut

HOSTILE = (
    b"first\r\n"
    b"\n"
    b"nul \0 byte\n"
    b"\xff\xfe no utf-8 \x80\n"
    b"\x1b[31mred\x1b[0m \xe2\x80\xae turned\n"
    b"cr in \r the middle\n"
    b"caf\xc3\xa9\r\n"
    b"\r\n"
    b"2026-03-12T10:00:00Z\n"
    b"no end"
)


def split(body: bytes, size: int, splitter: Splitter | None = None) -> list[Line]:
    splitter = splitter or Splitter()
    return [line for chunk in cut(body, size) for line in splitter.feed(chunk)] + splitter.close()


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 4096])
def test_it_does_not_matter_where_the_chunks_are_cut(size: int) -> None:
    assert split(HOSTILE, size) == split(HOSTILE, len(HOSTILE))


def test_nor_for_any_bytes_at_all() -> None:
    dice = Random(20260312)  # noqa: S311
    for _ in range(50):
        body = bytes(dice.choice(b"\n\r\0a\xff ") for _ in range(dice.randrange(200)))
        whole = split(body, len(body) or 1)
        assert whole == split(body, dice.randrange(1, 9))
        assert b"\n".join(text for _, text in whole) == b"\n".join(
            line.removesuffix(b"\r") for line in body.removesuffix(b"\n").split(b"\n")
        )


def test_lines_end_in_lf_or_crlf_and_the_last_one_need_not_end() -> None:
    texts = [text for _, text in split(HOSTILE, 5)]
    assert texts[0] == b"first"
    assert texts[5] == b"cr in \r the middle"
    assert texts[-1] == b"no end"


def test_nothing_is_no_line() -> None:
    assert split(b"", 1) == []
    assert split(b"\n", 1) == [(None, b"")]


@pytest.mark.parametrize("size", [1 << 12, 1 << 16, 1 << 24])
def test_of_a_line_of_ten_megabytes_the_head_is_held_and_the_rest_counted(size: int) -> None:
    body = b"x" * 10_000_000 + b"\nnext\n"
    splitter, most = Splitter(), 0
    lines: list[Line] = []
    for chunk in cut(body, size):
        lines += splitter.feed(chunk)
        most = max(most, splitter.held)
    (_, long), (_, following) = lines
    assert most <= 2 * LONGEST_LINE
    assert LONGEST_LINE <= len(long) <= 2 * LONGEST_LINE
    assert len(long) + splitter.cut == 10_000_000
    assert following == b"next"


@pytest.mark.parametrize(
    ("line", "when", "text"),
    [
        (b"2026-03-12T10:00:00.123456789Z up", START + timedelta(microseconds=123456), b"up"),
        (b"2026-03-12T10:00:00Z up", START, b"up"),
        (b"2026-03-12T11:00:00+01:00 up", START.astimezone(timezone(timedelta(hours=1))), b"up"),
        (b"2026-03-12T10:00:00Z", START, b""),
        (b"2026-03-12T10:00:00Z ", START, b""),
        (b"2026-03-12T10:00:00Z  indented", START, b" indented"),
        (b"no time here", None, b"no time here"),
        (b"2026-99-99T10:00:00Z odd", None, b"2026-99-99T10:00:00Z odd"),
        (b"2026-03-12", None, b"2026-03-12"),
        (b"\xff\xff rubbish", None, b"\xff\xff rubbish"),
        (b"", None, b""),
    ],
)
def test_a_time_is_taken_off_where_there_is_one(
    line: bytes, when: datetime | None, text: bytes
) -> None:
    assert stamped(line) == (when, text)


def test_a_backend_without_times_has_its_lines_whole() -> None:
    assert plain(b"2026-03-12T10:00:00Z up") == (None, b"2026-03-12T10:00:00Z up")
