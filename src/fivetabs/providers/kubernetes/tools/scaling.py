"""Changing how many pods a workload has."""

from collections.abc import Iterator
from typing import NoReturn

from fivetabs.core import Blast, Call, Conflict, Invalid, Plan, change
from fivetabs.providers.kubernetes.port import Cluster, Json, Step
from fivetabs.providers.kubernetes.shapes.deltas import deltas
from fivetabs.providers.kubernetes.shapes.edits import Change, edit_of
from fivetabs.providers.kubernetes.shapes.fields import part, parts
from fivetabs.providers.kubernetes.shapes.limits import Autoscaler
from fivetabs.providers.kubernetes.shapes.owners import Owner
from fivetabs.providers.kubernetes.tools.arguments import Namespace, Replicas, WorkloadName
from fivetabs.providers.kubernetes.tools.preflight import Around, growing, look_around, managed
from fivetabs.providers.kubernetes.tools.targets import find_workload, touched
from fivetabs.providers.kubernetes.tools.verifying import rolled_out

_DATA = "the claims of the pods that go are deleted with their data (whenScaled: Delete)"


@change(
    example={"name": "storefront", "replicas": 4, "namespace": "shop"},
    questions=(
        "Scale storefront to four replicas",
        "Scale the orders-api deployment down to zero pods",
        "Give this deployment more pods, we need more replicas",
    ),
    verify=rolled_out,
    idempotent=True,
)
async def scale_deployment(
    cluster: Cluster, /, name: WorkloadName, replicas: Replicas, namespace: Namespace = ""
) -> Plan[Step]:
    """Scale a Deployment or StatefulSet: give it more pods or fewer, a number of replicas.

    Returns the plan with its risks and, once approved, the outcome. Refused where an autoscaler
    decides the number: its bounds are changed by update_resource.
    """
    raw = await find_workload(cluster, namespace or cluster.namespace, name)
    changes = _changes(raw, replicas)
    around = await look_around(cluster, raw)
    check_scaler(around.scaler, raw, replicas)
    step = edit_of(raw, changes)
    await cluster.preview(step)
    lost, now = loses_data(raw, replicas), replicas_of(raw)
    where = {"name": step.name, "namespace": step.namespace}
    return Plan(
        summary=f"Scale {Owner(step.kind, step.name)} in {step.namespace} from {now} to {replicas} "
        "replicas.",
        steps=(step,),
        touches=(touched(cluster, raw),),
        deltas=deltas(raw, changes),
        warnings=tuple(scaling(around, replicas)),
        undo=None if lost else Call("scale_deployment", {**where, "replicas": now}),
        irreversible=_DATA if lost else "",
        check=Call("get_pod_status", where),
        blast=Blast(pods=max(0, now - replicas), replicas=replicas),
        ailing=around.findings,
    )


def _changes(raw: Json, replicas: int) -> tuple[Change, ...]:
    owner, now = Owner(raw["kind"], raw["metadata"]["name"]), replicas_of(raw)
    if raw["kind"] == "DaemonSet":
        raise Invalid(f"{owner} has one pod on each node that fits, no number; nothing was done")
    if replicas == now:
        raise Invalid(f"{owner} is scaled to {now} already; nothing was done")
    return (Change("/spec/replicas", str(now), str(replicas)),)


def replicas_of(raw: Json) -> int:
    """How many pods a Deployment or StatefulSet is scaled to; the API's default is 1."""
    told = part(raw, "spec").get("replicas")
    return 1 if told is None else int(told)


def check_scaler(scaler: Autoscaler | None, raw: Json, replicas: int) -> None:
    """Refuse a number that an autoscaler would change again at once.

    To and from 0 it leaves the number alone: at 0 it is switched off.

    Raises:
        Conflict: If an autoscaler decides; the hint is the change of its bounds.
    """
    if scaler is not None and replicas and replicas_of(raw):
        _refuse(scaler, replicas)


def _refuse(scaler: Autoscaler, replicas: int) -> NoReturn:
    bounds = {"minReplicas": replicas} | (
        {"maxReplicas": replicas} if replicas > scaler.most else {}
    )
    if replicas < scaler.least:
        bounds = {"minReplicas": replicas}
    where = {"kind": scaler.KIND, "name": scaler.name, "namespace": scaler.namespace}
    raise Conflict(
        f"{scaler.told} decides how many pods {scaler.target} has ({scaler.least} to "
        f"{scaler.most}, {scaler.current} now) and would change {replicas} again; nothing was done",
        hint=f"change its bounds: {Call('update_resource', {**where, 'patch': {'spec': bounds}})}",
    )


def loses_data(raw: Json, replicas: int) -> bool:
    """Whether fewer pods of a StatefulSet means fewer volumes."""
    policy = part(raw, "spec", "persistentVolumeClaimRetentionPolicy").get("whenScaled")
    claims = parts(raw, "spec", "volumeClaimTemplates")
    return policy == "Delete" and bool(claims) and replicas < replicas_of(raw)


def scaling(around: Around, replicas: int) -> Iterator[str]:
    """What to know before the number of pods changes."""
    raw, now = around.raw, replicas_of(around.raw)
    scaler = around.scaler
    if scaler is not None and not replicas:
        yield f"{scaler.told} is switched off while there are 0 replicas"
    elif scaler is not None:
        yield f"{scaler.told} takes over from there ({scaler.least} to {scaler.most})"
    if not replicas:
        yield "it will have no pods at all: whatever uses it gets no answer"
    for budget in around.budgets:
        least = int(budget.least) if budget.least.isdecimal() else 0
        if 0 < replicas <= least and replicas < now:
            yield (
                f"PodDisruptionBudget {budget.name} wants {least} healthy pods: of "
                f"{replicas} none may be evicted, so a node with one cannot be drained"
            )
    if around.findings and replicas > now:
        yield f"its pods fail now, and more of them will too: {around.findings[0].cause}"
    yield from growing(around, replicas - now)
    yield from managed(raw)
    yield from around.unread
