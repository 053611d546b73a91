"""What the MCP server adds to an app: progress, cancellation, and errors in plain words."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from mcp import Client
from mcp.types import CallToolResult, TextContent

from fivetabs.app.calls import open_app
from fivetabs.app.settings import AppSettings, Changes
from fivetabs.server import build
from tests.app.house import Settings, Shelf, house

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def connected(shelf: Shelf, **settings: Any) -> AsyncGenerator[Client]:
    app_settings = AppSettings(changes=Changes.MODEL, **settings)
    houses = {"shelf": Settings()}
    async with (
        open_app((house(shelf),), app_settings, houses, lambda: "mark") as app,
        Client(build(app)) as client,
    ):
        yield client


def words(result: CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


async def test_a_long_call_tells_its_progress() -> None:
    shelf, told = Shelf(), list[str]()

    async def on_progress(progress: float, total: float | None, message: str | None) -> None:
        told.append(message or "")
        shelf.hold.set()

    async with connected(shelf) as client:
        result = await client.call_tool("check_slowly", {}, progress_callback=on_progress)
    assert not result.is_error
    assert told[0] == "check_slowly: 1 s"


async def test_a_cancelled_request_stops_the_read() -> None:
    shelf = Shelf()
    async with connected(shelf) as client:
        call = asyncio.create_task(client.call_tool("check_slowly", {}))
        async with asyncio.timeout(5):
            while not shelf.waiting:  # noqa: ASYNC110  (the house has no event for it)
                await asyncio.sleep(0.005)
        call.cancel()
        async with asyncio.timeout(5):
            while not shelf.cancelled:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
        assert not (await client.call_tool("list_boxes", {})).is_error


async def test_a_defect_of_ours_is_told_without_our_insides_and_the_server_lives_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with connected(Shelf()) as client:
        result = await client.call_tool("check_defect", {})
        assert result.is_error
        assert "secret-internal-name" not in words(result)
        assert not (await client.call_tool("list_boxes", {})).is_error
    assert "secret-internal-name" in caplog.text


async def test_a_fault_is_an_error_result_with_its_hint() -> None:
    async with connected(Shelf(broken=True)) as client:
        result = await client.call_tool("list_boxes", {})
    assert result.is_error
    assert words(result) == "expired: the shelf's key ran out\nget a new key"


async def test_the_list_is_the_same_for_every_call_and_sorted() -> None:
    async with connected(Shelf()) as client:
        first = [tool.name for tool in (await client.list_tools()).tools]
        await client.call_tool("list_boxes", {})
        second = [tool.name for tool in (await client.list_tools()).tools]
    assert first == second == sorted(first)


async def test_two_calls_at_once_do_not_wait_for_each_other() -> None:
    shelf = Shelf()
    async with connected(shelf) as client:
        slow = asyncio.create_task(client.call_tool("check_slowly", {}))
        assert not (await client.call_tool("list_boxes", {})).is_error
        assert not slow.done()
        shelf.hold.set()
        assert not (await slow).is_error
