"""From an object before and after to the fields that differ, and to the patch that is sent.

The fields are to be written one after the other, so that an index means a place in the list as the
fields before have left it; in the other order, with before and after exchanged, they undo.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, cast

from fivetabs.providers.kubernetes.port import FIELDS, Edit, Fact, Field, Json
from fivetabs.providers.kubernetes.shapes.fields import part
from fivetabs.providers.kubernetes.shapes.pointers import pointer, tokens_of

_KEYS = ("name", "containerPort", "port", "mountPath", "devicePath", "ip", "topologyKey", "host")
_DIGITS = 24
_COUNTED = "deprecated.daemonset.template.generation"  # the API server counts in it by itself
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One field at a JSON pointer, as JSON text before and after; empty: not there."""

    pointer: str
    before: str
    after: str


def written(value: Any) -> str:
    """JSON text, the same for equal values."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest_of(uid: str, where: str, text: str) -> str:
    """The digest of what stands in a field of one object; empty for nothing."""
    return sha256(f"{uid}\n{where}\n{text}".encode()).hexdigest()[:_DIGITS] if text else ""


def edited(before: Json, after: Json) -> tuple[Change, ...]:
    """Every field that differs, of those that may be written."""
    return tuple(_compared(writable_part(before), writable_part(after), ()))


def edit_of(before: Json, changes: Sequence[Change]) -> Edit:
    """The step that makes these changes of this object, and no others, and of no other object."""
    meta = before["metadata"]
    uid = meta["uid"]
    return Edit(
        before["kind"],
        meta["namespace"],
        meta["name"],
        uid,
        tuple(Field(c.pointer, digest_of(uid, c.pointer, c.before), c.after) for c in changes),
        tuple(Fact(p, digest_of(uid, p, text)) for p, text in _held_by(before, changes)),
    )


def operations(changes: Iterable[Change]) -> Iterator[Json]:
    """The JSON Patch of these changes: of each a test of what is there, and what is to be instead.

    A test for null passes in the API server where there is nothing; the place where an element is
    put into a list is guarded by what is held of the list.
    """
    for each in changes:
        head = {"path": each.pointer}
        if each.before:
            yield {"op": "test", **head, "value": json.loads(each.before)}
        elif not each.pointer.rpartition("/")[2].isdecimal():
            yield {"op": "test", **head, "value": None}
        yield as_operation(each)


def as_operation(change: Change) -> Json:
    """The one operation of a JSON Patch that makes a change."""
    if not change.after:
        return {"op": "remove", "path": change.pointer}
    value = json.loads(change.after)
    return {"op": "replace" if change.before else "add", "path": change.pointer, "value": value}


def undoing(changes: Sequence[Change]) -> list[Json]:
    """The JSON Patch that takes these changes back, where nobody has changed the fields since."""
    back = [Change(each.pointer, each.after, each.before) for each in reversed(changes)]
    return [each for each in operations(back) if each.get("value", "") is not None]


def _held_by(before: Json, changes: Iterable[Change]) -> Iterator[tuple[str, str]]:
    """What must be as it was for the indexes of these changes to mean what they meant.

    Of each list that a change leads through: the keys of the elements where they have one, or the
    whole list where they have none, or where it grows or shrinks.
    """
    found: dict[str, str] = {}
    for change in changes:
        path, here = tuple[str, ...](), cast("Any", before)
        for name in tokens_of(change.pointer):
            if isinstance(here, list):
                for where, text in _held(cast("list[Any]", here), name, path, change):
                    found.setdefault(where, text)
            path, here = (*path, name), _below(here, name)
    yield from found.items()


def key_of(*lists: list[Any]) -> str:
    """The field by which the elements of these lists are told apart; empty where there is none."""
    every = [each for several in lists for each in several]
    if not every or not all(isinstance(each, dict) for each in every):
        return ""
    for key in _KEYS:
        if all(key in each for each in every):
            named = [[written(each[key]) for each in several] for several in lists]
            if all(len(set(names)) == len(names) for names in named):
                return key
    return ""


def writable_part(raw: Json) -> Json:
    """What of an object may be written at all."""
    made: Json = {"metadata": {}}
    for place in FIELDS:
        *above, last = place.split("/")
        found = part(raw, *above)
        if last in found:
            inner = made
            for name in above:
                inner = inner.setdefault(name, {})
            inner[last] = found[last]
    annotations = part(made, "metadata", "annotations")
    if _COUNTED in annotations:
        kept = {name: text for name, text in annotations.items() if name != _COUNTED}
        made["metadata"]["annotations"] = kept
    return made


def _compared(before: Any, after: Any, path: Path) -> Iterator[Change]:
    if isinstance(before, dict) and isinstance(after, dict):
        old, new = cast("Json", before), cast("Json", after)
        for name in sorted({*old, *new}):
            if name not in new:
                yield Change(pointer(*path, name), written(old[name]), "")
            elif name not in old:
                yield Change(pointer(*path, name), "", written(new[name]))
            else:
                yield from _compared(old[name], new[name], (*path, name))
    elif _of_objects(before, after):
        yield from _lists(cast("list[Any]", before), cast("list[Any]", after), path)
    elif written(before) != written(after):
        yield Change(pointer(*path), written(before), written(after))


def _of_objects(*lists: Any) -> bool:
    """Whether these are lists of objects; one of them may be empty."""
    if not all(isinstance(each, list) for each in lists):
        return False
    every = [each for several in lists for each in cast("list[Any]", several)]
    return bool(every) and all(isinstance(each, dict) for each in every)


def _lists(old: list[Any], new: list[Any], path: Path) -> Iterator[Change]:
    """Elements that have gone, the order of those that stay, what differs in them, and new ones."""
    key = key_of(old, new)
    if not key:
        yield from _keyless(old, new, path)
        return
    names, wanted = ([written(each[key]) for each in several] for several in (old, new))
    for index in reversed(range(len(old))):
        if names[index] not in wanted:
            yield Change(pointer(*path, index), written(old[index]), "")
    kept = [old[names.index(name)] for name in names if name in wanted]
    ordered = [old[names.index(name)] for name in wanted if name in names]
    if written(kept) != written(ordered):
        yield Change(pointer(*path), written(kept), written(ordered))
    for index, each in enumerate(ordered):
        yield from _compared(each, new[wanted.index(written(each[key]))], (*path, index))
    for index, name in enumerate(wanted):
        if name not in names:
            yield Change(pointer(*path, index), "", written(new[index]))


def _keyless(old: list[Any], new: list[Any], path: Path) -> Iterator[Change]:
    """What differs between the same beginning and the same end goes, and the new comes."""
    first = 0
    while first < min(len(old), len(new)) and written(old[first]) == written(new[first]):
        first += 1
    last = 0
    most = min(len(old), len(new)) - first
    while last < most and written(old[-1 - last]) == written(new[-1 - last]):
        last += 1
    if len(old) == len(new):
        for index in range(first, len(old) - last):
            yield from _compared(old[index], new[index], (*path, index))
        return
    for index in reversed(range(first, len(old) - last)):
        yield Change(pointer(*path, index), written(old[index]), "")
    for index in range(first, len(new) - last):
        yield Change(pointer(*path, index), "", written(new[index]))


def _held(
    elements: list[Any], name: str, path: tuple[str, ...], change: Change
) -> Iterator[tuple[str, str]]:
    key = key_of(elements)
    moves = change.pointer == pointer(*path, name) and not (change.before and change.after)
    if moves or not key:
        yield pointer(*path), written(elements)
    elif name.isdecimal() and int(name) < len(elements):
        yield pointer(*path, name, key), written(elements[int(name)][key])


def _below(here: Any, name: str) -> Any:
    if isinstance(here, list):
        elements = cast("list[Any]", here)
        return elements[int(name)] if name.isdecimal() and int(name) < len(elements) else None
    return cast("Json", here).get(name) if isinstance(here, dict) else None
