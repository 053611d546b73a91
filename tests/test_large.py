"""Every tool in large worlds: within its budget, and nothing of the truth lost."""

import json

import pytest

from fivetabs.app.render import fault_text, structured, text
from fivetabs.cli.houses import every_offer
from fivetabs.core import Answer, Effect, Fault, NotFound
from tests.large.asking import Question, asking, defaults, extremes
from tests.large.truths import CHECKS
from tests.large.worlds import WORLDS, World, world_of
from tests.tokens import estimate

pytestmark = pytest.mark.anyio

DEFAULTS = [question for world in WORLDS for question in defaults(world)]
# Tools of which no ledger of these worlds knows the truth, and where it is tested instead.
ELSEWHERE = {
    "get_pod_logs": "one log reader serves all houses: get_container_logs stands for it",
    "get_cloudwatch_logs": "the same reader",
    "run_logs_query": "says what Logs Insights said, row by row",
    "get_recent_changes": "nothing changes in these worlds",
    "check_connections": "ways to backends are the matter of tests/doctor",
    "investigate": "causes are the matter of tests/stories",
    "read_more": "everything below is read through it",
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
        except Fault as fault:  # Some extreme worlds have no workload to change, or refuse it.
            assert question.tool.effect is not Effect.READ or isinstance(fault, NotFound)
            assert estimate(fault_text(fault, demo=False)) <= question.most
            return
    assert tokens(answer) <= question.most
    assert answer.summary


@pytest.mark.parametrize("world", WORLDS, ids=str)
async def test_no_argument_makes_an_answer_larger_than_its_budget(world: World) -> None:
    """The least and the largest budget, and every optional argument at its ends."""
    over: list[str] = []
    async with asking(world) as app:
        for question in extremes(world):
            try:
                size = tokens(await app.call(question.tool.name, question.arguments))
            except Fault as fault:
                size = estimate(fault_text(fault, demo=False))
            if size > question.most:
                over.append(f"{question}: {size} > {question.most}")
    assert not over


@pytest.mark.parametrize("what", CHECKS)
async def test_what_is_said_of_a_large_world_is_true_and_whole(what: str) -> None:
    """Totals exact, the worst named, every row behind the handle once, and no other."""
    house, name, check = CHECKS[what]
    world = world_of(house, name)
    async with asking(world) as app:
        assert not [wrong async for wrong in check(app, world)]


def test_the_truth_of_every_tool_that_looks_is_checked() -> None:
    looking = {o.tool.name for o in every_offer() if o.tool.effect is Effect.READ}
    checked = {what.partition(",")[0] for what in CHECKS}
    assert looking == checked | ELSEWHERE.keys()
