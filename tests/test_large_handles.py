"""The handle of a large answer: stable pages, any row found, columns chosen, nonsense refused."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

import pytest

from fivetabs.app.calls import App
from fivetabs.app.render import fault_text
from fivetabs.core import Answer, Invalid, NotFound
from tests.large.asking import asking
from tests.large.reading import everything, page_of
from tests.large.worlds import usual
from tests.tokens import estimate

pytestmark = pytest.mark.anyio


@dataclass
class Held:
    """A server, and an answer of it that had to leave most of its rows out."""

    app: App
    answer: Answer

    @property
    def handle(self) -> str:
        assert self.answer.more is not None
        return self.answer.more.handle


@pytest.fixture
async def pods() -> AsyncGenerator[Held]:
    async with asking(usual("kubernetes")) as app:
        yield Held(app, await app.call("get_pod_status", {}))


async def test_a_page_is_the_same_however_often_it_is_turned_to(pods: Held) -> None:
    first = await page_of(pods.app, pods.answer, 3)
    await page_of(pods.app, pods.answer, 1, grep="shop")
    assert await page_of(pods.app, pods.answer, 3) == first


async def test_pages_of_any_size_hold_the_same_rows(pods: Held) -> None:
    large = (await everything(pods.app, pods.answer))["rows"].rows
    small = [await page_of(pods.app, pods.answer, n, budget=4000) for n in range(1, 6)]
    rows = [row for page in small for row in page.rows]
    assert rows == large[: len(rows)]


async def test_any_row_is_found_by_its_name(pods: Held) -> None:
    truth = usual("kubernetes").view.truth
    for key in sorted(truth.pods)[::500]:
        namespace, _, name = key.partition("/")
        page = await page_of(pods.app, pods.answer, grep=f"^{name}$")
        found = [row for row in page.rows if row[0] == namespace]
        assert [row[1] for row in found] == [name]
        assert all(row[1] == name for row in page.rows)


async def test_a_search_counts_what_it_finds(pods: Held) -> None:
    pile = (await everything(pods.app, pods.answer, grep="^CrashLoopBackOff$"))["rows"]
    assert pile.total == len(pile.rows) == 43


async def test_columns_are_chosen(pods: Held) -> None:
    pile = (await everything(pods.app, pods.answer, fields="status, name"))["rows"]
    assert pile.columns == ("status", "name")
    assert len(pile.rows) == 5000


@pytest.mark.parametrize("page", [0, -1, 10**9, "two", 1.5])
async def test_a_page_that_cannot_be_is_refused(pods: Held, page: object) -> None:
    with pytest.raises(Invalid) as caught:
        await pods.app.call("read_more", {"handle": pods.handle, "page": page})
    assert estimate(fault_text(caught.value, demo=False)) <= 100


@pytest.mark.parametrize("pattern", ["(", "a{5000}", r"(a)\1", "(?=x)", "[z-a]" * 2000])
async def test_a_pattern_that_cannot_be_is_refused_briefly(pods: Held, pattern: str) -> None:
    with pytest.raises(Invalid, match="not a usable pattern") as caught:
        await page_of(pods.app, pods.answer, grep=pattern)
    assert estimate(fault_text(caught.value, demo=False)) <= 1000


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(.*)*x", "(?i)(z|Z)*" * 20 + "$^"])
async def test_a_pattern_that_would_hang_others_is_answered(pods: Held, pattern: str) -> None:
    page = await page_of(pods.app, pods.answer, grep=pattern)
    assert page.pages >= 1


async def test_a_search_that_finds_nothing_says_so(pods: Held) -> None:
    page = await page_of(pods.app, pods.answer, grep="no-such-pod-anywhere")
    assert page.total == 0
    assert "Nothing" in page.summary


async def test_a_column_that_is_not_there_is_answered_with_the_near_ones(pods: Held) -> None:
    with pytest.raises(Invalid, match="no field 'statu'") as caught:
        await page_of(pods.app, pods.answer, fields="name,statu")
    assert "'status'" in caught.value.hint


async def test_a_handle_of_another_process_is_unknown(pods: Held) -> None:
    """Handles are of one server alone, also where two were given the same names."""
    async with asking(usual("docker")) as other:
        with pytest.raises(NotFound, match="no handle"):
            await other.call("read_more", {"handle": pods.handle})


@pytest.mark.parametrize("handle", ["", "mark", "../../etc/passwd", "a" * 10_000, "mark0000\n"])
async def test_a_forged_handle_is_refused_briefly(pods: Held, handle: str) -> None:
    with pytest.raises(NotFound) as caught:
        await pods.app.call("read_more", {"handle": handle})
    assert estimate(fault_text(caught.value, demo=False)) <= 600


async def test_an_expired_handle_says_what_to_do() -> None:
    async with asking(usual("docker")) as app:
        answer = await app.call("list_containers", {})
        assert answer.more is not None
        later = app.handles.now() + app.handles.seconds
        app.handles.now = lambda: later
        with pytest.raises(NotFound, match="expired") as caught:
            await app.call("read_more", {"handle": answer.more.handle})
    assert "again" in caught.value.hint
