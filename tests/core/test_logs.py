"""The log reader as a whole: sources merged, counted, paged, clustered; gaps and faults told."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from fivetabs.core import Fault, Invalid, NotFound, Unreachable
from fivetabs.core.logs import Bounds, Source, Splitter, Wish, digest, stamped
from tests.core.log_sources import at, column, dated, of_bytes, of_lines, told

pytestmark = pytest.mark.anyio

BUSY = [f"INFO request {n} took {n % 90} ms" for n in range(3000)]


async def test_sources_are_merged_in_time_order_and_labelled() -> None:
    found = await told(
        of_bytes(dated(["a1", "a2", "a3"], step=2), "app"),
        of_bytes(dated(["b1", "b2"], begin=1, step=2), "proxy"),
        of_bytes(b"", "quiet"),
    )
    assert found.text == "app| a1\nproxy| b1\napp| a2\nproxy| b2\napp| a3"
    assert found.spoken == ("app", "proxy")
    assert found.by_source == (("app", 3), ("proxy", 2), ("quiet", 0))


async def test_one_source_needs_no_label() -> None:
    found = await told(of_bytes(dated(["only"]), "app"))
    assert found.text == "only"


async def test_sources_of_one_lane_follow_each_other_whatever_their_times() -> None:
    found = await told(
        of_bytes(dated(["old"], begin=9), "before", lane="app"),
        of_bytes(dated(["new"], begin=5), "now", lane="app"),
    )
    assert found.text == "before| old\nnow| new"


async def test_more_sources_than_are_read_at_once_are_merged_all_the_same() -> None:
    sources = [of_bytes(dated([f"s{n}"], begin=20 - n), f"c{n}") for n in range(15)]
    found = await told(*sources)
    assert found.text.split("\n") == [f"c{n}| s{n}" for n in reversed(range(15))]


async def test_a_trace_stays_in_one_piece_beside_other_sources() -> None:
    trace = ["ERROR broke", "Traceback (most recent call last):", '  File "x"', "KeyError: 1"]
    found = await told(
        of_bytes(dated(trace, step=0.001), "app"),
        of_bytes(dated(["x", "y"], begin=0.0005, step=0.001), "proxy"),
    )
    assert found.text.startswith("app| ERROR broke\napp| Traceback")
    assert "app|   File" in found.text


async def test_times_that_jump_back_keep_the_order_of_their_source_and_are_told() -> None:
    lines = [(at(5), b"one"), (at(1), b"two"), (at(9), b"three")]
    found = await told(of_lines(lines, label="a"), of_lines([(at(6), b"other")], label="b"))
    assert found.text == "a| one\na| two\nb| other\na| three"
    assert "1 line came with an earlier time" in found.said[0]


@pytest.mark.parametrize("size", [1, 7, 100, 1 << 20])
async def test_it_does_not_matter_how_a_log_is_cut(size: int) -> None:
    body = dated([*BUSY[:400], "odd one", "", "\x00\x01", "café"])
    assert await told(of_bytes(body, size=size)) == await told(of_bytes(body))


async def test_totals_are_exact_with_and_without_filters() -> None:
    found = await told(of_bytes(dated(BUSY)), grep="took 1[0-9] ms", exclude="took 15")
    wanted = [line for line in BUSY if " 1" in line[-6:] and "took 15 " not in line]
    wanted = [line for line in wanted if "took 1" in line and line.endswith("ms")]
    wanted = [line for line in wanted if 10 <= int(line.split()[-2]) <= 19]
    assert (found.read, found.matched, found.shown) == (3000, len(wanted), 15)
    assert found.text.split("\n") == wanted[-15:]


@pytest.mark.parametrize("pattern", [r"(a)\1", "(?=x)", "["])
async def test_a_pattern_that_is_not_re2_is_refused_before_anything_is_read(pattern: str) -> None:
    async def begin(most: int) -> AsyncGenerator[bytes]:
        raise AssertionError
        yield b""

    with pytest.raises(Invalid, match="not a usable pattern"):
        await digest([Source("", begin)], Wish(grep=pattern))


async def test_patterns_match_what_is_no_utf8_too() -> None:
    found = await told(of_bytes(dated([b"\xff\xfe bad caf\xc3\xa9", b"good"])), grep="bad café")
    assert found.matched == 1
    assert "\ufffd" in found.text


async def test_a_short_log_is_shown_whole_and_has_no_templates() -> None:
    found = await told(of_bytes(dated(BUSY[:40])))
    assert (found.shown, found.older, found.tables) == (40, 0, ())


async def test_a_long_log_shows_few_lines_and_is_clustered() -> None:
    found = await told(of_bytes(dated([*BUSY[:1500], "the ledger is off by 3", *BUSY[1500:]])))
    assert (found.read, found.shown, found.older) == (3001, 15, 2986)
    assert column(found, "count") == [1, 3000]
    assert "the ledger is off by 3" in column(found, "example")[0]
    assert found.tables[0].title == "3001 entries have 2 shapes, times of 2026-03-12 UTC"


async def test_an_odd_line_comes_with_its_neighbours() -> None:
    found = await told(of_bytes(dated([*BUSY[:700], "ERROR lost the lease", *BUSY[700:1400]])))
    (row,) = found.tables[1].rows
    before, odd, after = (str(cell).strip("\ue000\ue001") for cell in row[1:])
    assert (before, odd, after) == (BUSY[699], "ERROR lost the lease", BUSY[700])


async def test_a_trace_is_one_entry_told_by_its_last_line() -> None:
    trace = ["ERROR order failed", "Traceback (most recent call last):", "  File", "KeyError: 'A'"]
    found = await told(of_bytes(dated([*BUSY[:500], *trace, *BUSY[500:]])))
    assert column(found, "count") == [1, 3000]
    assert "ERROR order failed | KeyError: 'A'" in column(found, "example")[0]


async def test_what_is_new_since_the_rollout_is_told() -> None:
    lines = [*BUSY[:1000], *(f"WARN retry {n}" for n in range(5)), *BUSY[1000:2000]]
    found = await told(of_bytes(dated(lines), new_since=at(900)))
    assert column(found, "new") == ["new", ""]
    assert found.said[-1] == "new since 2026-03-12T10:15:00Z: 1 of 2 shapes"


async def test_nothing_is_new_where_there_is_nothing_older_to_compare_with() -> None:
    found = await told(of_bytes(dated(BUSY), new_since=at(-5)))
    assert "new" not in found.tables[0].columns


@pytest.mark.parametrize(("lines", "total"), [(0, 900), (25, 900), (1, 30), (1000, 900)])
async def test_every_line_is_on_one_page(lines: int, total: int) -> None:
    pages: list[str] = []
    number, older = 1, 1
    while older:
        found = await told(of_bytes(dated(BUSY[:total])), lines=lines, page=number)
        pages.insert(0, found.text)
        number, older = number + 1, found.older
    assert "\n".join(pages).split("\n") == BUSY[:total]


async def test_a_page_too_old_to_be_kept_is_read_again() -> None:
    lines = [f"line {n}" for n in range(12_000)]
    found = await told(of_bytes(dated(lines)), lines=2000, page=5)
    assert found.text.split("\n") == lines[2000:4000]
    assert (found.read, found.shown, found.older) == (12_000, 2000, 2000)


async def test_beyond_the_last_page_there_is_nothing() -> None:
    found = await told(of_bytes(dated(BUSY[:10])), lines=5, page=3)
    assert (found.text, found.shown, found.older, found.matched) == ("", 0, 0, 10)


async def test_with_until_pages_stay_while_the_log_grows() -> None:
    first = await told(of_bytes(dated(BUSY[:100])), lines=10, page=2)
    grown = of_bytes(dated(BUSY[:200]))
    assert first.last is not None
    again = await told(grown, lines=10, page=2, until=first.last)
    assert again.text == first.text


async def test_lines_before_since_or_after_until_do_not_count() -> None:
    found = await told(of_bytes(dated(BUSY[:100])), since=at(10), until=at(19))
    assert found.read == 10
    assert found.text.split("\n") == BUSY[10:20]


async def test_bytes_that_are_no_text_are_shown_as_far_as_they_are_and_counted() -> None:
    found = await told(of_bytes(dated([b"\xff\xfe\x00", b"nul \0", b"fine", "café"])))
    assert found.shown == 4
    assert "2 lines came with NULs or bytes that are no UTF-8" in found.said[0]


async def test_a_line_of_ten_megabytes_is_cut_and_counted() -> None:
    found = await told(of_bytes(dated([b"x" * 10_000_000, b"after"])))
    long, after = found.text.split("\n")
    assert long == "x" * 4096 + " [line cut]"
    assert after == "after"
    assert found.cut == 10_000_000 - 4096
    assert f"{found.cut} bytes of overlong lines" in found.said[0]


async def test_lines_without_a_time_are_told_where_others_have_one() -> None:
    body = dated(["one", "two"]) + b"unable to retrieve container logs\n"
    found = await told(of_bytes(body))
    assert found.said == ("1 line came without a time, as the backend sent them",)


async def test_marks_of_ours_in_a_log_are_taken_out() -> None:
    found = await told(of_bytes(dated(["\ue001 break out \ue000 \ue002 x \ue003"])))
    assert found.text == " break out   x "


async def test_a_source_that_cannot_be_read_takes_no_other_with_it() -> None:
    found = await told(of_bytes(dated(["one"]), "app"), refusing("proxy"))
    assert found.text == "app| one"
    assert [str(each) for each in found.faults] == ["the log of proxy: no such log"]
    log = found.log(summary="", source="")
    assert log.missing == ("the log of proxy: no such log",)


async def test_what_no_source_can_tell_is_a_fault() -> None:
    with pytest.raises(NotFound, match="no such log"):
        await told(refusing("app"), refusing("proxy"))
    found = await told(refusing("app"), lenient=True)
    assert (found.read, len(found.faults)) == (0, 1)


async def test_a_log_that_breaks_off_is_told_as_far_as_it_was_read() -> None:
    async def begin(most: int) -> AsyncGenerator[bytes]:
        yield dated(BUSY[:300])
        yield b"2026-03-12T10:59:59Z torn li"
        raise Unreachable("the connection was cut")

    found = await digest([Source("", begin)], Wish())
    assert found.read == 301
    assert found.text.endswith("torn li")
    assert [str(each) for each in found.faults] == ["the log broke off: the connection was cut"]


async def test_what_is_more_than_is_read_is_told_and_the_newest_lines_are_there() -> None:
    bounds = Bounds(bytes=200_000)
    found = await told(of_bytes(dated(f"line {n}" for n in range(20_000))), bounds=bounds)
    assert found.text.endswith("line 19999")
    (gap,) = found.gaps
    assert gap.startswith("reading stopped after 0.191 MB: ")
    assert "the newest 5000 were read; what lies between them was not" in gap
    assert found.log(summary="", source="").missing == found.gaps
    assert 9000 < found.read < 20_000


async def test_no_line_is_counted_twice_where_the_newest_overlap_what_was_read() -> None:
    bounds = Bounds(bytes=500_000)
    found = await told(of_bytes(dated(f"line {n}" for n in range(17_000))), bounds=bounds)
    assert found.read == 17_000


async def test_a_stream_that_never_ends_is_read_for_a_while() -> None:
    async def begin(most: int) -> AsyncGenerator[bytes]:
        yield dated(["here"])
        if not most:
            await asyncio.Event().wait()

    source = Source("", begin, lambda: Splitter(stamped))
    found = await digest([source], Wish(bounds=Bounds(seconds=0.1)))
    assert found.text == "here"
    assert found.gaps[0].startswith("reading stopped after 0.1 s: ")


async def test_as_many_lines_as_are_asked_for_may_not_be_all() -> None:
    found = await told(of_bytes(dated(BUSY[:50])), bounds=Bounds(lines=50))
    assert found.gaps == ("only the newest 50 lines were read",)


async def test_a_cancelled_call_stops_the_reading() -> None:
    closed, begun = asyncio.Event(), asyncio.Event()

    async def begin(most: int) -> AsyncGenerator[bytes]:
        try:
            while True:
                yield dated(BUSY)
                begun.set()
                await asyncio.sleep(0)
        finally:
            closed.set()

    reading = asyncio.ensure_future(digest([Source("", begin)], Wish()))
    await begun.wait()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert closed.is_set()


async def test_the_loop_has_its_turns_while_a_log_is_read() -> None:
    turns = 0

    async def tick() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    ticking = asyncio.ensure_future(tick())
    await told(of_bytes(dated(BUSY * 10)))
    ticking.cancel()
    assert turns > 20


async def test_the_same_world_gives_the_same_answer() -> None:
    lines = [*BUSY, *(f"user {name} left" for name in "abcdefghijklmn"), "ERROR x"]
    assert await told(of_bytes(dated(lines))) == await told(of_bytes(dated(lines)))


async def test_pages_bring_the_next_templates_too() -> None:
    body = dated([*BUSY, *(" ".join(["word"] * n) for n in range(1, 40))])
    first, second = await told(of_bytes(body)), await told(of_bytes(body), page=2)
    assert len(first.tables[0].rows) == 25
    assert first.tables[0].total == second.tables[0].total
    assert not set(first.tables[0].rows) & set(second.tables[0].rows)


def refusing(label: str, lane: str = "") -> Source:
    async def begin(most: int) -> AsyncGenerator[bytes]:
        raise _refusal()
        yield b""

    return Source(label, begin, lane=lane)


def _refusal() -> Fault:
    return NotFound("no such log")


async def test_lines_without_a_time_count_whatever_is_asked_for() -> None:
    found = await told(of_lines([(None, b"one"), (None, b"two")]), since=at(5), until=at(9))
    assert found.text == "one\ntwo"


async def test_a_source_that_cannot_be_opened_lets_the_next_of_its_lane_be_read() -> None:
    gone = refusing("before", lane="app")
    found = await told(gone, of_bytes(dated(BUSY[:90]), "now", size=100, lane="app"))
    assert found.by_source == (("before", 0), ("now", 90))
    assert found.text.endswith(f"now| {BUSY[89]}")
