"""Carrying out a restart, and trying it out."""

import json
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from fivetabs.core import Conflict, stamp
from fivetabs.providers.kubernetes.live.http import Ask, Http
from fivetabs.providers.kubernetes.port import RESTARTABLE, Json, Restart, path_to
from fivetabs.providers.kubernetes.shapes.workloads import RESTARTED_AT, parse_workload

if TYPE_CHECKING:
    from collections.abc import Mapping

_TRIES = 5
_PATCH = MappingProxyType({"Content-Type": "application/strategic-merge-patch+json"})


def restart_path(step: Restart) -> str:
    """The path of the workload a step restarts."""
    resource = next(each for each in RESTARTABLE if each.kind == step.kind)
    return path_to(resource, step.namespace, step.name)


async def try_out(http: Http, step: Restart, now: datetime) -> Json:
    """What admission says of the restart; always a dry run.

    Raises:
        Fault: Whatever refuses the restart would refuse this.
    """
    query = {"dryRun": "All", "fieldManager": "fivetabs"}
    return await _patch(http, step, now, query, version="")


async def carry_out(http: Http, step: Restart, now: datetime) -> str:
    """Stamp the pod template, provided that the workload is still the one that was looked at.

    A status that moved in between is read again, a few times.

    Raises:
        Conflict: If it was replaced or its pod template changed, or it never stands still.
    """
    for attempt in range(1, _TRIES + 1):
        raw = json.loads((await http.send(Ask("GET", restart_path(step)))).content)
        check_identity(raw, step)
        try:
            version = str(raw["metadata"]["resourceVersion"])
            await _patch(http, step, now, {"fieldManager": "fivetabs"}, version=version)
        except Conflict:
            if attempt == _TRIES:
                raise
        else:
            break
    return f"{step.kind}/{step.name} in {step.namespace} restarts since {stamp(now)}"


def check_identity(raw: Json, step: Restart) -> None:
    """The workload must be the one that was planned for.

    Raises:
        Conflict: If it is another one by now.
    """
    made = parse_workload(raw, step.kind)
    if made.uid != step.uid:
        raise Conflict(f"{step.kind}/{step.name} was deleted and made anew; nothing was done")
    if made.template != step.template:
        raise Conflict(
            f"the pod template of {step.kind}/{step.name} changed meanwhile; nothing was done",
            hint="plan the restart again",
        )


def restart_body(now: datetime, version: str) -> Json:
    """The strategic merge patch of `kubectl rollout restart`, with a precondition when given."""
    template = {"metadata": {"annotations": {RESTARTED_AT: stamp(now)}}}
    body: Json = {"spec": {"template": template}}
    return {**body, "metadata": {"resourceVersion": version}} if version else body


async def _patch(
    http: Http, step: Restart, now: datetime, query: "Mapping[str, str]", *, version: str
) -> Json:
    content = json.dumps(restart_body(now, version)).encode()
    answer = await http.send(Ask("PATCH", restart_path(step), query, _PATCH, content))
    return json.loads(answer.content)
