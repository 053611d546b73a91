"""A patch as somebody wrote it: what kind it is, and whether it keeps to what may be changed."""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NoReturn, cast

from fivetabs.core import Denied, Invalid
from fivetabs.providers.kubernetes.port import Json, changeable, writable
from fivetabs.providers.kubernetes.shapes.edits import Change, written
from fivetabs.providers.kubernetes.shapes.json_patches import NAMES
from fivetabs.providers.kubernetes.shapes.pointers import tokens_of

_LARGEST = 32_768
_DEEPEST = 40
_MOST = 200
_PATCHES = ('"delete"', '"merge"')
_DIRECTIVES = ("$setElementOrder/", "$deleteFromPrimitiveList/")
_MARKERS = re.compile(r"<secret:[0-9a-f]{2,}>|</?data-[0-9a-z]{2,}>")
_SEEN_AS_WRITTEN = frozenset("\n\r\t")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_OPERATION = frozenset({"op", "path", "value", "from"})
_OWN = MappingProxyType({"ConfigMap": frozenset({"data", "binaryData", "immutable"})})
_SPEC = frozenset({"spec"})
_ANNOTATIONS = ("metadata", "annotations")
_BOOKKEEPING = re.compile(
    r"kubectl\.kubernetes\.io/last-applied-configuration|deployment\.kubernetes\.io/.*"
)
# ConfigMaps that decide who may do what, or whom the cluster trusts.
_RIGHTS = frozenset(
    {
        ("kube-system", "aws-auth"),
        ("kube-system", "extension-apiserver-authentication"),
        ("kube-public", "cluster-info"),
    }
)


@dataclass(frozen=True, slots=True)
class Wish:
    """A patch that keeps to the rules: a strategic merge patch, or operations of a JSON Patch."""

    merge: bool
    body: Any

    @property
    def text(self) -> str:
        """It as JSON text."""
        return json.dumps(self.body, ensure_ascii=False)


def parse_wish(patch: Any, kind: str, namespace: str, name: str) -> Wish:
    """Read a patch: an object, a list of operations, or the JSON text of either.

    Raises:
        Invalid: If it is no patch, too large, or holds what cannot be seen.
        Denied: If it touches identity, status or rights.
    """
    if (namespace, name) in _RIGHTS and kind == "ConfigMap":
        raise Denied(f"ConfigMap {namespace}/{name} decides about rights; nothing was done")
    body = _read(patch) if isinstance(patch, str) else patch
    _check_form(body)
    if isinstance(body, list):
        operations = cast("list[Any]", body)
        _check_operations(operations)
        return Wish(merge=False, body=operations)
    if not isinstance(body, dict):
        _refuse("it is neither an object (a merge patch) nor a list (a JSON Patch)")
    return Wish(merge=True, body=_checked(cast("Json", body), kind, namespace, name))


def check_bookkeeping(changes: Iterable[Change]) -> None:
    """Refuse to write what other programs keep their books in.

    Raises:
        Denied: If an annotation of theirs would change.
    """
    for each in changes:
        path = tokens_of(each.pointer)
        inside = json.loads(each.before or each.after) if path == _ANNOTATIONS else path[2:3]
        for name in inside if path[:2] == _ANNOTATIONS else ():
            if _BOOKKEEPING.fullmatch(name):
                _deny(f"the annotation {name}, in which another program keeps its books:")


def _read(text: str) -> Any:
    if len(text) > _LARGEST:
        _refuse(f"it has more than {_LARGEST // 1024} kB")
    try:
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Invalid(f"patch is not valid JSON: {error}; nothing was done") from None


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number of JSON")


