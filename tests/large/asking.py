"""Calls of every tool in a large world: the default one, and those with every argument extreme."""

from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any, cast

from fivetabs.app.calls import App, open_app
from fivetabs.app.settings import AppSettings, Changes
from fivetabs.cli.houses import SPANNING, every_offer
from fivetabs.core import AnyTool, Effect
from tests.large.worlds import WORLDS, World

LEAST, CEILING, DEFAULT = 200, 8000, 2000
_BESIDE = ("namespace",)
"""Optional arguments that are given along where another is required, as somebody would."""


@dataclass(frozen=True)
class Question:
    """One call of a tool in a world, and the budget it has to keep."""

    world: World
    tool: AnyTool[Any]
    arguments: Mapping[str, Any] = field(default_factory=dict[str, Any])
    most: int = CEILING

    def __str__(self) -> str:
        told = ", ".join(f"{k}={str(v)[:40]!r}" for k, v in self.arguments.items())
        return f"{self.tool.name}({told}) in {self.world}"


class NoWorldError(Exception):
    """A tool has an argument that no large world can answer for: teach `tests.large.worlds` it."""


def defaults(world: World) -> Iterator[Question]:
    """Every tool of the world's house, asked for nothing but what it must be told."""
    for tool in _tools(world):
        yield Question(world, tool, _required(world, tool), DEFAULT)


def extremes(world: World) -> Iterator[Question]:
    """Every tool with the least and the largest budget, and each argument at its ends."""
    for tool in _tools(world):
        least = _required(world, tool)
        if tool.effect is Effect.READ:
            yield Question(world, tool, {**least, "budget": LEAST}, LEAST)
            yield Question(world, tool, {**least, "budget": CEILING}, CEILING)
        for name, values in _ends(world, tool).items():
            for value in values:
                asked = {**least, name: value}
                yield Question(world, tool, asked, DEFAULT)
                if tool.effect is Effect.READ:
                    yield Question(world, tool, {**asked, "budget": CEILING}, CEILING)


@asynccontextmanager
async def asking(world: World) -> AsyncGenerator[App]:
    """The whole server over a large world; the other houses are not there."""
    marks = count()
    chosen = AppSettings(
        changes=Changes.MODEL, job_seconds=120, call_seconds=300, house_seconds=120
    )
    houses = tuple(part.provider() for part in world.parts)
    unset = {house.name: house.settings() for house in houses}
    async with open_app(houses, chosen, unset, lambda: f"mark{next(marks):04}", SPANNING) as app:
        yield app


def _tools(world: World) -> tuple[AnyTool[Any], ...]:
    return tuple(each.tool for each in every_offer() if each.provider.name == world.house)


def _required(world: World, tool: AnyTool[Any]) -> dict[str, Any]:
    fields = tool.arguments.model_fields
    needed = [name for name, each in fields.items() if each.is_required()]
    beside = [name for name in _BESIDE if needed and name in fields]
    return {name: _values(world, tool, name)[0] for name in (*needed, *beside)}


def _ends(world: World, tool: AnyTool[Any]) -> dict[str, tuple[Any, ...]]:
    """For each optional argument the values at its ends."""
    schema = tool.arguments.model_json_schema()
    told = cast("dict[str, dict[str, Any]]", schema.get("properties", {}))
    return {name: _at_ends(world, tool, name, each) for name, each in told.items()}


def _at_ends(world: World, tool: AnyTool[Any], name: str, schema: Mapping[str, Any]) -> Any:
    match schema.get("type"):
        case "integer":
            return tuple(schema[end] for end in ("minimum", "maximum") if end in schema)
        case "boolean":
            return (True,)
        case _:
            return _values(world, tool, name)


def _values(world: World, tool: AnyTool[Any], name: str) -> tuple[Any, ...]:
    if name not in world.values:
        raise NoWorldError(f"what can {name!r} of {tool.name} be in {world}?")
    return tuple(value for value in world.values[name] if _fits(tool, name, value))


def _fits(tool: AnyTool[Any], name: str, value: Any) -> bool:
    """Whether this tool takes the value: arguments of one name differ from tool to tool."""
    try:
        tool.arguments.__pydantic_validator__.validate_assignment(
            tool.arguments.model_construct(), name, value
        )
    except ValueError:
        return False
    return True


__all__ = ["CEILING", "DEFAULT", "LEAST", "WORLDS", "NoWorldError", "Question", "asking"]
