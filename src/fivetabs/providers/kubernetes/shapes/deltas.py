"""The fields of an edit as a person reads them: each with its place in words, before and after.

Nothing is left out: of a long text the lines that differ are shown, of a long line what lies
between its equal beginning and end. Values that are secret by name or form are only marked.
"""

import json
from collections.abc import Iterable, Iterator
from copy import deepcopy
from difflib import SequenceMatcher
from typing import Any, cast

from fivetabs.core import Delta, quoted, secret, term, veiled
from fivetabs.core.secrecy import named, secrets_of, secrets_of_text
from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.edits import Change, as_operation, key_of
from fivetabs.providers.kubernetes.shapes.json_patches import apply_one
from fivetabs.providers.kubernetes.shapes.pointers import tokens_of

NOTHING = "none"
_LONG = 160
_AROUND = 20
_VALUE = "value"  # of an environment variable, whose name tells what it is


def deltas(before: Json, changes: Iterable[Change]) -> tuple[Delta, ...]:
    """Every change of an edit, in its order."""
    document = deepcopy(before)
    found: list[Delta] = []
    for each in changes:
        found += _told(each, document)
        document = apply_one(document, as_operation(each))
    return tuple(found)


def place_of_change(document: Json, pointer: str) -> str:
    """`spec.template.spec.containers[api].image`: a pointer with names for indexes."""
    return _names(document, Change(pointer, "null", "null"))[0]


def _told(change: Change, document: Json) -> Iterator[Delta]:
    place, name = _names(document, change)
    old, new = (json.loads(text) if text else None for text in (change.before, change.after))
    if isinstance(old, str) and isinstance(new, str):
        yield from _texts(place, name, old, new)
        return
    before, after = (
        _value(name, value) if text else NOTHING
        for value, text in ((old, change.before), (new, change.after))
    )
    yield Delta(place, before, after)


def _texts(place: str, name: str, old: str, new: str) -> Iterator[Delta]:
    hidden = {value for text in (old, new) for value in _secrets(name, text)}
    if "\n" not in old and "\n" not in new:
        yield Delta(place, *(_shown(each, hidden) for each in _middles(old, new, hidden)))
        return
    lines, others = old.split("\n"), new.split("\n")
    for kind, i, j, k, m in SequenceMatcher(None, lines, others, autojunk=False).get_opcodes():
        if kind != "equal":
            pieces = "\n".join(lines[i:j]), "\n".join(others[k:m])
            before, after = (
                _shown(text, hidden) if some else NOTHING
                for text, some in zip(pieces, (j > i, m > k), strict=True)
            )
            yield Delta(f"{place}, line {i + 1}", before, after)


def _middles(old: str, new: str, hidden: Iterable[str]) -> tuple[str, str]:
    """Two long lines without what is equal at both ends, but for a little of it."""
    if max(len(old), len(new)) <= _LONG or any(hidden):
        return old, new
    least = min(len(old), len(new))
    first = next((i for i in range(least) if old[i] != new[i]), least)
    last = next((i for i in range(least - first) if old[-1 - i] != new[-1 - i]), least - first)
    start, end = max(0, first - _AROUND), max(0, last - _AROUND)
    return _middle(old, start, end), _middle(new, start, end)


def _middle(text: str, start: int, end: int) -> str:
    return f"{'...' * bool(start)}{text[start : len(text) - end]}{'...' * bool(end)}"


def _value(name: str, value: Any) -> str:
    if isinstance(value, str):
        return _shown(value, set(_secrets(name, value)))
    if isinstance(value, dict | list):
        hidden = {*secrets_of(value), *_texts_within(value)}
        return quoted(json.dumps(_veiled(value, hidden), ensure_ascii=False))
    return json.dumps(value)


def _shown(text: str, hidden: set[str]) -> str:
    told = veiled(text, sorted(hidden, key=len, reverse=True))
    if not text:
        return '""'
    if text in hidden:
        return secret(text)
    return term(text) if told == text else quoted(told)


def _secrets(name: str, text: str) -> Iterator[str]:
    yield from named(name, text)
    yield from secrets_of_text(text)


def _texts_within(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from secrets_of_text(value)
    elif isinstance(value, dict):
        for each in cast("Json", value).values():
            yield from _texts_within(each)
    elif isinstance(value, list):
        for each in cast("list[Any]", value):
            yield from _texts_within(each)


def _veiled(value: Any, hidden: set[str]) -> Any:
    if isinstance(value, str):
        return veiled(value, sorted(hidden, key=len, reverse=True))
    if isinstance(value, dict):
        return {key: _veiled(each, hidden) for key, each in cast("Json", value).items()}
    if isinstance(value, list):
        return [_veiled(each, hidden) for each in cast("list[Any]", value)]
    return value


def _names(document: Json, change: Change) -> tuple[str, str]:
    """The place in words, and the name that tells whether the value may be shown."""
    here: Any = document
    told, telling = "", ""
    tokens = tokens_of(change.pointer)
    for depth, token in enumerate(tokens, 1):
        if isinstance(here, list):
            elements = cast("list[Any]", here)
            comes = depth == len(tokens) and not change.before
            there = elements[int(token)] if int(token) < len(elements) else None
            here = json.loads(change.after) if comes else there
            name = _name_of(here, elements)
            told, telling = f"{told}[{term(name) if name else token}]", name or telling
        else:
            here = cast("Json", here).get(token) if isinstance(here, dict) else None
            told = _joined(told, token)
            telling = telling if token == _VALUE else token
    return told, telling


def _joined(told: str, name: str) -> str:
    if not name.isidentifier():
        return f"{told}[{term(name)}]"
    return f"{told}.{name}" if told else name


def _name_of(element: Any, elements: list[Any]) -> str:
    if not isinstance(element, dict):
        return ""
    key = key_of(elements) or next((k for k in ("name", "host") if k in element), "")
    return str(cast("Json", element).get(key) or "")
