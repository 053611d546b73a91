"""Rolling a workload's pods anew."""

from fivetabs.core import Call, Delta, Denied, NotFound, Plan, change, did_you_mean
from fivetabs.providers.kubernetes.port import (
    RESTARTABLE,
    Cluster,
    Restart,
    path_to,
)
from fivetabs.providers.kubernetes.shapes.owners import Owner
from fivetabs.providers.kubernetes.shapes.tables import parse_rows
from fivetabs.providers.kubernetes.shapes.workloads import RESTARTED_AT, Workload, parse_workload
from fivetabs.providers.kubernetes.tools.arguments import Namespace, WorkloadName
from fivetabs.providers.kubernetes.tools.namespaces import require_namespace


@change(
    example={"name": "orders-api", "namespace": "shop"},
    questions=(
        "Restart the orders-api deployment",
        "Do a rollout restart of storefront in shop",
        "Bounce the deployment so that its pods are made anew",
    ),
)
async def restart_deployment(
    cluster: Cluster, /, name: WorkloadName, namespace: Namespace = ""
) -> Plan[Restart]:
    """Restart a Deployment (StatefulSet, DaemonSet too): roll all its pods, bounce it.

    The same as kubectl rollout restart. Returns the plan with its risks and, once approved, the
    outcome. Changes no image and no scale. To watch the new pods use get_pod_status; for a Docker
    container use restart_container.
    """
    made = await _workload(cluster, namespace or cluster.namespace, name)
    step = Restart(made.kind, made.namespace, made.name, made.uid, made.template)
    await cluster.preview(step)
    field = f"spec.template.metadata.annotations[{RESTARTED_AT}]"
    return Plan(
        summary=f"Restart {Owner(made.kind, made.name)} in {made.namespace}: its {made.wanted} "
        f"pods ({made.ready} ready now) are replaced.",
        steps=(step,),
        deltas=(Delta(field, made.restarted or "none", "the time of carrying it out"),),
        warnings=_warnings(made),
        irreversible="pods that are replaced do not come back, nor does what they held in memory",
        check=Call("get_pod_status", {"namespace": made.namespace, "name": made.name}),
    )


async def _workload(cluster: Cluster, namespace: str, name: str) -> Workload:
    for resource in RESTARTABLE:
        try:
            raw = await cluster.get(path_to(resource, namespace, name))
        except NotFound:
            continue
        return parse_workload(raw, resource.kind)
    raise await _unknown(cluster, namespace, name)


async def _unknown(cluster: Cluster, namespace: str, name: str) -> NotFound:
    """The near names of the namespace, and the namespaces that have this very name."""
    await require_namespace(cluster, namespace)
    here: set[str] = set()
    there: set[str] = set()
    for resource in RESTARTABLE:
        try:
            table = await cluster.table(path_to(resource), objects="Metadata")
        except Denied:
            table = await cluster.table(path_to(resource, namespace), objects="Metadata")
        for row in parse_rows(table):
            if row.namespace == namespace:
                here.add(row.name)
            elif row.name == name:
                there.add(row.namespace)
    message = f"there is no Deployment {name!r} in namespace {namespace}"
    if there:
        message = f"{message}; it exists in {', '.join(sorted(there))}"
    listed = f"there are: {', '.join(sorted(here)[:20])}" if here else "none is there"
    return NotFound(message, hint=did_you_mean(name, here, otherwise=listed))


def _warnings(made: Workload) -> tuple[str, ...]:
    told: list[str] = []
    if made.paused:
        told.append("its rollout is paused: nothing restarts until it is resumed")
    if made.wanted == 0:
        told.append("it is scaled to 0: there is no pod to restart")
    if made.strategy == "OnDelete":
        told.append("its update strategy is OnDelete: pods restart only when they are deleted")
    if made.strategy == "Recreate":
        told.append("its strategy is Recreate: all pods end before new ones start")
    if made.kind == "StatefulSet" and made.wanted == 1:
        told.append("its only pod ends before the new one starts: expect a pause")
    if made.wanted and made.ready < made.wanted:
        told.append(
            f"only {made.ready} of {made.wanted} pods are ready now; a restart does not mend a "
            "wrong image, configuration or dependency"
        )
    return tuple(told)
