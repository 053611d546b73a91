"""Carrying out a step, and trying one out: the only place that writes to a cluster."""

import json
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from fivetabs.core import Conflict, Expired, Fault, Invalid, Unauthorised, Unavailable, stamp
from fivetabs.providers.kubernetes.live.http import Ask, Http
from fivetabs.providers.kubernetes.port import Draft, Edit, Json, Restart, Step, path_of
from fivetabs.providers.kubernetes.shapes.fields import part
from fivetabs.providers.kubernetes.shapes.identity import as_patch, check_restart
from fivetabs.providers.kubernetes.shapes.workloads import RESTARTED_AT

if TYPE_CHECKING:
    from collections.abc import Mapping

_TRIES = 5
_STRATEGIC = "application/strategic-merge-patch+json"
_JSON_PATCH = "application/json-patch+json"
_WRITING: "Mapping[str, str]" = MappingProxyType(
    {"fieldManager": "fivetabs", "fieldValidation": "Strict"}
)
_DRY_RUN: "Mapping[str, str]" = MappingProxyType({**_WRITING, "dryRun": "All"})


class _Again(Conflict):
    """The object was written by somebody else meanwhile, though perhaps not these fields."""


@dataclass(frozen=True, slots=True)
class _Patch:
    """A patch as it is sent."""

    path: str
    form: str
    body: Any


async def try_out(http: Http, step: Step | Draft, now: datetime) -> Json:
    """The object as a step would leave it, and what admission says of that; always a dry run.

    Raises:
        Fault: Whatever refuses the step would refuse this.
    """
    path = path_of(step)
    match step:
        case Restart():
            patch = _Patch(path, _STRATEGIC, restart_body(now, version=""))
        case Edit():
            patch = _Patch(path, _JSON_PATCH, as_patch(await _read(http, path), step))
        case Draft():
            form = _STRATEGIC if step.merge else _JSON_PATCH
            patch = _Patch(path, form, json.loads(step.patch))
    return await _send(http, patch, _DRY_RUN)


async def carry_out(http: Http, step: Step, now: datetime) -> str:
    """Write, provided that the object is still the one that was looked at.

    Raises:
        Conflict: If it is another by now, or a field that is written has changed.
        Unavailable: If no answer came; the message says what is not known then.
        Fault: If the API server refuses; nothing was done then.
    """
    if isinstance(step, Restart):
        return await _restart(http, step, now)
    return await _edit(http, step)


def restart_body(now: datetime, version: str) -> Json:
    """The strategic merge patch of `kubectl rollout restart`, with a precondition when given."""
    template = {"metadata": {"annotations": {RESTARTED_AT: stamp(now)}}}
    body: Json = {"spec": {"template": template}}
    return {**body, "metadata": {"resourceVersion": version}} if version else body


async def _restart(http: Http, step: Restart, now: datetime) -> str:
    """Stamp the pod template; a status that moved in between is read again, a few times."""
    path = path_of(step)
    for attempt in range(1, _TRIES + 1):
        raw = await _read(http, path)
        check_restart(raw, step)
        version = str(raw["metadata"]["resourceVersion"])
        try:
            await _write(http, _Patch(path, _STRATEGIC, restart_body(now, version)))
        except Conflict:
            if attempt == _TRIES:
                raise
        else:
            break
    return f"{step.kind}/{step.name} in {step.namespace} restarts since {stamp(now)}"


async def _edit(http: Http, step: Edit) -> str:
    """Write the fields; the patch tests all that must be as it was, and is carried out whole."""
    made = await _written(http, step)
    fields = "1 field" if len(step.changes) == 1 else f"{len(step.changes)} fields"
    generation = part(made, "metadata").get("generation")
    told = f" (generation {generation})" if generation else ""
    return f"{fields} of {step.kind}/{step.name} in {step.namespace} written{told}"


async def _written(http: Http, step: Edit) -> Json:
    path = path_of(step)
    for _ in range(1, _TRIES):
        try:
            return await _once(http, path, step)
        except _Again:
            continue
    return await _once(http, path, step)


async def _once(http: Http, path: str, step: Edit) -> Json:
    patch = as_patch(await _read(http, path), step)
    try:
        return await _write(http, _Patch(path, _JSON_PATCH, patch))
    except Conflict as moved:
        raise _Again(str(moved), hint=moved.hint) from moved
    except Invalid:
        as_patch(await _read(http, path), step)  # Says in words what has moved, if it did.
        raise


async def _read(http: Http, path: str) -> Json:
    return json.loads((await http.send(Ask("GET", path))).content)


async def _write(http: Http, patch: _Patch) -> Json:
    try:
        return await _send(http, patch, _WRITING)
    except (Unauthorised, Expired) as refused:
        raise type(refused)(_undone(refused), hint=refused.hint) from refused
    except Unavailable as silent:
        raise type(silent)(
            f"no answer came to the change, so it is not known whether it was made: {silent}",
            hint="read the object again before anything else",
        ) from silent
    except Fault as refused:
        raise type(refused)(_undone(refused), hint=refused.hint) from refused


def _undone(fault: Fault) -> str:
    told = str(fault)
    return told if "nothing was" in told else f"{told}; nothing was done"


async def _send(http: Http, patch: _Patch, query: "Mapping[str, str]") -> Json:
    content = json.dumps(patch.body, ensure_ascii=False, separators=(",", ":"))
    ask = Ask("PATCH", patch.path, query, {"Content-Type": patch.form}, _as_go(content).encode())
    return json.loads((await http.send(ask)).content)


def _as_go(text: str) -> str:
    """JSON as Go writes it: the API server compares the texts of a test byte by byte."""
    for each in "<>&\u2028\u2029":
        text = text.replace(each, f"\\u{ord(each):04x}")
    return text
