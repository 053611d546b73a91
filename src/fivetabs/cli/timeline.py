"""An incident as a page of Markdown: what was asked and found, what was changed and who agreed.

Words of other programs stand in fences longer than any run of backticks in them, and everything
else is escaped, so that no log line and no name can become a heading, a link or HTML.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from fivetabs.app.redact import clean
from fivetabs.app.store.accounts import told_of
from fivetabs.app.store.checking import Check
from fivetabs.app.store.lines import Line
from fivetabs.cli.events import Wanted, arguments, fact, plain, words
from fivetabs.core.quoting import unmarked

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#!|~&@$])")
_START = re.compile(r"^(\d*)([-+=.])")  # What begins a list, a rule or an underlined heading.
_LINK = re.compile(r"(?i)(https?|ftp|mailto|xmpp)(:)|\b(www)(\.)")
_DECIDED = frozenset({"plan", "asked", "agreed", "declined", "begin", "step", "end", "verified"})


def timeline(lines: Iterable[Line], wanted: Wanted, made: Check) -> str:
    """The page. `lines` are all there are; `made` is whole or not once they are read."""
    known = tuple(lines)
    shown = [line for line in known if wanted.has(line)]
    parts = [*_head(shown, made), "## What happened", ""]
    for line in shown:
        parts += _entry(line)
    changes = dict.fromkeys(fact(e, "id") for e in shown if e.event in _DECIDED and fact(e, "id"))
    if changes:
        parts += ["## Changes", ""]
        for change in changes:
            parts += _change(known, change)
    return "\n".join(parts)


def escaped(text: str) -> str:
    """One line that Markdown shows as it is."""
    safe = _START.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", plain(text)))
    return _LINK.sub(lambda m: f"{m[1] or m[3]}\\{m[2] or m[4]}", safe)


def fenced(text: str) -> Iterator[str]:
    """A block of somebody else's words, which nothing in them can end."""
    safe = clean(unmarked(text))
    longest = max((len(run) for run in re.findall("`+", safe)), default=0)
    fence = "`" * max(3, longest + 1)
    yield f"{fence}text"
    yield safe
    yield fence
    yield ""


def _head(shown: list[Line], made: Check) -> Iterator[str]:
    yield "# Incident timeline"
    yield ""
    if shown:
        yield f"From {escaped(shown[0].time)} to {escaped(shown[-1].time)}, {len(shown)} lines of"
        yield f"a record of {made.lines}. Its head is `{made.n}:{made.head}`."
    else:
        yield "Nothing is recorded of this time."
    yield ""
    if made.whole:
        yield "The record is whole: no line was changed, moved, put in or cut off."
    else:
        yield "**The record is not whole:**"
        yield ""
        yield from (f"* {escaped(f'{flaw.place} {flaw.told}')}" for flaw in made.flaws)
    yield ""


def _entry(line: Line) -> Iterator[str]:
    if line.event == "call":
        yield from _call(line)
        return
    yield f"### {escaped(line.time)} {escaped(line.event)}"
    yield ""
    yield escaped(words(line))
    yield ""
    if changes := fact(line, "changes") or _several(line.facts.get("deltas")):
        yield from fenced(changes)


def _call(line: Line) -> Iterator[str]:
    ok = bool(line.facts.get("ok"))
    yield f"### {escaped(line.time)} {escaped(fact(line, 'tool'))}{'' if ok else ' failed'}"
    yield ""
    where = f" on {escaped(fact(line, 'target'))}" if fact(line, "target") else ""
    yield f"Asked with {escaped(arguments(line)) or 'no arguments'}{where}. Answered:"
    yield ""
    yield escaped(f"{'' if ok else fact(line, 'status') + ': '}{fact(line, 'summary')}")
    yield ""
    for finding in _mappings(line.facts.get("findings")):
        code, subject, cause = (str(finding.get(k, "")) for k in ("code", "subject", "cause"))
        yield f"**{escaped(code)}** {escaped(subject)}: {escaped(cause)}"
        yield ""
        yield from _evidence(finding.get("evidence"))


def _evidence(value: object) -> Iterator[str]:
    for each in cast("list[Any]", value) if isinstance(value, list) else ():
        if isinstance(each, Mapping):
            seen = cast("Mapping[str, Any]", each)
            place = " ".join(filter(None, (str(seen.get(k) or "") for k in ("source", "time"))))
            yield f"{escaped(place)}:"
            yield ""
            yield from fenced(str(seen.get("quote", "")))
        else:
            yield from fenced(str(each))


def _change(known: tuple[Line, ...], change: str) -> Iterator[str]:
    account = told_of(known, change)
    yield f"### Change {escaped(change)}"
    yield ""
    yield escaped(f"{account.tool} {account.target}: {account.summary}")
    yield ""
    yield escaped(account.told)
    yield ""


def _mappings(value: object) -> Iterator[Mapping[str, Any]]:
    for each in cast("list[Any]", value) if isinstance(value, list) else ():
        if isinstance(each, Mapping):
            yield cast("Mapping[str, Any]", each)


def _several(value: object) -> str:
    return "\n".join(map(str, cast("list[Any]", value))) if isinstance(value, list) else ""
