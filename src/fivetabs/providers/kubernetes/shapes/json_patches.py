"""JSON Patch (RFC 6902) worked out here: for the demo world, and to see what a patch takes away."""

import json
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from types import MappingProxyType
from typing import Any, cast

from fivetabs.core import Invalid
from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.pointers import index_of, look_up, pointer, tokens_of

Operation = Mapping[str, Any]


class Untrue(Invalid):
    """A `test` found something else than it asked for."""


def apply_patch(document: Json, operations: Sequence[Operation]) -> Json:
    """A copy with all operations carried out in turn.

    As in the API server's library (evanphx/json-patch), a `test` for null passes where there is
    nothing.

    Raises:
        Untrue: If a test does not hold.
        Invalid: If an operation cannot be carried out; the message names it.
    """
    made = deepcopy(document)
    for number, each in enumerate(operations):
        made = apply_one(made, each, number)
    return made


def apply_one(document: Json, operation: Operation, number: int = 0) -> Json:
    """Carry out one operation in the document itself, which may be replaced by another."""
    name = str(operation.get("op"))
    try:
        return _OPERATIONS[name](document, operation)
    except LookupError:
        where = operation.get("path") if name not in {"move", "copy"} else operation.get("from")
        raise Invalid(f"operation {number} ({name}): there is nothing at {where}") from None


def same(one: Any, other: Any) -> bool:
    """Whether two JSON values are equal; `true` is not 1."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _add(document: Json, operation: Operation) -> Json:
    return _put(document, operation["path"], deepcopy(operation["value"]), insert=True)


def _replace(document: Json, operation: Operation) -> Json:
    look_up(document, operation["path"])
    return _put(document, operation["path"], deepcopy(operation["value"]), insert=False)


def _remove(document: Json, operation: Operation) -> Json:
    *above, last = tokens_of(operation["path"])
    parent = look_up(document, pointer(*above))
    if isinstance(parent, list):
        elements = cast("list[Any]", parent)
        del elements[index_of(last, len(elements) - 1)]
    elif isinstance(parent, dict):
        del cast("Json", parent)[last]
    else:
        raise LookupError(last)  # noqa: TRY004  (the pointer leads nowhere)
    return document


def _move(document: Json, operation: Operation) -> Json:
    value = look_up(document, operation["from"])
    bare = _remove(document, {"path": operation["from"]})
    return _put(bare, operation["path"], value, insert=True)


def _copy(document: Json, operation: Operation) -> Json:
    value = deepcopy(look_up(document, operation["from"]))
    return _put(document, operation["path"], value, insert=True)


def _test(document: Json, operation: Operation) -> Json:
    try:
        found = look_up(document, operation["path"])
    except LookupError:
        found = None
    if not same(found, operation.get("value")):
        raise Untrue(f"a test of {operation['path']} does not hold")
    return document


def _put(document: Json, path: str, value: Any, *, insert: bool) -> Json:
    if not path:
        return value
    *above, last = tokens_of(path)
    parent = look_up(document, pointer(*above))
    if isinstance(parent, list):
        elements = cast("list[Any]", parent)
        if insert:
            at = len(elements) if last == "-" else index_of(last, len(elements))
            elements.insert(at, value)
        else:
            elements[index_of(last, len(elements) - 1)] = value
    elif isinstance(parent, dict):
        parent[last] = value
    else:
        raise LookupError(last)  # noqa: TRY004  (the pointer leads nowhere)
    return document


_OPERATIONS: Mapping[str, Callable[[Json, Operation], Json]] = MappingProxyType(
    {
        "add": _add,
        "remove": _remove,
        "replace": _replace,
        "move": _move,
        "copy": _copy,
        "test": _test,
    }
)
NAMES = tuple(_OPERATIONS)
"""The operations of RFC 6902."""
