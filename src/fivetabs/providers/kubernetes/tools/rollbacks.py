"""Going back to a former revision of a workload."""

from collections.abc import Iterator, Sequence

from fivetabs.core import Blast, Call, Conflict, Invalid, Plan, change, quoted
from fivetabs.providers.kubernetes.port import (
    REPLICA_SETS,
    REVISIONS,
    Cluster,
    Json,
    Step,
    path_to,
)
from fivetabs.providers.kubernetes.shapes.deltas import deltas
from fivetabs.providers.kubernetes.shapes.edits import Change, edit_of, edited, undoing
from fivetabs.providers.kubernetes.shapes.fields import part, parts
from fivetabs.providers.kubernetes.shapes.owners import Owner
from fivetabs.providers.kubernetes.shapes.revisions import (
    Revision,
    current_of,
    parse_revisions,
    with_template,
)
from fivetabs.providers.kubernetes.tools.arguments import (
    Namespace,
    WorkloadName,
)
from fivetabs.providers.kubernetes.tools.arguments import (
    Revision as Number,
)
from fivetabs.providers.kubernetes.tools.patients import selector_of
from fivetabs.providers.kubernetes.tools.preflight import (
    Around,
    look_around,
    managed,
    replaced,
    rolling,
)
from fivetabs.providers.kubernetes.tools.targets import find_workload, touched
from fivetabs.providers.kubernetes.tools.verifying import rolled_out


@change(
    example={"name": "report-export", "namespace": "shop"},
    questions=(
        "Roll report-export back to the version before",
        "Undo the last rollout of this deployment",
        "Go back to revision 2 of the deployment",
    ),
    verify=rolled_out,
    idempotent=True,
)
async def rollback_deployment(
    cluster: Cluster, /, name: WorkloadName, namespace: Namespace = "", revision: Number = 0
) -> Plan[Step]:
    """Roll back a Deployment (StatefulSet, DaemonSet too): go back to a former revision of it.

    Undoes its last rollout, or goes to that revision: image, env, command, probes, resources.
    Returns the plan with the exact difference and, once approved, the outcome. For one field use
    update_resource.
    """
    raw = await find_workload(cluster, namespace or cluster.namespace, name)
    _check_paused(raw)
    known = await _revisions(cluster, raw)
    current = current_of(part(raw, "spec", "template"), known)
    wanted = _chosen(known, current, revision, _owner(raw))
    changes = _changes(raw, wanted)
    step = edit_of(raw, changes)
    await cluster.preview(step)
    around = await look_around(cluster, raw)
    return Plan(
        summary=f"Roll {_owner(raw)} in {step.namespace} back from {_numbered(current)} to "
        f"{_numbered(wanted)}: {replaced(len(around.pods))}.",
        steps=(step,),
        touches=(touched(cluster, raw),),
        deltas=deltas(raw, changes),
        warnings=tuple(_warnings(around, raw)),
        undo=_undo(raw, current, changes),
        check=Call("get_pod_status", {"namespace": step.namespace, "name": step.name}),
        blast=Blast(pods=len(around.pods)),
        ailing=around.findings,
    )


def _numbered(revision: Revision | None) -> str:
    return f"revision {revision.number}" if revision else "a template not yet recorded"


def _owner(raw: Json) -> Owner:
    return Owner(raw["kind"], raw["metadata"]["name"])


def _changes(raw: Json, wanted: Revision) -> tuple[Change, ...]:
    changes = edited(raw, with_template(raw, wanted.template))
    if not changes:
        told = f"{_owner(raw)} has the template of revision {wanted.number}"
        raise Invalid(f"{told}; nothing was done")
    return changes


def _check_paused(raw: Json) -> None:
    if part(raw, "spec").get("paused"):
        meta = raw["metadata"]
        where = {"kind": raw["kind"], "name": meta["name"], "namespace": meta["namespace"]}
        resume = Call("update_resource", {**where, "patch": {"spec": {"paused": False}}})
        raise Conflict(
            f"the rollout of {_owner(raw)} is paused: no pod would change; nothing was done",
            hint=f"resume it first: {resume}",
        )


async def _revisions(cluster: Cluster, raw: Json) -> tuple[Revision, ...]:
    """All that are kept, newest first."""
    resource = REPLICA_SETS if raw["kind"] == "Deployment" else REVISIONS
    path = path_to(resource, raw["metadata"]["namespace"])
    listed = await cluster.get(path, labelSelector=selector_of(raw))
    return parse_revisions(raw["kind"], raw["metadata"]["uid"], parts(listed, "items"))


def _chosen(
    known: Sequence[Revision], current: Revision | None, number: int, owner: Owner
) -> Revision:
    """The revision of this number, or the newest that is not the present one.

    Raises:
        Invalid: If it is not kept, or there is none to go back to.
    """
    kept = f"kept are: {', '.join(_told(each, current) for each in known) or 'none'}"
    if number:
        found = next((each for each in known if each.number == number), None)
        if found is None:
            raise Invalid(f"{owner} has no revision {number}; nothing was done", hint=kept)
        return found
    others = [each for each in known if each is not current]
    if not others:
        raise Invalid(f"{owner} has no revision to go back to; nothing was done", hint=kept)
    return others[0]


def _told(revision: Revision, current: Revision | None) -> str:
    containers = parts(revision.template, "spec", "containers")
    images = ", ".join(str(each.get("image") or "") for each in containers)
    now = ", the present one" if revision is current else ""
    return f"{revision.number} ({quoted(images)}{now})"


def _undo(raw: Json, current: Revision | None, changes: Sequence[Change]) -> Call:
    """Back to the revision that is current now.

    It keeps its number: going back to an older revision gives that one a new number. Where it may
    be cleared away, or has not been recorded, the inverse of the change is as good.
    """
    meta = raw["metadata"]
    where = {"name": meta["name"], "namespace": meta["namespace"]}
    limit = part(raw, "spec").get("revisionHistoryLimit", 10)
    if current is not None and limit > 0:
        return Call("rollback_deployment", {**where, "revision": current.number})
    return Call("update_resource", {"kind": raw["kind"], **where, "patch": undoing(changes)})


def _warnings(around: Around, raw: Json) -> Iterator[str]:
    yield from rolling(around)
    if part(raw, "spec", "updateStrategy").get("type") == "OnDelete":
        yield "its update strategy is OnDelete: pods take it on only when they are deleted"
    yield from managed(raw)
    yield from around.unread
