"""The triage prompt, over the wire in both eras: cheap to list, plain about what to call first."""

import os
import sys
from typing import Literal

import pytest
from mcp import Client, StdioServerParameters
from mcp.shared.exceptions import MCPError
from mcp.types import TextContent

from fivetabs.cli.houses import every_offer
from fivetabs.server.prompts import triage
from tests.tokens import estimate

pytestmark = pytest.mark.anyio
Mode = Literal["auto", "legacy"]
BOTH = pytest.mark.parametrize("mode", ["auto", "legacy"])


def client(mode: Mode) -> Client:
    started = StdioServerParameters(
        command=sys.executable,
        args=["-m", "fivetabs", "--demo"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    return Client(started, mode=mode)


@BOTH
async def test_it_is_listed_and_read(mode: Mode) -> None:
    async with client(mode) as asked:
        (prompt,) = (await asked.list_prompts()).prompts
        (argument,) = prompt.arguments or []
        assert (prompt.name, argument.name, argument.required) == ("triage", "about", False)
        assert estimate(prompt.model_dump_json(exclude_none=True)) < 120
        (message,) = (await asked.get_prompt("triage", {"about": "orders-api"})).messages
        assert isinstance(message.content, TextContent)
        assert 'Call investigate with about="orders-api"' in message.content.text
        (message,) = (await asked.get_prompt("triage")).messages
        assert isinstance(message.content, TextContent)
        assert "1. Call get_health_report" in message.content.text


@BOTH
async def test_what_there_is_not_is_refused(mode: Mode) -> None:
    async with client(mode) as asked:
        with pytest.raises(MCPError, match="there is no prompt 'triag'"):
            await asked.get_prompt("triag")
        with pytest.raises(MCPError, match="takes only about, not cluster"):
            await asked.get_prompt("triage", {"cluster": "x"})
        with pytest.raises(MCPError, match="longer than 500"):
            await asked.get_prompt("triage", {"about": "x" * 501})
        assert (await asked.list_prompts()).prompts


async def test_what_was_asked_about_stays_one_string() -> None:
    assert '"a \\" } {about} b"' in triage('a " } {about} b')


@pytest.mark.parametrize("about", ["", "orders-api"])
async def test_every_tool_it_names_is_there_and_it_is_short(about: str) -> None:
    text = triage(about)
    named = {offer.tool.name for offer in every_offer() if offer.tool.name in text}
    assert {"investigate", "get_pod_logs", "get_recent_changes", "read_more"} <= named
    assert {word for word in text.split() if word.startswith("get_")} - {"get_health_report."} <= {
        *named,
        *(f"{name}," for name in named),
    }
    assert estimate(text) < 450
