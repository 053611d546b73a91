"""Whatever a caller writes, the answer is an answer or a Fault in words, never a defect."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from fivetabs.app.calls import App, open_app
from fivetabs.app.render import fault_text, text
from fivetabs.app.settings import AppSettings, Changes
from fivetabs.cli.houses import PROVIDERS
from fivetabs.core import AnyTool, Fault, Invalid

pytestmark = pytest.mark.anyio

TOOLS = [tool for p in PROVIDERS for tool in p.tools]
STRINGS = [
    pytest.param(tool, name, id=f"{tool.name}.{name}")
    for tool in TOOLS
    for name, field in tool.arguments.model_fields.items()
    if field.annotation is str
]
NAMES = [
    pytest.param(tool, name, id=f"{tool.name}.{name}")
    for tool in TOOLS
    for name in tool.arguments.model_fields
    if name in {"namespace", "pod_name", "name", "container", "container_name", "directory"}
    and not (tool.name.startswith("list_") and name == "name")
]
HOSTILE = (
    "-x",
    "--server=https://attacker.example",
    "a/b",
    "../../etc/passwd",
    "/etc/passwd",
    "a b",
    "a\nb",
    "a\x00b",
    "a?b=c",
    "a%2fb",
    "$(id)",
    "é" * 300,
    "x" * 5000,
)


@pytest.fixture
async def app() -> AsyncGenerator[App]:
    settings = AppSettings(demo=True, changes=Changes.ALLOW, job_seconds=30)
    houses = {p.name: p.settings() for p in PROVIDERS}
    async with open_app(PROVIDERS, settings, houses, lambda: "mark") as opened:
        yield opened


async def said(app: App, tool: str, arguments: dict[str, Any]) -> str:
    """The text a model would read, whether it worked or not; any other exception is a defect."""
    try:
        return text(await app.call(tool, arguments))
    except Fault as fault:
        return fault_text(fault, demo=True)


@pytest.mark.parametrize(("tool", "name"), STRINGS)
async def test_any_text_in_any_argument_gets_an_answer_or_a_fault(
    app: App, tool: AnyTool[Any], name: str
) -> None:
    for value in HOSTILE:
        told = await said(app, tool.name, {**tool.example, name: value})
        assert told.startswith("DEMO DATA")
        assert "\x00" not in told


@pytest.mark.parametrize(("tool", "name"), NAMES)
@pytest.mark.parametrize("value", HOSTILE)
async def test_a_name_that_cannot_be_one_is_refused(
    app: App, tool: AnyTool[Any], name: str, value: str
) -> None:
    with pytest.raises(Fault) as error:
        await app.call(tool.name, {**tool.example, name: value})
    assert len(fault_text(error.value, demo=True)) < 2500


@pytest.mark.parametrize("tool", TOOLS, ids=lambda t: t.name)
@pytest.mark.parametrize("wrong", [None, [], {}, {"$gt": ""}, 3.5])
async def test_a_value_of_another_type_is_refused(
    app: App, tool: AnyTool[Any], wrong: object
) -> None:
    for name in tool.arguments.model_fields:
        with pytest.raises(Invalid, match=name):
            await app.call(tool.name, {**tool.example, name: wrong})


@pytest.mark.parametrize("tool", TOOLS, ids=lambda t: t.name)
async def test_an_argument_nobody_declared_is_refused(app: App, tool: AnyTool[Any]) -> None:
    with pytest.raises(Invalid, match="nothing was done"):
        await app.call(tool.name, {**tool.example, "namespce": "prod"})
