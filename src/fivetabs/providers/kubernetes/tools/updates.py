"""Changing fields of one object: the root-cause fix."""

from typing import Any

from fivetabs.core import Call, Fault, Invalid, Plan, change
from fivetabs.providers.kubernetes.port import Cluster, Draft, Json, Step
from fivetabs.providers.kubernetes.shapes.deltas import deltas
from fivetabs.providers.kubernetes.shapes.drafts import Wish, check_bookkeeping, parse_wish
from fivetabs.providers.kubernetes.shapes.drops import check_drops, drops, worked_out
from fivetabs.providers.kubernetes.shapes.edits import Change, edit_of, edited, undoing
from fivetabs.providers.kubernetes.shapes.owners import Owner
from fivetabs.providers.kubernetes.tools.arguments import (
    ChangeableKind,
    Namespace,
    ObjectName,
    Patch,
)
from fivetabs.providers.kubernetes.tools.consequences import consequences
from fivetabs.providers.kubernetes.tools.outcomes import turned_out
from fivetabs.providers.kubernetes.tools.targets import find_object, touched

_IMAGE = "registry.example/shop/report-export:2.3.1"
_PATCH = {
    "spec": {"template": {"spec": {"containers": [{"name": "report-export", "image": _IMAGE}]}}}
}
_FOR_EVER = "a ConfigMap that was made immutable stays so"


@change(
    example={"kind": "Deployment", "name": "report-export", "namespace": "shop", "patch": _PATCH},
    questions=(
        "Correct the image tag of report-export",
        "Change the probe port, an env variable or the selector of this Service",
        "Patch the memory limit of the deployment",
    ),
    verify=turned_out,
)
async def update_resource(
    cluster: Cluster,
    /,
    kind: ChangeableKind,
    name: ObjectName,
    patch: Patch,
    namespace: Namespace = "",
) -> Plan[Step]:
    """Patch fields of one object: image, env, command, resources, probe, selector, port, data.

    Tried out on the server first. Returns the plan with every field before and after and, once
    approved, the outcome. Creates and deletes nothing, drops no field that the patch does not name,
    touches no Secrets, rights, names or status. For the number of pods use scale_deployment.
    """
    space = namespace or cluster.namespace
    wish = parse_wish(patch, kind, space, name)
    raw = await find_object(cluster, kind, space, name)
    changes = await _changes(cluster, raw, wish)
    after = await _tried(cluster, raw, changes)
    told = await consequences(cluster, raw, after, changes)
    owner = Owner(kind, name)
    fields = "1 field" if len(changes) == 1 else f"{len(changes)} fields"
    return Plan(
        summary=f"Change {fields} of {owner} in {space}{told.words}.",
        steps=(edit_of(raw, changes),),
        touches=(touched(cluster, raw),),
        deltas=deltas(raw, changes),
        warnings=told.warnings,
        undo=None if told.lasting else _undo(raw, changes),
        irreversible=told.lasting,
        check=told.check,
        blast=told.blast,
        ailing=told.ailing,
    )


async def _changes(cluster: Cluster, raw: Json, wish: Wish) -> tuple[Change, ...]:
    """Every field that differs after the patch, by a server-side dry run of it.

    Raises:
        Invalid: If nothing differs, a field would go that the patch does not name, or the API
            server refuses what comes of it.
        Denied: If admission refuses, or another program keeps its books in what would change.
    """
    meta = raw["metadata"]
    worked = None if wish.merge else worked_out(raw, wish.body)
    draft = Draft(raw["kind"], meta["namespace"], meta["name"], wish.text, wish.merge)
    try:
        after = await cluster.preview(draft)
    except Fault as refused:
        raise _untouched(refused) from refused
    if worked is None:
        check_drops(raw, after, wish.body)
    elif lost := next(drops(_written(worked), _written(after)), None):
        raise Invalid(f"the API server would drop {lost}, which the patch does not name")
    changes = edited(raw, after)
    if not changes:
        raise Invalid("patch: the object is as the patch wants it already; nothing was done")
    check_bookkeeping(changes)
    return changes


async def _tried(cluster: Cluster, raw: Json, changes: tuple[Change, ...]) -> Json:
    """The object after exactly these changes, tried out as they will be written.

    Raises:
        Invalid: If they do not come out as they were shown.
    """
    try:
        after = await cluster.preview(edit_of(raw, changes))
    except Fault as refused:
        raise _untouched(refused) from refused
    if edited(raw, after) != changes:
        raise Invalid(
            "the API server makes something else of these fields each time; nothing was done",
            hint="a webhook or a controller writes them too: change what that reads",
        )
    return after


def _written(raw: Json) -> Json:
    """What of an object a patch can mean: all but what the server keeps."""
    return {key: value for key, value in raw.items() if key not in {"status", "metadata"}}


def _untouched(fault: Fault) -> Fault:
    hint = fault.hint
    told = str(fault)
    if "immutable" in told or "updates to statefulset spec" in told:
        hint = "the API never changes this field: make the object anew with it, by hand"
    elif "more than 1 handler type" in told:
        hint = "a merge patch keeps the former handler: set it to null beside the new one"
    return type(fault)(told if "nothing was" in told else f"{told}; nothing was done", hint=hint)


def _undo(raw: Json, changes: tuple[Change, ...]) -> Call:
    meta = raw["metadata"]
    where: dict[str, Any] = {"kind": raw["kind"], "name": meta["name"]}
    return Call(
        "update_resource",
        {**where, "namespace": meta["namespace"], "patch": undoing(changes)},
    )
