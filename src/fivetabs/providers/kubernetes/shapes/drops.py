"""What an object would lose by a patch, and whether the patch says so.

A strategic merge patch replaces some lists as a whole (the rules of an Ingress, tolerations), and a
JSON Patch may replace a whole container: whoever wrote it then often forgot the rest.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from fivetabs.core import Invalid
from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.edits import key_of, writable_part, written
from fivetabs.providers.kubernetes.shapes.json_patches import Operation, apply_one
from fivetabs.providers.kubernetes.shapes.pointers import look_up

Steps = tuple["str | int | Mapping[str, Any]", ...]
_HINT = (
    "name each field that is to go: null in a merge patch, or a `remove` in a JSON Patch; a merge "
    "patch replaces lists without names (rules, tolerations, metrics) as a whole"
)


def check_drops(before: Json, after: Json, patch: Any) -> None:
    """Refuse a merge patch by which a field would go that it does not name.

    Raises:
        Invalid: If one would; the message names it.
    """
    old = writable_part(before)
    for lost in drops(old, writable_part(after)):
        if (left := _unnamed(patch, lost, _at(old, lost))) is not None:
            raise _refusal(left)


def check_kept(worked: Json, after: Json) -> None:
    """Refuse a JSON Patch of which the API server makes less than it says.

    Raises:
        Invalid: If it would drop a field that the patch leaves.
    """
    old = writable_part(worked)
    for lost in drops(old, writable_part(after)):
        if _at(old, lost) not in ({}, []):  # The API leaves out what is empty.
            raise _refusal(lost)


def drops(before: Any, after: Any, path: Steps = ()) -> Iterator[Steps]:
    """The uppermost fields and elements that are there before and not after."""
    if isinstance(before, dict):
        old = cast("Json", before)
        if not isinstance(after, dict):
            yield path
            return
        for name in sorted(old):
            if name not in after:
                yield (*path, name)
            else:
                yield from drops(old[name], after[name], (*path, name))
    elif isinstance(before, list) and any(isinstance(e, dict) for e in cast("list[Any]", before)):
        old_list = cast("list[Any]", before)
        new_list = cast("list[Any]", after) if isinstance(after, list) else []
        yield from _elements(old_list, new_list, path)


def _unnamed(patch: Any, lost: Steps, value: Any) -> Steps | None:
    """What of something lost a patch does not name: it itself, or a part of it, is to be named."""
    if names(patch, lost):
        return None
    inside: list[tuple[Steps, Any]] = []
    if isinstance(value, dict):
        inside = [((*lost, name), each) for name, each in cast("Json", value).items()]
    elif isinstance(value, list) and (key := key_of(elements := cast("list[Any]", value))):
        inside = [((*lost, {key: each[key]}), each) for each in elements]
    if not inside:
        return lost
    left = (_unnamed(patch, steps, each) for steps, each in inside)
    return next((each for each in left if each is not None), None)


def _at(value: Any, steps: Steps) -> Any:
    """What stands at the end of these steps."""
    for step in steps:
        keyed = isinstance(step, Mapping)
        value = _named(cast("list[Any]", value), step) if keyed else value[step]
    return value


def names(patch: Any, lost: Steps) -> bool:
    """Whether a strategic merge patch says that this is to go: by null, or `$patch: delete`."""
    here = patch
    for step in lost:
        if isinstance(here, dict) and isinstance(step, str):
            if step not in here:
                return False
            here = cast("Json", here)[step]
            if here is None:
                return True
        elif isinstance(here, list) and isinstance(step, Mapping):
            here = _named(cast("list[Any]", here), step)
            if isinstance(here, dict) and cast("Json", here).get("$patch") == "delete":
                return True
        else:
            return False
    return False


def worked_out(before: Json, operations: Sequence[Operation]) -> Json:
    """What a JSON Patch makes of the object.

    Raises:
        Invalid: If it cannot be carried out, or replaces something by less without saying so.
    """
    made = cast("Json", json.loads(written(before)))
    for number, each in enumerate(operations):
        there = _there(made, each)
        made = apply_one(made, each, number)
        if there is not None and each["op"] in {"add", "replace", "copy", "move"}:
            put = _there(made, each)
            for lost in drops(there, put):
                raise _refusal((str(each["path"]), *lost))
    return made


def _there(document: Json, operation: Operation) -> Any:
    """What an operation would overwrite; None where it overwrites nothing, or inserts."""
    path = str(operation["path"])
    above = path.rpartition("/")[0]
    try:
        inserts = operation["op"] != "replace" and isinstance(look_up(document, above), list)
        return None if inserts else look_up(document, path)
    except LookupError:
        return None


def _elements(old: list[Any], new: list[Any], path: Steps) -> Iterator[Steps]:
    key = key_of(old, new) if new else key_of(old)
    if key:
        known = {written(each[key]): each for each in new}
        for each in old:
            step = {key: each[key]}
            if written(each[key]) not in known:
                yield (*path, step)
            else:
                yield from drops(each, known[written(each[key])], (*path, step))
    elif len(old) == len(new):
        for index, pair in enumerate(zip(old, new, strict=True)):
            yield from drops(*pair, (*path, index))
    else:
        left = [written(each) for each in new]
        for index, each in enumerate(old):
            if written(each) not in left:
                yield (*path, index)
            else:
                left.remove(written(each))


def _named(elements: list[Any], step: Mapping[str, Any]) -> Any:
    for each in elements:
        if isinstance(each, dict) and all(cast("Json", each).get(k) == v for k, v in step.items()):
            return cast("Json", each)
    return None


def _refusal(lost: Steps) -> Invalid:
    told = "/".join(
        f"[{'='.join(map(str, next(iter(each.items()))))}]"
        if isinstance(each, Mapping)
        else str(each)
        for each in lost
    )
    return Invalid(
        f"the patch would drop {told.strip('/')!r}, which it does not name; nothing was done",
        hint=_HINT,
    )
