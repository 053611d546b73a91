"""One question asked of every target of a house, because the caller said so; each has its say.

A change never spreads, and neither does a log: whose lines they are must be beyond doubt.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, TypeVar

from fivetabs.app.arguments import Asked, Offer
from fivetabs.app.connections import AnyProvider, Connections
from fivetabs.core import (
    EVERYWHERE,
    Answer,
    Detail,
    Diagnosis,
    Effect,
    Fault,
    Finding,
    Invalid,
    Investigation,
    Listing,
    Log,
    Rows,
    Severity,
    Table,
    Unavailable,
)

R = TypeVar("R", bound=Rows)
MOST = 24
Told = tuple[str, Answer | Fault]


async def names_of(offer: Offer, asked: Asked, connections: Connections) -> tuple[str | None, ...]:
    """The targets that a call is spread over, the default one (None) first; none where it is not.

    Raises:
        Invalid: If this tool does not spread.
    """
    names = await meant(offer.provider, asked.target, connections)
    if not names:
        return ()
    name = offer.label.name
    if offer.label.effect is not Effect.READ:
        raise Invalid(f"{name} changes something, and a change never spreads", hint="name a target")
    if issubclass(offer.tool.answer, Log) or offer.label.long:
        raise Invalid(f"{name} reads one target at a time", hint="name it as target")
    return names


async def meant(
    provider: AnyProvider, target: str | None, connections: Connections
) -> tuple[str | None, ...]:
    """The several targets of a house that these words mean, by name; nobody is asked.

    None where they mean just one.
    """
    if not target or EVERYWHERE not in target:
        return ()
    names: tuple[str | None, ...] = (None,)
    if not connections.demo:
        names = tuple(way.name for way in await connections.found(provider))
    return tuple(provider.spread(target, names))


async def spread(
    names: Sequence[str | None], asked: Asked, ask: Callable[[Asked], Awaitable[Answer]]
) -> Answer:
    """The answers of all targets as one; those that failed are named in `missing`.

    Raises:
        Unavailable: If none of them answers.
    """

    async def one(name: str | None) -> Told:
        try:
            answer = await ask(replace(asked, target=name))
        except Fault as fault:
            return name or "the default target", fault
        return answer.target or name or "the default target", answer

    told = _once(await asyncio.gather(*map(one, names[:MOST])))
    left = [f"{name}: not asked, more than {MOST} targets" for name in names[MOST:]]
    return merged(told, left)


def _once(told: Sequence[Told]) -> list[Told]:
    """Two names of one target (profiles of one account) count once; their facts are the same."""
    seen: set[str] = set()
    kept: list[Told] = []
    for target, each in told:
        if isinstance(each, Fault) or target not in seen:
            kept.append((target, each))
        seen.add(target)
    return kept


def merged(told: Sequence[Told], left: Sequence[str] = ()) -> Answer:
    """One answer of several, each fact with the target it is from."""
    good = [(target, each) for target, each in told if isinstance(each, Answer)]
    failed = [f"{t}: {each.status}: {each}" for t, each in told if isinstance(each, Fault)]
    if not good:
        raise Unavailable(f"none of {len(told)} targets answers: {'; '.join(failed)}")
    said = "; ".join(f"{target}: {answer.summary.rstrip('.')}" for target, answer in good)
    shared = {
        "summary": f"{len(good)} of {len(told)} targets answer. {said}.",
        "target": ", ".join(dict.fromkeys(target for target, _ in good)),
        "missing": (*failed, *left, *_each(good, lambda a: a.missing)),
        "notes": _each(good, lambda a: a.notes),
    }
    first = good[0][1]
    return first.model_copy(update={**shared, **_body(first, good)})


def _body(first: Answer, good: Sequence[tuple[str, Answer]]) -> dict[str, Any]:
    if isinstance(first, Listing):
        rows = [(target, each) for target, each in good if isinstance(each, Listing)]
        whole = _joined(rows)
        return {name: getattr(whole, name) for name in Rows.model_fields}
    body: dict[str, Any] = {}
    if isinstance(first, Detail | Diagnosis):
        body["findings"] = _findings(good)
    if isinstance(first, Detail):
        details = [(target, each) for target, each in good if isinstance(each, Detail)]
        body["facts"] = {f"{t} {n}": v for t, each in details for n, v in each.facts.items()}
    if isinstance(first, Diagnosis):
        body["healthy"] = _each(good, lambda a: a.healthy if isinstance(a, Diagnosis) else ())
    if isinstance(first, Investigation):
        body["chain"] = _each(good, lambda a: a.chain if isinstance(a, Investigation) else ())
    if isinstance(first, Detail | Investigation):
        body["tables"] = _tables(good)
    return body


def _findings(good: Sequence[tuple[str, Answer]]) -> tuple[Finding, ...]:
    """All of them, worst first; their subjects name the target."""
    each = (f for _, a in good if isinstance(a, Detail | Diagnosis) for f in a.findings)
    return tuple(sorted(each, key=lambda found: list(Severity).index(found.severity)))


def _tables(good: Sequence[tuple[str, Answer]]) -> tuple[Table, ...]:
    each = [(t, s) for t, a in good if isinstance(a, Detail | Investigation) for s in a.tables]
    each.sort(key=lambda pair: pair[1].title)
    return tuple(_joined(list(group)) for _, group in groupby(each, lambda pair: pair[1].title))


def _joined(sheets: Sequence[tuple[str, R]]) -> R:
    """Rows of one kind under one head, with a first column that says whose they are."""
    columns = next((s.columns for _, s in sheets if s.columns), ())
    same = [(target, sheet) for target, sheet in sheets if sheet.columns == columns]
    kin = tuple(f"{t}/{k}" if k else "" for t, sheet in same for k in sheet.kin)
    first = sheets[0][1]
    return first.model_copy(
        update={
            "columns": ("target", *columns) if columns else (),
            "rows": tuple((target, *row) for target, sheet in same for row in sheet.rows),
            "total": sum(sheet.total for _, sheet in sheets),
            "kin": kin,
            "fold_on": ("target", *first.fold_on) if first.fold_on else (),
        }
    )


def _each(
    good: Sequence[tuple[str, Answer]], lines: Callable[[Answer], Sequence[str]]
) -> tuple[str, ...]:
    return tuple(f"{target}: {line}" for target, answer in good for line in lines(answer))
