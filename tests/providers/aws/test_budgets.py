"""On a huge account every answer fits its budget, and every row of it can be reached."""

import json
from typing import Any

import pytest

from fivetabs.app.calls import App
from fivetabs.app.render import structured, text
from fivetabs.core import Detail, Effect, Listing, Page
from fivetabs.providers.aws import PROVIDER
from tests.providers.aws.huge import Huge, huge_app
from tests.tokens import estimate

pytestmark = pytest.mark.anyio
TOOLS = {tool.name: tool for tool in PROVIDER.tools if tool.effect is Effect.READ}
ARGUMENTS: dict[str, dict[str, Any]] = {
    "get_aws_cost": {"days": 90},
    "get_cloudwatch_logs": {"log_group": "/shop/service-1", "since": "3h"},
    "run_logs_query": {"log_groups": "/shop/service-1"},
}
_BUDGET = 2000


async def rest(app: App, handle: str, part: str) -> list[tuple[object, ...]]:
    """Every row under a handle, page after page."""
    rows: list[tuple[object, ...]] = []
    page, pages = 1, 1
    while page <= pages:
        answer = await app.call("read_more", {"handle": handle, "page": page, "budget": 8000})
        assert isinstance(answer, Page)
        rows += answer.rows if answer.part == part else ()
        page, pages = page + 1, answer.pages
    return rows


@pytest.mark.parametrize("name", sorted(TOOLS))
async def test_the_answer_fits_two_thousand_tokens(name: str) -> None:
    async with huge_app() as app:
        answer = await app.call(name, ARGUMENTS.get(name, {}))
    assert estimate(text(answer)) <= _BUDGET
    assert estimate(json.dumps(structured(answer))) <= _BUDGET


@pytest.mark.parametrize(
    ("name", "total", "column"),
    [
        ("list_ec2_instances", 400, 0),
        ("get_cloudwatch_alarms", 200, 1),
        ("list_s3_buckets", 250, 0),
        ("list_log_groups", 600, 0),
        ("run_logs_query", 1000, 1),
    ],
)
async def test_every_row_is_counted_and_can_be_reached(name: str, total: int, column: int) -> None:
    async with huge_app() as app:
        answer = await app.call(name, ARGUMENTS.get(name, {}))
        assert isinstance(answer, Listing)
        assert answer.total == total
        assert answer.more is not None
        rows = await rest(app, answer.more.handle, "rows")
    assert len({row[column] for row in rows}) == total


async def test_what_is_sick_stands_first_and_what_is_alike_is_told_together() -> None:
    async with huge_app() as app:
        answer = await app.call("list_ec2_instances", {})
    assert isinstance(answer, Listing)
    assert answer.summary.startswith("400 EC2 instances in eu-west-1: 400 running. 58 need")
    singly, folded = answer.rows[:10], answer.rows[10:]
    assert all(str(row[0]).startswith("i-") for row in singly)
    assert {str(row[0]).split("*")[0] for row in folded} == {
        "shop-web",
        "shop-api",
        "shop-db",
        "shop-job",
    }
    assert 10 + sum(int(str(row[0]).rpartition(" x")[2]) for row in folded) == 400


async def test_findings_beyond_the_first_three_are_in_the_rows() -> None:
    huge = Huge()
    answer = await TOOLS["get_cloudwatch_alarms"].run(huge, state="")
    assert isinstance(answer, Listing)
    assert len(answer.rows) == 200
    assert sum("tells nobody" in str(row[-1]) for row in answer.rows) == 100


async def test_rising_costs_are_found_among_many() -> None:
    huge = Huge()
    answer = await TOOLS["get_aws_cost"].run(huge, days=30)
    assert isinstance(answer, Detail)
    _, services, moved = answer.tables
    assert len(services.rows) == services.total == 40
    assert len(moved.rows) == moved.total == 599


async def test_a_log_longer_than_an_answer_is_read_on_under_its_handle() -> None:
    async with huge_app() as app:
        asked = {**ARGUMENTS["get_cloudwatch_logs"], "lines": 500}
        answer = await app.call("get_cloudwatch_logs", asked)
        assert answer.more is not None
        second = await app.call("read_more", {"handle": answer.more.handle, "page": 2})
        found = await app.call("read_more", {"handle": answer.more.handle, "grep": "orders/24999 "})
    assert "25000 lines in 25000 events of 7 streams" in answer.summary
    assert isinstance(second, Page)
    assert second.total == 25_000
    assert "orders/25 " in second.text
    assert isinstance(found, Page)
    assert found.total == 1