def _check_form(body: Any) -> None:
    """Whether it has an end, and everything in it can be seen by whoever is asked to agree."""
    try:
        size = len(json.dumps(body, allow_nan=False))
    except (ValueError, RecursionError, TypeError) as error:
        raise Invalid(f"patch is not valid JSON: {error}; nothing was done") from None
    if size > _LARGEST:
        _refuse(f"it has more than {_LARGEST // 1024} kB")
    if body in ({}, []):
        _refuse("it is empty")
    for depth, text in _texts(body, 0):
        if depth > _DEEPEST:
            _refuse(f"it is nested more than {_DEEPEST} deep")
        if found := _MARKERS.search(text):
            _refuse(
                f"{found[0]} is a mark of this server's, not a value",
                hint="leave out fields whose value is hidden; to take a change back use undo",
            )
        if any(unicodedata.category(c) in _UNSEEN and c not in _SEEN_AS_WRITTEN for c in text):
            _refuse(f"{text[:60]!a} holds characters that cannot be seen")


def _texts(value: Any, depth: int) -> Iterator[tuple[int, str]]:
    if isinstance(value, str):
        yield depth, value
    elif isinstance(value, dict):
        for key, each in cast("Mapping[str, Any]", value).items():
            yield depth, key
            yield from _texts(each, depth + 1)
    elif isinstance(value, list):
        for each in cast("list[Any]", value):
            yield from _texts(each, depth + 1)


def _checked(body: Json, kind: str, namespace: str, name: str) -> Json:
    """The merge patch without what it only repeats: the object's own kind and name."""
    _check_directives(body)
    own = _OWN.get(kind, _SPEC)
    left: Json = {}
    for field, value in body.items():
        if field == "metadata" and isinstance(value, dict):
            known = {"name": name, "namespace": namespace}
            rest = {k: v for k, v in cast("Json", value).items() if known.get(k, ()) != v}
            for each in rest.keys() - {"labels", "annotations"}:
                _deny(f"metadata.{each}")
            left |= {"metadata": rest} if rest else {}
        elif field in own:
            left[field] = value
        elif value != {"kind": kind, "apiVersion": _version(kind)}.get(field, ()):
            _deny(field)
    if not left:
        _refuse("it is empty")
    return left


def _version(kind: str) -> str:
    """The `apiVersion` of a kind's manifests."""
    return changeable(kind).root.removeprefix("/apis/").removeprefix("/api/")


def _check_directives(body: Any) -> None:
    if isinstance(body, list):
        for each in cast("list[Any]", body):
            _check_directives(each)
    if not isinstance(body, dict):
        return
    for key, value in cast("dict[str, Any]", body).items():
        patches = key == "$patch" and written(value) in _PATCHES
        known = key.startswith(_DIRECTIVES) or patches
        if key.startswith("$") and not known:
            _refuse(f"{key}: {written(value)[:40]} would drop fields that the patch does not name")
        _check_directives(value)


def _check_operations(operations: list[Any]) -> None:
    if len(operations) > _MOST:
        _refuse(f"it has more than {_MOST} operations")
    for each in operations:
        if not isinstance(each, dict) or not _is_whole(cast("Json", each)):
            names = ", ".join(NAMES)
            _refuse(
                f"{written(each)[:80]} is no operation of a JSON Patch ({names}) with its fields"
            )
        operation = cast("Json", each)
        paths = [operation[key] for key in ("path", "from") if key in operation]
        for path in paths:
            tokens = tokens_of(path)
            if operation["op"] != "test" and not writable(path):
                _deny(".".join(tokens) or "the whole object")


def _is_whole(operation: Json) -> bool:
    name = operation.get("op")
    needs = {"add": "value", "replace": "value", "test": "value", "move": "from", "copy": "from"}
    texts = all(isinstance(operation.get(k, ""), str) for k in ("path", "from"))
    known = name in NAMES and operation.keys() <= _OPERATION and "path" in operation
    return known and texts and (name == "remove" or needs[str(name)] in operation)


def _refuse(why: str, hint: str = "") -> NoReturn:
    raise Invalid(f"patch: {why}; nothing was done", hint=hint)


def _deny(what: str) -> NoReturn:
    raise Denied(
        f"the patch touches {what}, which update_resource does not change; nothing was done",
        hint="it changes spec (data of a ConfigMap), metadata.labels and metadata.annotations",
    )
