"""A line of the audit trail in one line of words, and which lines a person wants to see."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self, cast

from fivetabs.app.fence import spoken
from fivetabs.app.redact import clean
from fivetabs.app.store.flaws import sign_told
from fivetabs.app.store.lines import Line
from fivetabs.app.store.mending import SIGN
from fivetabs.core import Invalid
from fivetabs.core.quoting import unmarked
from fivetabs.core.times import parse_span, parse_time

_LATEST = datetime.max.replace(tzinfo=UTC)
_WORDS = (
    ("plan", "{id} {tool}{on}: {summary}"),
    ("asked", "{id} {tool}{on}: {summary}"),
    ("agreed", "{id} by {who} ({way})"),
    ("declined", "{id} by {who} ({way})"),
    ("refused", "{id} {tool}: {why}"),
    ("begin", "{id} {tool}{on}"),
    ("step", "{id} step {number} {state} {told}"),
    ("end", "{id} {state} {told}"),
    ("verified", "{id} {turn} {told}"),
)
_EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines: from `since` to before `until`, of a tool, of an event (empty: of any)."""

    since: datetime = _EARLIEST
    until: datetime = _LATEST
    tool: str = ""
    event: str = ""

    @classmethod
    def of(cls, since: str, until: str, tool: str = "", event: str = "", *, now: datetime) -> Self:
        """Read the words of a command line.

        Raises:
            Invalid: If a time is none.
        """
        start = _time(since, now) if since else _EARLIEST
        return cls(start, _time(until, now) if until else _LATEST, tool, event)

    def has(self, line: Line) -> bool:
        """Whether it is one of them. A time that is none is that of a forged line: it is shown."""
        with suppress(ValueError):
            if not self.since <= parse_time(line.time) < self.until:
                return False
        return (not self.tool or line.facts.get("tool") == self.tool) and (
            not self.event or line.event == self.event
        )


def plain(text: str) -> str:
    """One line of text that does nothing to a terminal."""
    return " ".join(clean(unmarked(spoken(text))).split())


def words(line: Line) -> str:
    """What happened, in one line."""
    return plain(_words(line))


def arguments(line: Line) -> str:
    """What a call was asked with, as a person writes it."""
    given = line.facts.get("arguments")
    if isinstance(given, str):
        with suppress(ValueError):
            given = json.loads(given)
    if isinstance(given, Mapping):
        named = cast("Mapping[str, Any]", given)
        return ", ".join(f"{key}={value!r}" for key, value in named.items())
    return str(given or "")


def fact(line: Line, name: str) -> str:
    """A fact as text, empty where there is none."""
    value = line.facts.get(name)
    return "" if value is None else str(value)


def _words(line: Line) -> str:
    if line.event == SIGN:
        return sign_told(line)
    if line.event == "call":
        return _call(line)
    for event, template in _WORDS:
        if line.event == event:
            return template.format_map(_Facts(line))
    return json.dumps(dict(line.facts))


def _call(line: Line) -> str:
    outcome = "" if line.facts.get("ok") else f"{fact(line, 'status') or 'failed'}: "
    found = line.facts.get("findings")
    many = f" [{len(cast('list[Any]', found))} findings]" if isinstance(found, list) else ""
    asked = f"{fact(line, 'tool')}({arguments(line)}){_on(line)}"
    return f"{asked}: {outcome}{fact(line, 'summary')}{many}"


class _Facts(dict[str, str]):
    """The facts of a line for a template: `on` is its target, what is missing is nothing."""

    def __init__(self, line: Line) -> None:
        super().__init__({name: fact(line, name) for name in line.facts})
        self["on"] = _on(line)

    def __missing__(self, key: str) -> str:
        return ""


def _on(line: Line) -> str:
    return f" on {target}" if (target := fact(line, "target")) else ""


def _time(text: str, now: datetime) -> datetime:
    with suppress(ValueError, OverflowError):
        length: timedelta = parse_span(text)
        return now - length
    try:
        return parse_time(text)
    except ValueError as error:
        raise Invalid(f"{text!r} is no time", hint="2h, 3d, or 2026-03-12T10:14:00Z") from error
