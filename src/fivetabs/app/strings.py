"""Every string of an answer, to be looked at or changed, wherever it stands."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar, cast

from pydantic import BaseModel

T = TypeVar("T")
Change = Callable[[str, str], str]
"""Makes of a text, and the name of the field it stands in, the text to put there."""


def mapped(value: T, change: Change, field: str = "") -> T:
    """The same value with every string changed. Cells and facts stand in `rows` and `facts`."""
    return cast("T", _mapped(value, change, field))


def strings(value: object) -> Iterator[str]:
    """Every string, names of facts too."""
    match value:
        case str():
            yield value
        case BaseModel():
            for name in type(value).model_fields:
                yield from strings(getattr(value, name))
        case dict():
            for key, each in cast("dict[str, object]", value).items():
                yield key
                yield from strings(each)
        case list() | tuple():
            for each in cast("tuple[object, ...]", value):
                yield from strings(each)
        case _:
            return


def _mapped(value: object, change: Change, field: str) -> object:
    match value:
        case str():
            return change(value, field)
        case BaseModel():
            old = {name: getattr(value, name) for name in type(value).model_fields}
            new = {name: _mapped(each, change, name) for name, each in old.items()}
            altered: dict[str, Any] = {n: v for n, v in new.items() if v is not old[n]}
            return value.model_copy(update=altered) if altered else value
        case dict():
            pairs = cast("dict[str, object]", value).items()
            return {change(key, field): _mapped(each, change, field) for key, each in pairs}
        case list() | tuple():
            whole = cast("tuple[object, ...]", value)
            made = tuple(_mapped(each, change, field) for each in whole)
            same = all(a is b for a, b in zip(made, whole, strict=True))
            return cast("object", value) if same else made
        case _:
            return value
