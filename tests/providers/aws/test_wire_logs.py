"""CloudWatch Logs over AWS's own wire format: what only a real request and a real refusal show."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, suppress
from itertools import count
from threading import Event
from typing import Any

import pytest

from fivetabs.app.calls import App, open_app
from fivetabs.app.settings import AppSettings
from fivetabs.core import (
    Answer,
    Denied,
    Fault,
    Invalid,
    Listing,
    Log,
    NotFound,
    Unavailable,
    quoted,
)
from fivetabs.providers.aws import PROVIDER
from tests.providers.aws.asking import PATIENT, TOOLS, ask, live, until
from tests.providers.aws.serving import Behaviour

pytestmark = pytest.mark.anyio
GROUP = "/shop/orders-api"
QUESTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("list_log_groups", {"name": "lambda"}),
    ("get_cloudwatch_logs", {"log_group": "order-events", "since": "12h", "lines": 7}),
    ("get_cloudwatch_logs", {"log_group": GROUP, "grep": "FATAL", "stream": "x2k4p"}),
    ("get_cloudwatch_logs", {"log_group": GROUP, "since": "2d", "until": "1d"}),
    ("run_logs_query", {"log_groups": "/shop/*", "query": "stats count(*) by @log", "since": "3h"}),
)


@asynccontextmanager
async def opened(**settings: Any) -> AsyncGenerator[App]:
    marks = count()
    houses = {"aws": PATIENT}
    async with open_app(
        (PROVIDER,), AppSettings(**settings), houses, lambda: f"handle{next(marks)}"
    ) as app:
        yield app


async def fault(tool: str, **arguments: Any) -> Fault:
    with pytest.raises(Fault) as caught:
        await ask(tool, **arguments)
    return caught.value


@pytest.fixture
def held(aws: Behaviour) -> Generator[Behaviour]:
    """Results of queries do not come until the test lets them."""
    aws.held["GetQueryResults"] = Event()
    yield aws
    aws.held["GetQueryResults"].set()


@pytest.mark.parametrize(("name", "arguments"), QUESTIONS)
async def test_live_and_demo_answer_alike(
    aws: Behaviour, name: str, arguments: dict[str, Any]
) -> None:
    tool = TOOLS[name]
    given = tool.parse(arguments)
    async with PROVIDER.demo(None) as demo, live() as connection:
        told = await tool.run(demo.view, **given)
        assert await tool.run(connection.view, **given) == told
    assert isinstance(told, Answer)


async def test_pages_of_events_are_asked_for_one_after_the_other(aws: Behaviour) -> None:
    answer = await ask("get_cloudwatch_logs", log_group=GROUP, since="5h")
    assert isinstance(answer, Log)
    asked = [each.params for each in aws.asked if each.operation == "FilterLogEvents"]
    assert [each.get("nextToken") for each in asked] == [None, "200", "400", "600", "800", "1000"]
    assert answer.missing == ()


async def test_a_refusal_names_the_action_to_allow(aws: Behaviour) -> None:
    aws.errors["FilterLogEvents"] = (400, "AccessDeniedException", "User: x is not authorized")
    told = await fault("get_cloudwatch_logs", log_group=GROUP)
    assert isinstance(told, Denied)
    assert told.hint == "allow logs:FilterLogEvents to the identity of profile 'default'"
    assert quoted("User: x is not authorized") in str(told)


async def test_a_group_that_goes_away_is_absent_and_not_denied(aws: Behaviour) -> None:
    said = "The specified log group does not exist."
    aws.errors["FilterLogEvents"] = (400, "ResourceNotFoundException", said)
    assert isinstance(await fault("get_cloudwatch_logs", log_group=GROUP), NotFound)


async def test_a_throttled_page_is_asked_for_again(aws: Behaviour) -> None:
    aws.once["FilterLogEvents"] = (400, "ThrottlingException", "Rate exceeded")
    answer = await ask("get_cloudwatch_logs", log_group=GROUP)
    assert answer.missing == ()


async def test_a_query_that_does_not_parse_is_told_with_its_place(aws: Behaviour) -> None:
    aws.details["StartQuery"] = {
        "queryCompileError": {
            "location": {"startCharOffset": 22, "endCharOffset": 27},
            "message": "unexpected symbol found count",
        }
    }
    said = "unexpected symbol found count (Service: AWSLogs; Status Code: 400)"
    aws.errors["StartQuery"] = (400, "MalformedQueryException", said)
    told = await fault("run_logs_query", log_groups=GROUP, query="fields @timestamp | count()")
    assert isinstance(told, Invalid)
    words = quoted("unexpected symbol found count")
    assert str(told) == f"Logs Insights refuses the query (characters 22 to 27): {words}"


async def test_a_malformed_query_without_a_place_is_told_in_the_services_words(
    aws: Behaviour,
) -> None:
    aws.errors["StartQuery"] = (400, "MalformedQueryException", "No valid query")
    told = await fault("run_logs_query", log_groups=GROUP)
    assert str(told) == f"Logs Insights refuses the query: {quoted('No valid query')}"


async def test_a_start_that_may_have_succeeded_is_not_repeated(aws: Behaviour) -> None:
    aws.errors["StartQuery"] = (500, "InternalFailure", "")
    assert isinstance(await fault("run_logs_query", log_groups=GROUP), Unavailable)
    assert aws.operations().count("logs:StartQuery") == 1


async def test_a_start_that_was_refused_for_its_rate_is_repeated(aws: Behaviour) -> None:
    aws.once["StartQuery"] = (400, "LimitExceededException", "too many queries")
    await ask("run_logs_query", log_groups=GROUP)
    assert aws.operations().count("logs:StartQuery") == 2


async def test_two_callers_each_have_a_query_of_their_own(aws: Behaviour) -> None:
    await asyncio.gather(*(ask("run_logs_query", log_groups=GROUP) for _ in range(2)))
    async with live() as connection:
        tool = TOOLS["run_logs_query"]
        given = tool.parse({"log_groups": GROUP})
        await asyncio.gather(*(tool.run(connection.view, **given) for _ in range(2)))
    assert aws.operations().count("logs:StartQuery") == 4


async def test_a_long_query_answers_with_a_handle_and_then_with_its_result(
    held: Behaviour,
) -> None:
    async with opened(job_seconds=0.05) as app:
        hour = {"since": "2026-03-12T09:14:00Z", "until": "2026-03-12T10:14:00Z"}
        first = await app.call("run_logs_query", {"log_groups": GROUP, **hour})
        assert first.job is not None
        assert first.job.state == "running"
        held.held["GetQueryResults"].set()
        again = first
        while again.job is not None:
            again = await app.call("run_logs_query", {"job": first.job.handle})
    assert isinstance(again, Listing)
    assert "FATAL could not connect to orders-db" in str(again.rows)
    assert "logs:StopQuery" not in held.operations()


async def test_cancelling_the_job_stops_the_query(held: Behaviour) -> None:
    async with opened(job_seconds=0.05) as app:
        first = await app.call("run_logs_query", {"log_groups": GROUP})
        assert first.job is not None
        await until(lambda: "logs:GetQueryResults" in held.operations())
        job = {"job": first.job.handle, "cancel": True}
        ended = await app.call("run_logs_query", job)
    assert ended.job is not None
    assert ended.job.state == "cancelled"
    (stop,) = [each.params for each in held.asked if each.operation == "StopQuery"]
    (looked,) = [each.params for each in held.asked if each.operation == "GetQueryResults"]
    assert stop == looked


async def test_a_query_whose_start_was_on_its_way_is_stopped_as_well(aws: Behaviour) -> None:
    aws.held["StartQuery"] = Event()
    asking = asyncio.ensure_future(ask("run_logs_query", log_groups=GROUP))
    await until(lambda: "logs:StartQuery" in aws.operations())
    asking.cancel()
    await asyncio.sleep(0)
    aws.held["StartQuery"].set()
    with suppress(asyncio.CancelledError):
        await asking
    assert "logs:StopQuery" in aws.operations()


async def test_the_end_of_the_server_stops_its_queries(held: Behaviour) -> None:
    async with opened(job_seconds=0.05) as app:
        await app.call("run_logs_query", {"log_groups": GROUP})
        await until(lambda: "logs:GetQueryResults" in held.operations())
    assert "logs:StopQuery" in held.operations()


@pytest.mark.parametrize("handle", ["nope", "handle999", "../x", "-", "é" * 600])
async def test_a_forged_job_handle_is_not_found(aws: Behaviour, handle: str) -> None:
    async with opened() as app:
        for arguments in ({"job": handle}, {"job": handle, "cancel": True}):
            with pytest.raises(NotFound, match="there is no job"):
                await app.call("run_logs_query", arguments)
    assert aws.asked == []
