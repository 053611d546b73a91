"""Changing fields of one object: the root-cause fix."""

from types import MappingProxyType
from typing import Any

from fivetabs.core import Call, Conflict, Fault, Invalid, Plan, change
from fivetabs.providers.kubernetes.port import Cluster, Draft, Json, Step
from fivetabs.providers.kubernetes.shapes.deltas import deltas
from fivetabs.providers.kubernetes.shapes.drafts import Wish, check_bookkeeping, parse_wish
from fivetabs.providers.kubernetes.shapes.drops import check_drops, check_kept, worked_out
from fivetabs.providers.kubernetes.shapes.edits import Change, edit_of, edited, undoing
from fivetabs.providers.kubernetes.shapes.mending import one_container
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
from fivetabs.providers.kubernetes.tools.telling import count

_IMAGE = "registry.example/shop/report-export:2.3.1"
_EXAMPLE = MappingProxyType(
    {
        "kind": "Deployment",
        "name": "report-export",
        "namespace": "shop",
        "patch": one_container(name="report-export", image=_IMAGE),
    }
)
_TRIES = 5
Tried = tuple[Json, tuple[Change, ...], Json]


@change(
    example=_EXAMPLE,
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
    raw, changes, after = await _accepted(cluster, kind, space, name, wish)
    told = await consequences(cluster, raw, after, changes)
    return Plan(
        summary=f"Change {count(len(changes), 'field')} of {Owner(kind, name)} in {space}"
        f"{told.words}.",
        steps=(edit_of(raw, changes),),
        touches=(touched(cluster, raw),),
        deltas=deltas(raw, changes),
        undo=None if told.lasting else _undo(raw, changes),
        irreversible=told.lasting,
        **told.more,
    )


async def _accepted(cluster: Cluster, kind: str, namespace: str, name: str, wish: Wish) -> Tried:
    """What `_tried_out` says; its refusals say that nothing was done, and what may help."""
    try:
        return await _tried_out(cluster, kind, namespace, name, wish)
    except Fault as refused:
        raise _untouched(refused) from refused


async def _tried_out(cluster: Cluster, kind: str, namespace: str, name: str, wish: Wish) -> Tried:
    """The object, every field that the patch changes of it, and what comes of exactly these.

    All three are of one version: what somebody else writes in between is no change of ours.

    Raises:
        Conflict: If the object is written all the time.
    """
    for _ in range(_TRIES):
        raw = await find_object(cluster, kind, namespace, name)
        worked = None if wish.merge else worked_out(raw, wish.body)
        draft = Draft(kind, namespace, name, wish.text, wish.merge)
        wished = await cluster.preview(draft)
        if _version(raw) != _version(wished):
            continue
        changes = _changes(raw, wished, worked, wish)
        after = await cluster.preview(edit_of(raw, changes))
        if _version(raw) == _version(after):
            if edited(raw, after) != changes:
                raise Invalid(
                    "the API server makes something else of these fields each time",
                    hint="a webhook or a controller writes them too: change what that reads",
                )
            return raw, changes, {**after, "kind": kind}
    raise Conflict(f"{Owner(kind, name)} is written all the time", hint="call again")


def _changes(raw: Json, after: Json, worked: Json | None, wish: Wish) -> tuple[Change, ...]:
    """Every field that differs after the patch.

    Raises:
        Invalid: If nothing differs, or a field would go that the patch does not name.
        Denied: If another program keeps its books in what would change.
    """
    if worked is None:
        check_drops(raw, after, wish.body)
    else:
        check_kept(worked, after)
    changes = edited(raw, after)
    if not changes:
        raise Invalid("patch: the object is as the patch wants it already")
    check_bookkeeping(changes)
    return changes


def _version(raw: Json) -> str:
    return str(raw["metadata"].get("resourceVersion"))


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
