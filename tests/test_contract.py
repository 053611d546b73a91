"""What is promised of every tool and every rule. Adding one adds its cases."""

import json
import re
from collections.abc import AsyncGenerator
from copy import deepcopy
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any, cast

import pytest
from jsonschema import Draft202012Validator, validate

from fivetabs.app.arguments import Offer, offers_of
from fivetabs.app.calls import App, open_app
from fivetabs.app.connections import AnyProvider
from fivetabs.app.render import structured, text
from fivetabs.app.schema import input_schema, output_schema
from fivetabs.app.settings import AppSettings, Changes
from fivetabs.cli.houses import PROVIDERS, SPANNING
from fivetabs.core import AnyTool, Effect, Fault, Plan, Rule
from fivetabs.server import describe
from tests.app.desk import sample_desk, with_change, with_example
from tests.app.estate import sample_estate
from tests.tokens import estimate

EVERY = (*PROVIDERS, sample_desk(), sample_estate())
TOOLS = [pytest.param(p, t, id=t.name) for p in EVERY for t in p.tools]
RULES = [pytest.param(p, r, id=r.code) for p in PROVIDERS for r in p.rules]
every_tool = pytest.mark.parametrize(("provider", "tool"), TOOLS)
LOOKING = frozenset(["get", "list", "describe", "check", "find", "investigate", "read", "run"])
CHANGING = frozenset(["restart", "scale", "rollback", "update", "start", "stop", "apply", "undo"])
BUDGET = 2000


@pytest.fixture
async def app(tmp_path: Path) -> AsyncGenerator[App]:
    marks = count()
    settings = AppSettings(demo=True, changes=Changes.MODEL, job_seconds=30)
    houses = {p.name: p.settings() for p in PROVIDERS}
    kept = with_change(tmp_path)
    async with open_app(
        PROVIDERS, settings, houses, lambda: f"mark{next(marks)}", SPANNING, records=kept
    ) as opened:
        with_example(opened.handles)
        yield opened


@pytest.mark.anyio
@every_tool
async def test_the_example_is_answered_within_its_schema_and_budget(
    app: App, provider: AnyProvider, tool: AnyTool[Any]
) -> None:
    answer = await app.call(tool.name, tool.example)
    value = structured(answer)
    validate(value, output_schema(tool.answer, long=tool.long))
    assert value["demo"] is True
    assert estimate(text(answer)) <= BUDGET
    assert estimate(json.dumps(value)) <= BUDGET


@pytest.mark.anyio
@every_tool
async def test_text_and_structure_tell_the_same_facts(
    app: App, provider: AnyProvider, tool: AnyTool[Any]
) -> None:
    answer = await app.call(tool.name, tool.example)
    words = re.sub(r"\s+", " ", text(answer)).lower().replace('\\"', '"')
    missing = [leaf for leaf in _leaves(structured(answer)) if leaf.lower() not in words]
    assert not missing


@pytest.mark.anyio
@every_tool
async def test_the_same_question_gets_the_same_bytes(
    app: App, provider: AnyProvider, tool: AnyTool[Any]
) -> None:
    async with provider.demo(None) as first, provider.demo(None) as second:
        arguments = tool.parse(tool.example)
        assert await tool.run(first.view, **arguments) == await tool.run(second.view, **arguments)


@pytest.mark.anyio
@every_tool
async def test_looking_changes_nothing(provider: AnyProvider, tool: AnyTool[Any]) -> None:
    """Not even a change tool writes: it returns a plan, and the world is as it was."""
    async with provider.demo(None) as connection:
        before = _world(connection.view)
        result = await tool.run(connection.view, **tool.parse(tool.example))
        assert _world(connection.view) == before
    assert isinstance(result, Plan) is (tool.effect is not Effect.READ)


@pytest.mark.anyio
@every_tool
async def test_a_plan_does_what_it_says(provider: AnyProvider, tool: AnyTool[Any]) -> None:
    async with provider.demo(None) as connection:
        result = await tool.run(connection.view, **tool.parse(tool.example))
        if isinstance(result, Plan):
            before = _world(connection.view)
            for step in result.steps:
                await connection.commit(step)
            # The desk takes changes back in the houses' worlds: see tests/app/test_changing.py.
            assert _world(connection.view) != before or provider.name == "desk"


