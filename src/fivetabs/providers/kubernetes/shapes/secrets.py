"""The secrets that objects hold: what containers are given, Secrets, and what was once applied.

An object that `kubectl apply` made carries itself as JSON in an annotation, its secrets too.
"""

import base64
import binascii
import json
from collections.abc import Iterator
from typing import Any

from fivetabs.core.secrecy import secrets_of, secrets_of_text
from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.fields import part, parts

_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_CONTAINERS = ("initContainers", "containers", "ephemeralContainers")
_GIVEN = ("env", "args", "command", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle")
_LARGEST = 262_144


def secrets_in(raw: Json) -> Iterator[str]:
    """Secret values of an object or a list; of a Table only where it brings whole objects."""
    kind = str(raw.get("kind", ""))
    if kind in {"Event", "EventList"}:
        return
    if kind == "Table":
        for row in parts(raw, "rows"):
            if not isinstance(row.get("object"), str) and "spec" in part(row, "object"):
                yield from _of_listed(part(row, "object"))
        return
    if isinstance(raw.get("items"), list):
        for each in raw["items"]:
            if isinstance(each, dict):
                yield from _of_listed({"kind": kind.removesuffix("List"), **each})
        return
    yield from secrets_of(raw)
    yield from _of_listed(raw)


def _of_listed(raw: Json) -> Iterator[str]:
    """Of one of many objects only the places that are known to hold secrets."""
    annotations = part(part(raw, "metadata"), "annotations")
    yield from secrets_of(annotations)
    yield from _once_applied(annotations.get(_APPLIED))
    spec = _pod_spec(part(raw, "spec"))
    for key in _CONTAINERS:
        for each in spec.get(key) or ():
            yield from secrets_of({name: each.get(name) for name in _GIVEN})
    if raw.get("kind") == "Secret":
        yield from _of_secret(raw)
    if raw.get("kind") == "ConfigMap":
        for value in part(raw, "data").values():
            yield from secrets_of_text(str(value))


def _pod_spec(spec: Json) -> Json:
    """A pod's own spec, or the one in the template of whatever makes pods."""
    job = part(part(spec, "jobTemplate"), "spec")
    template = part(job or spec, "template")
    return part(template, "spec") or spec


def _once_applied(text: object) -> Iterator[str]:
    if not isinstance(text, str) or len(text) > _LARGEST:
        return
    try:
        applied: Any = json.loads(text)
    except ValueError:
        return
    if isinstance(applied, dict):
        yield from secrets_of(applied)
        if applied.get("kind") == "Secret":  # pyright: ignore[reportUnknownMemberType]
            yield from _of_secret(applied)  # pyright: ignore[reportUnknownArgumentType]


def _of_secret(raw: Json) -> Iterator[str]:
    """Everything a Secret holds: `data` is base64, `stringData` is not."""
    yield from map(str, part(raw, "stringData").values())
    for value in part(raw, "data").values():
        yield str(value)
        try:
            yield base64.b64decode(str(value), validate=True).decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            continue
