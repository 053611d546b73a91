"""A house's view with other words in its raw answers, at the places a test chooses."""

import re
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import fields, is_dataclass, replace
from functools import partial
from inspect import isawaitable
from typing import Any, cast

from fivetabs.app.connections import AnyProvider

Change = Callable[[str, str], str]
"""Makes of a path (`items[].status.message`) and the text there the text to put there."""

# Maps whose keys are as free as their values.
_FREE_KEYS = re.compile(r"(?:tags|labels|annotations|outputs|output_changes)$", re.IGNORECASE)


class Poisoned:
    """Forwards whatever a view can be asked, and changes the texts of what it answers."""

    def __init__(self, view: Any, change: Change) -> None:
        self._view = view
        self._change = change

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._view, name)
        return self._asking(name, found) if callable(found) else found

    def _asking(self, name: str, ask: Callable[..., Any]) -> Callable[..., Any]:
        def asked(*given: Any, **named: Any) -> Any:
            result = ask(*given, **named)
            if isawaitable(result):
                return self._awaited(name, result)
            return self._each(name, result) if hasattr(result, "__aiter__") else result

        return asked

    async def _awaited(self, name: str, result: Awaitable[Any]) -> Any:
        return spoiled(await result, self._change, name)

    async def _each(self, name: str, result: AsyncIterator[Any]) -> AsyncGenerator[Any]:
        async for each in result:
            yield spoiled(each, self._change, name)


def poisoned(provider: AnyProvider, world: Callable[[], Any], change: Change) -> AnyProvider:
    """The house's nameplate whose demo is `world()`, with its answers changed."""

    @asynccontextmanager
    async def connect(target: str | None) -> AsyncGenerator[Any]:
        async with provider.demo(target) as connection:
            yield replace(connection, view=Poisoned(world(), change))

    return replace(provider, demo=connect)


def spoiled(value: Any, change: Change, path: str) -> Any:
    """A copy with every text changed. Cells of a Kubernetes Table are named by their column."""
    match value:
        case str():
            return change(path, value)
        case dict():
            raw = cast("dict[str, Any]", value)
            if "columnDefinitions" in raw:
                return _table(raw, change, path)
            name = partial(change, f"{path}{{}}") if _FREE_KEYS.search(path) else str
            return {name(key): spoiled(each, change, f"{path}.{key}") for key, each in raw.items()}
        case list() | tuple():
            items = cast("list[Any]", value)
            return type(value)(spoiled(each, change, f"{path}[]") for each in items)  # type: ignore[reportUnknownVariableType]
        case _ if is_dataclass(value) and not isinstance(value, type):
            parts = {f.name: getattr(value, f.name) for f in fields(value)}
            made = {n: spoiled(each, change, f"{path}.{n}") for n, each in parts.items()}
            return replace(value, **made)
        case _:
            return value


def _table(raw: Mapping[str, Any], change: Change, path: str) -> dict[str, Any]:
    names = [each["name"] for each in raw["columnDefinitions"]]
    rows = [
        {
            **row,
            "cells": [
                spoiled(cell, change, f"{path}.cells.{name}")
                for name, cell in zip(names, row["cells"], strict=True)
            ],
            "object": spoiled(row.get("object"), change, f"{path}.object"),
        }
        for row in raw["rows"]
    ]
    return {**raw, "rows": rows}
