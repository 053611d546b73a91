"""Rolling a workload's pods anew."""

from collections.abc import Iterator

from fivetabs.core import Blast, Call, Conflict, Delta, Plan, change, shortened
from fivetabs.providers.kubernetes.port import Cluster, Json, Restart, Step
from fivetabs.providers.kubernetes.shapes.owners import Owner
from fivetabs.providers.kubernetes.shapes.workloads import RESTARTED_AT, Workload, parse_workload
from fivetabs.providers.kubernetes.tools.arguments import Namespace, WorkloadName
from fivetabs.providers.kubernetes.tools.preflight import (
    Around,
    look_around,
    managed,
    replaced,
    rolling,
)
from fivetabs.providers.kubernetes.tools.targets import find_workload, touched
from fivetabs.providers.kubernetes.tools.verifying import advice, rolled_out

_LONGEST = 240
# Of these the kubelet, or the controller, tries again all the time: the same thing starts anew.
_STAYS = ("K8S2", "K8S3", "K8S4", "K8S6")
_LOOPS = ("K8S1", "K8S5")


@change(
    example={"name": "orders-api", "namespace": "shop"},
    questions=(
        "Restart the orders-api deployment",
        "Do a rollout restart of storefront in shop",
        "Bounce the deployment so that its pods are made anew",
    ),
    verify=rolled_out,
)
async def restart_deployment(
    cluster: Cluster, /, name: WorkloadName, namespace: Namespace = ""
) -> Plan[Step]:
    """Restart a Deployment (StatefulSet, DaemonSet too): roll all its pods, bounce it.

    The same as kubectl rollout restart. Returns the plan with its risks and, once approved, the
    outcome. Changes no image and no scale. To watch the new pods use get_pod_status; for a Docker
    container use restart_container.
    """
    raw = await find_workload(cluster, namespace or cluster.namespace, name)
    made = parse_workload(raw, raw["kind"])
    _check(made)
    step = Restart(made.kind, made.namespace, made.name, made.uid, made.template)
    await cluster.preview(step)
    around = await look_around(cluster, raw)
    field = f"spec.template.metadata.annotations[{RESTARTED_AT}]"
    return Plan(
        summary=f"Restart {Owner(made.kind, made.name)} in {made.namespace}: "
        f"{replaced(made.wanted)} ({made.ready} ready now).",
        steps=(step,),
        touches=(touched(cluster, raw),),
        deltas=(Delta(field, made.restarted or "none", "the time of carrying it out"),),
        warnings=tuple(_warnings(around, raw)),
        irreversible="pods that are replaced do not come back, nor does what they held in memory",
        check=Call("get_pod_status", {"namespace": made.namespace, "name": made.name}),
        blast=Blast(pods=max(made.wanted, len(around.pods))),
        ailing=around.findings,
    )


def _check(made: Workload) -> None:
    """Refuse where nothing would restart.

    Raises:
        Conflict: If it is paused, has no pods, or replaces pods only when they are deleted.
    """
    what = str(Owner(made.kind, made.name))
    here = {"kind": made.kind, "name": made.name, "namespace": made.namespace}
    if made.paused:
        resume = Call("update_resource", {**here, "patch": {"spec": {"paused": False}}})
        raise Conflict(
            f"the rollout of {what} is paused: a restart would reach no pod; nothing was done",
            hint=f"resume it first: {resume}",
        )
    if made.strategy == "OnDelete":
        strategy = {"spec": {"updateStrategy": {"type": "RollingUpdate"}}}
        raise Conflict(
            f"{what} replaces its pods only when they are deleted (updateStrategy OnDelete): a "
            "restart would reach none; nothing was done",
            hint=f"let it roll: {Call('update_resource', {**here, 'patch': strategy})}",
        )
    if made.wanted == 0:
        raise Conflict(f"{what} has no pods to restart: it is meant to have 0; nothing was done")


def _warnings(around: Around, raw: Json) -> Iterator[str]:
    yield from _useless(around)
    yield from rolling(around)
    yield from managed(raw, stays=True)
    yield from around.unread


def _useless(around: Around) -> Iterator[str]:
    """Why a restart will not help, where the pods fail by something that a restart leaves."""
    for each in around.findings:
        cause = shortened(each.cause, _LONGEST)
        if each.code.startswith(_STAYS):
            yield f"a restart cannot help: {cause}. {advice((each,))}"
        elif each.code.startswith(_LOOPS):
            yield (
                f"a restart will hardly help, its pods are started again and again already: {cause}"
                f". {advice((each,))}"
            )
