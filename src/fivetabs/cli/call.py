"""`fivetabs call TOOL key=value …`: one tool's answer on the terminal."""

import argparse
import asyncio
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from secrets import token_bytes, token_hex
from typing import Any

from fivetabs.app.calls import open_app
from fivetabs.app.persons import NOBODY
from fivetabs.app.redact import Redactor
from fivetabs.app.render import fault_text, structured, text
from fivetabs.app.settings import AppSettings, Changes
from fivetabs.cli.arguments import flags
from fivetabs.cli.houses import PROVIDERS, SPANNING, known_labels
from fivetabs.cli.records import records_or_why
from fivetabs.cli.settings import load
from fivetabs.cli.stderr import guard
from fivetabs.cli.terminals import Terminal, TerminalPerson, on_terminal
from fivetabs.core import Answer, Fault, Invalid


def run(options: argparse.Namespace) -> int:
    """Print the answer; 1 when the call failed. A long call is waited for."""

    def printed(answer: Answer) -> int:
        print(json.dumps(structured(answer), indent=2) if options.json else text(answer))
        return 0

    return told(options, options.tool, lambda: typed(options.tool, options.arguments), printed)


def told(
    options: argparse.Namespace,
    tool: str,
    arguments: Callable[[], Mapping[str, Any]],
    show: Callable[[Answer], int],
    waiting: Callable[[], AbstractContextManager[object]] = nullcontext,
) -> int:
    """Make one call and show its answer: what `show` returns, or 1 when the call failed.

    `waiting` is entered while the answer is waited for.
    """
    demo = False
    redactor = Redactor(token_bytes(32))
    guard(redactor)
    try:
        settings = load(PROVIDERS, flags(options), options.config)
        demo = settings.app.demo
        patient = _cautious(settings.app.model_copy(update={"job_seconds": 3600.0}))
        with waiting():
            answer = asyncio.run(_call(patient, settings.houses, redactor, tool, arguments()))
    except Fault as fault:
        print(fault_text(redactor.fault(fault), demo=demo), file=sys.stderr)
        return 1
    return show(answer)


async def _call(
    settings: AppSettings,
    houses: Any,
    redactor: Redactor,
    tool: str,
    arguments: Mapping[str, Any],
) -> Answer:
    given = (settings, houses, partial(token_hex, 4), SPANNING, redactor)
    records = records_or_why(settings)
    async with open_app(PROVIDERS, *given, records, known_labels()) as app:
        person = TerminalPerson(Terminal()) if on_terminal() else NOBODY
        return await app.call(tool, arguments, person)


def _cautious(settings: AppSettings) -> AppSettings:
    """Without a terminal a command line may be a model's: then a person is asked in any case."""
    if on_terminal():
        return settings
    softened = {Changes.MODEL: Changes.ASK, Changes.ALLOW: Changes.ASK}
    wards = tuple(
        ward.model_copy(update={"changes": softened.get(ward.changes, ward.changes)})
        for ward in settings.policy
    )
    changes = softened.get(settings.changes, settings.changes)
    return settings.model_copy(update={"changes": changes, "policy": wards})


def typed(tool: str, pairs: Sequence[str]) -> dict[str, Any]:
    """`key=value` words as arguments; the tool reads numbers and booleans out of them.

    Raises:
        Invalid: If a word has no `=`.
    """
    given: dict[str, Any] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise Invalid(f"{pair!r} is not key=value", hint=f"fivetabs call {tool} key=value")
        given[key] = value.lower() == "true" if key == "cancel" else value
    return given
