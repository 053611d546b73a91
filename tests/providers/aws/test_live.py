"""The tools on the rig's AWS."""

import re
from typing import TYPE_CHECKING, Any

import pytest

from fivetabs.core import Answer, AnyTool, Effect, Listing
from fivetabs.providers.aws import PROVIDER
from fivetabs.providers.aws.settings import Settings

if TYPE_CHECKING:
    from tests.rig import Rig

pytestmark = [pytest.mark.anyio, pytest.mark.live]
TOOLS: dict[str, AnyTool[Any]] = {
    tool.name: tool for tool in PROVIDER.tools if tool.effect is Effect.READ
}


# Windows that hold everything that was ever written: what is in them stands still.
LONG = {"get_cloudwatch_logs": {"since": "2d"}, "run_logs_query": {"since": "2d"}}
TIME = re.compile(r"\d{4}-\d\d-\d\dT[0-9:]+Z")


async def ask(tool: str, target: str | None = None) -> Answer:
    async with PROVIDER.live(Settings(), target) as connection:
        arguments = TOOLS[tool].parse({**TOOLS[tool].example, **LONG.get(tool, {})})
        answer = await TOOLS[tool].run(connection.view, **arguments)
    assert isinstance(answer, Answer)
    return answer


@pytest.mark.parametrize("tool", sorted(TOOLS))
async def test_every_tool_answers_and_reading_leaves_no_trace(on_rig: "Rig", tool: str) -> None:
    before = await ask(tool)
    await ask(tool)
    assert TIME.sub("", (await ask(tool)).summary) == TIME.sub("", before.summary)


async def test_the_incident_is_there(on_rig: "Rig") -> None:
    answer = await ask("get_cloudwatch_alarms")
    assert isinstance(answer, Listing)
    ringing = {row[1] for row in answer.rows if row[0] == "ALARM"}
    assert ringing == {"worker-c-status-check", "shop-capacity"}


async def test_both_regions_are_seen_with_all(on_rig: "Rig") -> None:
    answer = await ask("list_ec2_instances", "all")
    assert isinstance(answer, Listing)
    zones = {str(row[5])[:-1] for row in answer.rows}
    assert {"eu-west-1", "us-east-1"} <= zones
