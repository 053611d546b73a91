"""Every tool in large worlds: within its budget, and nothing of the truth lost."""

import json

import pytest

from fivetabs.app.render import fault_text, structured, text
from fivetabs.core import Answer, Listing, NotFound, Page
from tests.large.asking import Question, asking, defaults
from tests.large.worlds import WORLDS, World, usual
from tests.tokens import estimate

pytestmark = pytest.mark.anyio

DEFAULTS = [question for world in WORLDS for question in defaults(world)]
TOTALS = {
    "kubernetes": "get_pod_status",
    "aws": "list_ec2_instances",
    "docker": "list_containers",
}


def tokens(answer: Answer) -> int:
    """Of the larger form, as clients send it."""
    written = json.dumps(structured(answer), ensure_ascii=False)
    return max(estimate(text(answer)), estimate(written))


@pytest.mark.parametrize("question", DEFAULTS, ids=str)
async def test_a_default_answer_of_a_large_world_fits_2000_tokens(question: Question) -> None:
    async with asking(question.world) as app:
        try:
            answer = await app.call(question.tool.name, question.arguments)
        except NotFound as fault:  # Some extreme worlds have no workload to restart.
            assert estimate(fault_text(fault, demo=False)) <= question.most
            return
    assert tokens(answer) <= question.most
    assert answer.summary


@pytest.mark.parametrize("house", TOTALS)
async def test_every_row_is_reached_through_the_handle_once(house: str) -> None:
    world: World = usual(house)
    async with asking(world) as app:
        answer = await app.call(TOTALS[house], {})
        assert isinstance(answer, Listing)
        assert answer.more is not None
        rows, page, pages = list[tuple[object, ...]](), 1, 1
        while page <= pages:
            given = {"handle": answer.more.handle, "page": page, "budget": 8000}
            shown = await app.call("read_more", given)
            assert isinstance(shown, Page)
            assert tokens(shown) <= 8000
            rows += shown.rows if shown.part == "rows" else ()
            page, pages = page + 1, shown.pages
    assert len(rows) == answer.total
    assert len(set(rows)) == len(rows)
