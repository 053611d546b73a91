"""Handles: the whole of an answer, page by page, as long as it is kept."""

import io
from collections.abc import AsyncGenerator
from itertools import count

import pytest

from fivetabs.app.calls import App, open_app
from fivetabs.app.handles import Handles, Kept, Part
from fivetabs.app.settings import AppSettings
from fivetabs.app.store.spill import Spill
from fivetabs.core import Fault, Invalid, Listing, NotFound, Page
from tests.app.house import Settings, Shelf, house
from tests.tokens import estimate

pytestmark = pytest.mark.anyio


@pytest.fixture
async def app() -> AsyncGenerator[App]:
    marks = count()
    shelf = Shelf(boxes={f"box-{n:04}": f"state {n % 17}" for n in range(1200)})
    settings = AppSettings(handle_seconds=60)
    async with open_app(
        (house(shelf),), settings, {"shelf": Settings()}, lambda: f"m{next(marks)}"
    ) as opened:
        yield opened


async def handle_of(app: App) -> str:
    answer = await app.call("list_boxes", {"most": 1200})
    assert isinstance(answer, Listing)
    assert answer.more is not None
    return answer.more.handle


async def page(app: App, **given: object) -> Page:
    answer = await app.call("read_more", given)
    assert isinstance(answer, Page)
    return answer


async def test_the_pages_hold_every_row_once_and_nothing_else(app: App) -> None:
    handle = await handle_of(app)
    first = await page(app, handle=handle)
    pages = [first, *[await page(app, handle=handle, page=n) for n in range(2, first.pages + 1)]]
    names = [row[0] for each in pages if each.part == "rows" for row in each.rows]
    assert names == [f"box-{n:04}" for n in range(1200)]
    for each in pages:
        assert each.more is None
        assert estimate(str(each.model_dump(exclude_defaults=True))) <= 2000


async def test_a_page_says_where_and_when_its_answer_was_observed(app: App) -> None:
    shown = await page(app, handle=await handle_of(app), page=2)
    assert shown.target == "shelf:main"
    assert shown.observed == "2026-03-12T10:14:00Z"


async def test_grep_finds_a_row_anywhere(app: App) -> None:
    shown = await page(app, handle=await handle_of(app), grep="box-1199$")
    assert shown.rows == (("box-1199", "state 9"),)
    assert shown.pages == 1


async def test_what_matches_nothing_says_so(app: App) -> None:
    shown = await page(app, handle=await handle_of(app), grep="no-such-box")
    assert "matches 'no-such-box'" in shown.summary


async def test_fields_choose_columns(app: App) -> None:
    shown = await page(app, handle=await handle_of(app), fields="state")
    assert shown.columns == ("state",)


async def test_a_field_that_is_not_there_is_answered_with_the_near_one(app: App) -> None:
    handle = await handle_of(app)
    with pytest.raises(Invalid) as error:
        await page(app, handle=handle, fields="stat")
    assert "state" in error.value.hint


async def test_a_page_of_a_larger_budget_holds_more(app: App) -> None:
    handle = await handle_of(app)
    small = await page(app, handle=handle, budget=500)
    large = await page(app, handle=handle, budget=8000)
    assert len(small.rows) < len(large.rows)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"page": 10**9}, "there is no page"),
        ({"page": 0}, "page"),
        ({"page": -1}, "page"),
        ({"grep": "("}, "pattern"),
        ({"grep": r"(?=x)"}, "pattern"),
        ({"budget": 1}, "budget"),
        ({"budget": 10**9}, "budget"),
    ],
)
async def test_bad_input_is_told(app: App, given: dict[str, object], told: str) -> None:
    handle = await handle_of(app)
    with pytest.raises(Invalid, match=told):
        await page(app, handle=handle, **given)


async def test_a_catastrophic_pattern_is_answered_like_any_other(app: App) -> None:
    shown = await page(app, handle=await handle_of(app), grep="(x+x+)+y")
    assert shown.total == 0


@pytest.mark.parametrize("handle", ["", "0", "m0m1", "../../etc/passwd", "\x00", "a" * 10_000])
async def test_a_forged_handle_opens_nothing(app: App, handle: str) -> None:
    await handle_of(app)
    with pytest.raises(Fault):
        await page(app, handle=handle)


async def test_a_caller_that_wants_less_gets_less(app: App) -> None:
    for budget in (300, "300"):
        answer = await app.call("list_boxes", {"most": 1200, "budget": budget})
        assert estimate(str(answer.model_dump(exclude_defaults=True))) <= 300


@pytest.mark.parametrize("budget", [0, 199, 8001, True, "many", 3.5])
async def test_a_budget_out_of_bounds_is_refused(app: App, budget: object) -> None:
    with pytest.raises(Invalid, match="budget"):
        await app.call("list_boxes", {"budget": budget})


def kept(size: int) -> Kept:
    rows = tuple((f"{n * 7919 % 1_000_003:x}" * 20,) for n in range(size))
    return Kept("list_boxes", "t", "o", demo=False, parts=(Part("rows", ("a",), rows),))


class Clock:
    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


def handles(clock: Clock, *, in_memory: int = 10**6, on_disk: int = 10**6) -> Handles:
    numbers = count()
    spill = Spill(io.BytesIO)
    return Handles(60.0, lambda: f"h{next(numbers)}", clock, spill, in_memory, on_disk)


def test_a_handle_expires_and_says_so() -> None:
    clock = Clock()
    store = handles(clock)
    handle = store.keep(kept(3))
    assert store.find(handle) == kept(3)
    clock.time = 61.0
    with pytest.raises(NotFound, match="has expired"):
        store.find(handle)


def test_what_memory_has_no_room_for_is_read_from_the_file() -> None:
    store = handles(Clock(), in_memory=5_000)
    names = [store.keep(kept(300)) for _ in range(8)]
    assert store.held <= 5_000
    assert store.spill.size > 0
    for name in names:
        assert store.find(name) == kept(300)


def test_memory_and_disk_are_bounded_and_the_oldest_answers_go_first() -> None:
    store = handles(Clock(), in_memory=10_000, on_disk=60_000)
    names = [store.keep(kept(300)) for _ in range(40)]
    assert store.held <= 10_000
    assert store.spill.size <= 60_000
    with pytest.raises(NotFound, match="has expired"):
        store.find(names[0])
    assert store.find(names[-1]) == kept(300)


def test_closing_removes_the_file() -> None:
    store = Handles(60.0, lambda: "h", Clock(), in_memory=1)
    store.keep(kept(100))
    file = store.spill.file
    assert file is not None
    store.close()
    assert file.closed
