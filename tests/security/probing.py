"""Every text a tool's backend can bring it, poisoned one place at a time; what came of it."""

import re
from collections.abc import AsyncGenerator, Callable, Collection, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from fivetabs.app.calls import App, open_app
from fivetabs.app.connections import AnyProvider
from fivetabs.app.settings import AppSettings, Changes
from fivetabs.cli.houses import SPANNING
from fivetabs.core import Answer, Fault, NotFound, Page
from tests.security.hostile import PAYLOAD, faults_of, harm_in, holds_payload, marks
from tests.security.poison import Change, poisoned

Mode = Callable[[str], str]


def replaced(_: str) -> str:
    """The payload in place of a text."""
    return PAYLOAD


def added(text: str) -> str:
    """The payload behind a text."""
    return f"{text} {PAYLOAD}"


@dataclass(frozen=True)
class Ground:
    """A house, the world it tells, and which of its texts the backend's grammar keeps narrow."""

    provider: AnyProvider
    world: Callable[[], Any]
    limited: re.Pattern[str]


@dataclass
class Probe:
    """What a poisoned call came to."""

    harm: list[str]
    arrived: bool


@asynccontextmanager
async def opened(provider: AnyProvider, **settings: Any) -> AsyncGenerator[App]:
    """An app over one house's demo."""
    drawn = marks()
    chosen = AppSettings(demo=True, changes=Changes.SHOW, job_seconds=30, **settings)
    houses = {provider.name: provider.settings()}
    async with open_app((provider,), chosen, houses, lambda: next(drawn), SPANNING) as app:
        yield app


async def places(ground: Ground, tool: str, arguments: Mapping[str, Any]) -> tuple[str, ...]:
    """The paths of every text that the tool's backend brings it and that may be anything."""
    seen: dict[str, None] = {}

    def note(path: str, text: str) -> str:
        seen.setdefault(path)
        return text

    async with opened(poisoned(ground.provider, ground.world, note)) as app:
        with suppress(NotFound):  # A house that has no part in an answer brings no text to it.
            await app.call(tool, arguments)
    return tuple(path for path in seen if not ground.limited.search(path))


async def probe(
    ground: Ground, tool: str, arguments: Mapping[str, Any], where: Collection[str], mode: Mode
) -> Probe:
    """Call the tool with some places poisoned, and with its longest answer read on."""
    spoilt = poisoned(ground.provider, ground.world, at(where, mode))
    return await attacked(spoilt, tool, arguments)


def alike(paths: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Places whose last member has the same name together: all messages, all reasons, all hosts."""
    groups: dict[str, list[str]] = {}
    for path in paths:
        groups.setdefault(path.rpartition(".")[2], []).append(path)
    return tuple(map(tuple, groups.values()))


def at(where: Collection[str], mode: Mode) -> Change:
    """Changes the texts of some places."""

    def change(path: str, text: str) -> str:
        return mode(text) if path in where else text

    return change


async def attacked(
    provider: AnyProvider, tool: str, arguments: Mapping[str, Any], **settings: Any
) -> Probe:
    """What a call of a tool of a poisoned house came to, on each page of it."""
    async with opened(provider, **settings) as app:
        return await asked(app, tool, arguments)


async def asked(app: App, tool: str, arguments: Mapping[str, Any]) -> Probe:
    """What one call of an app came to, and reading on from its answer."""
    try:
        answer = await app.call(tool, arguments)
    except Fault as fault:
        return Probe(harm_in_fault(fault), "zq" in f"{fault} {fault.hint}")
    harm, arrived = harm_in(answer), holds_payload(answer)
    async for page in _read_on(app, answer):
        harm += harm_in(page)
        arrived = arrived or holds_payload(page)
    return Probe(harm, arrived)


async def _read_on(app: App, answer: Answer) -> AsyncGenerator[Page]:
    """Every page of what an answer left out."""
    number = 1
    while answer.more is not None:
        asked = {"handle": answer.more.handle, "budget": 8000, "page": number}
        page = await app.call("read_more", asked)
        assert isinstance(page, Page)
        yield page
        if number >= page.pages:
            return
        number += 1


def harm_in_fault(fault: Fault) -> list[str]:
    """What is wrong with an error as the model reads it."""
    hint, _, legend = fault.hint.rpartition("<data-")
    fence = f"<data-{legend}" if legend else ""
    told = f"{fault}\n{hint if legend else fault.hint}"
    return faults_of(told, fence)
