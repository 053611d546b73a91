"""Whether an object is still the one that a step was planned for."""

import json

from fivetabs.core import Conflict
from fivetabs.providers.kubernetes.port import Edit, Field, Json, Restart
from fivetabs.providers.kubernetes.shapes.deltas import place_of_change
from fivetabs.providers.kubernetes.shapes.edits import (
    Change,
    as_operation,
    digest_of,
    operations,
    written,
)
from fivetabs.providers.kubernetes.shapes.json_patches import apply_one
from fivetabs.providers.kubernetes.shapes.pointers import look_up
from fivetabs.providers.kubernetes.shapes.workloads import parse_workload

_AGAIN = "call again to see the plan as the object is now"


def check_restart(raw: Json, step: Restart) -> None:
    """The workload must be the one that was planned for.

    Raises:
        Conflict: If it is another one by now, or its pod template has changed.
    """
    made = parse_workload(raw, step.kind)
    if made.uid != step.uid:
        raise _made_anew(step)
    if made.template != step.template:
        raise Conflict(
            f"the pod template of {step.kind}/{step.name} changed meanwhile; nothing was done",
            hint=_AGAIN,
        )


def as_patch(raw: Json, step: Edit) -> list[Json]:
    """The JSON Patch that carries an edit out, and fails as a whole where the world has moved.

    Raises:
        Conflict: If the object, what is held of it, or a field that is to be written is no longer
            as it was planned for; the message names it.
    """
    if raw["metadata"].get("uid") != step.uid:
        raise _made_anew(step)
    told: list[Json] = [{"op": "test", "path": "/metadata/uid", "value": step.uid}]
    for each in step.held:
        text = _text_at(raw, each.pointer)
        if digest_of(step.uid, each.pointer, text) != each.was:
            raise _moved(raw, step, each.pointer)
        told.append({"op": "test", "path": each.pointer, "value": json.loads(text)})
    made = json.loads(json.dumps(raw))
    for each in step.changes:
        change = Change(each.pointer, _before(made, step, each), each.value)
        told += operations((change,))
        made = apply_one(made, as_operation(change))
    return told


def _before(raw: Json, step: Edit, field: Field) -> str:
    """What stands in a field before it is written: what was planned for, or nothing."""
    above = _text_at(raw, field.pointer.rpartition("/")[0])
    inserts = not field.was and above.startswith("[")
    text = "" if inserts else _text_at(raw, field.pointer)
    if digest_of(step.uid, field.pointer, text) != field.was:
        raise _moved(raw, step, field.pointer)
    return text


def _made_anew(step: Edit | Restart) -> Conflict:
    return Conflict(
        f"{step.kind}/{step.name} was deleted and made anew; nothing was done", hint=_AGAIN
    )


def _moved(raw: Json, step: Edit, pointer: str) -> Conflict:
    place = place_of_change(raw, pointer)
    return Conflict(
        f"{place} of {step.kind}/{step.name} was changed meanwhile; nothing was done", hint=_AGAIN
    )


def _text_at(raw: Json, pointer: str) -> str:
    try:
        return written(look_up(raw, pointer))
    except LookupError:
        return ""


def taken_back(raw: Json, step: Edit) -> str:
    """A field that is no longer what an edit made it, in words; empty where all of them are.

    Fields that the edit itself went on to write, or moved with a list, are not looked at.
    """
    lists = tuple(
        f"{above}/"
        for above, _, last in (each.pointer.rpartition("/") for each in step.changes)
        if last.isdecimal()
    )
    for number, each in enumerate(step.changes):
        later = step.changes[number + 1 :]
        moved = each.pointer.startswith(lists) or any(
            one.pointer.startswith(f"{each.pointer}/") for one in later
        )
        if not moved and _text_at(raw, each.pointer) != each.value:
            return place_of_change(raw, each.pointer)
    return ""
