"""The strings of an answer, each with what its place says of it.

A cell under a column, a fact under its name, the value beside a name, a word behind a flag: where
the name says secret, the whole string is one.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar, cast

from pydantic import BaseModel

from fivetabs.core.secrecy import Secrecy, secrecy

T = TypeVar("T")
Change = Callable[[str, Secrecy], str]
_OWN_WORDS = frozenset({"digest", "fence", "handle", "code", "observed", "state", "severity"})
_NAMES = ("name", "key", "variable", "tag", "attribute", "setting", "field", "output", "label")
_VALUES = frozenset(
    ("value", "before", "after", "old", "new", "default", "current", "was", "now", "content")
)


def walked(value: T, change: Change) -> T:
    """The same value with every string changed; what stays equal is not copied."""
    return cast("T", _walked(value, change, Secrecy.NONE))


def _walked(value: object, change: Change, said: Secrecy) -> object:
    match value:
        case str():
            return change(value, said)
        case int() | float() if said is Secrecy.PASSWORD and not isinstance(value, bool):
            return change(str(value), said)
        case BaseModel():
            return _model(value, change)
        case dict():
            return _mapping(cast("dict[str, object]", value), change, said)
        case list() | tuple():
            return _sequence(cast("Sequence[object]", value), change, said)
        case _:
            return value


def _model(value: BaseModel, change: Change) -> BaseModel:
    altered: dict[str, Any] = {}
    columns = cast("Sequence[str]", getattr(value, "columns", ()))
    for name in type(value).model_fields:
        old = getattr(value, name)
        if name in _OWN_WORDS:
            continue
        if name == "rows" and columns:
            new = tuple(_row(row, columns, change) for row in old)
            new = old if all(a is b for a, b in zip(new, old, strict=True)) else new
        else:
            new = _walked(old, change, Secrecy.NONE)
        if new is not old:
            altered[name] = new
    return value.model_copy(update=altered) if altered else value


def _row(row: Sequence[object], columns: Sequence[str], change: Change) -> Sequence[object]:
    named = dict(zip(columns, row, strict=False))
    beside = _beside(named)
    cells = tuple(
        _walked(cell, change, max(secrecy(column), beside if column in _VALUES else Secrecy.NONE))
        for column, cell in zip(columns, row, strict=False)
    )
    return row if all(a is b for a, b in zip(cells, row, strict=True)) else cells


def _beside(named: Mapping[str, object]) -> Secrecy:
    """What the name in a row or an object says of the value beside it."""
    lowered = {key.lower(): each for key, each in named.items()}
    found = next((lowered[n] for n in _NAMES if n in lowered), "")
    return secrecy(found) if isinstance(found, str) else Secrecy.NONE


def _mapping(value: Mapping[str, object], change: Change, said: Secrecy) -> Mapping[str, object]:
    beside = _beside(value)
    holds = value.get("kind") == "Secret"
    made: dict[str, object] = {}
    for key, each in value.items():
        told = max(said, secrecy(key), beside if key.lower() in _VALUES else Secrecy.NONE)
        if holds and key in {"data", "stringData"}:
            told = Secrecy.PASSWORD
        made[change(key, Secrecy.NONE)] = _walked(each, change, told)
    same = made.keys() == value.keys() and all(made[key] is value[key] for key in value)
    return value if same else made


def _sequence(value: Sequence[object], change: Change, said: Secrecy) -> Sequence[object]:
    made = tuple(_walked(e, change, max(said, flag)) for e, flag in _flagged(value))
    return value if all(a is b for a, b in zip(made, value, strict=True)) else made


def _flagged(value: Sequence[object]) -> Iterator[tuple[object, Secrecy]]:
    """Each element, and what the flag before it says: `("--password", "x")`."""
    flag = Secrecy.NONE
    for each in value:
        yield each, flag
        is_flag = isinstance(each, str) and each.startswith("-") and "=" not in each
        flag = secrecy(cast("str", each)) if is_flag else Secrecy.NONE