@pytest.mark.anyio
@every_tool
async def test_an_unknown_target_is_an_error_that_says_so(
    app: App, provider: AnyProvider, tool: AnyTool[Any]
) -> None:
    arguments = {**tool.example, "target": "no-such-target"}
    with pytest.raises(Fault) as error:
        await app.call(tool.name, arguments)
    assert "target" in str(error.value) or "no-such-target" in str(error.value)


@every_tool
def test_its_name_and_description_follow_the_grammar(
    provider: AnyProvider, tool: AnyTool[Any]
) -> None:
    verb = tool.name.split("_")[0]
    assert re.fullmatch(r"[a-z][a-z0-9_]{2,39}", tool.name)
    assert verb in (LOOKING if tool.effect is Effect.READ else CHANGING)
    assert 40 <= len(tool.description) <= 2048
    assert tool.description[0].isupper()
    assert tool.description.endswith(".")
    assert not re.search(r"\b(must|always|never) (call|use)\b", tool.description)


@every_tool
def test_its_schemas_are_plain(provider: AnyProvider, tool: AnyTool[Any]) -> None:
    """Some hosts refuse a whole tools/list over one `$ref` or top-level `anyOf`."""
    listed = describe(_offer(provider, tool))
    for schema in (listed.input_schema, listed.output_schema or {}):
        written = json.dumps(schema)
        assert "$ref" not in written
        assert "$defs" not in written
        assert not {"anyOf", "oneOf", "allOf"} & schema.keys()
        Draft202012Validator.check_schema(schema)
    assert listed.input_schema["additionalProperties"] is False
    assert input_schema(tool.arguments, {})["type"] == "object"
    for name, schema in listed.input_schema["properties"].items():
        assert schema.get("description"), name


@every_tool
def test_its_annotations_are_set(provider: AnyProvider, tool: AnyTool[Any]) -> None:
    notes = describe(_offer(provider, tool)).annotations
    assert notes is not None
    assert notes.title
    assert notes.read_only_hint is (tool.effect is Effect.READ)
    assert notes.destructive_hint is (tool.effect is Effect.DESTROY)
    assert notes.idempotent_hint is not None
    assert notes.open_world_hint is True


@pytest.mark.parametrize(("provider", "rule"), RULES)
def test_every_rule_explains_itself_fires_and_stays_quiet(
    provider: AnyProvider, rule: Rule[Any]
) -> None:
    assert re.fullmatch(r"(K8S|AWS|DKR|TF)\d{3}", rule.code)
    assert 10 <= len(rule.title) <= 90
    assert len(rule.fix) >= 20
    cases = import_module(f"tests.providers.{provider.name}.rule_cases").CASES
    fires, quiet = cases[rule.code]
    assert list(rule(fires))
    assert not list(rule(quiet))


def test_codes_and_names_are_unique() -> None:
    codes = [rule.code for p in PROVIDERS for rule in p.rules]
    names = [tool.name for p in PROVIDERS for tool in p.tools]
    assert len(codes) == len(set(codes))
    assert len(names) == len(set(names))


def _offer(provider: AnyProvider, tool: AnyTool[Any]) -> Offer:
    return offers_of(provider)[tool.name]


def _world(view: Any) -> object:
    """Everything a demo view holds, by value."""
    return deepcopy(_state(view))


def _state(view: Any) -> Any:
    slots = [name for kind in type(view).__mro__ for name in getattr(kind, "__slots__", ())]
    names = [*slots, *getattr(view, "__dict__", {})]
    return {name: repr(getattr(view, name)) for name in names}


def _leaves(value: object) -> list[str]:
    """Every string and number of a structure, as the text writes them."""
    match value:
        case bool():
            return []
        case dict():
            children = cast("dict[str, object]", value)
            return [leaf for each in children.values() for leaf in _leaves(each)]
        case list():
            return [leaf for each in cast("list[object]", value) for leaf in _leaves(each)]
        case float():
            return [f"{value:.2f}"]
        case str():
            return [re.sub(r"\s+", " ", value).strip()]
        case _:
            return [str(value)]
