"""Filling the cluster with the incident and the zoo, and waiting until both have happened."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from tests.rig.kubernetes import incident, signs, zoo, zoo_spaces
from tests.rig.kubernetes.api import Api, RefusedError
from tests.rig.kubernetes.objects import named, namespace
from tests.rig.kubernetes.residents import ZOO
from tests.rig.kubernetes.zoo_spaces import LEAVING
from tests.rig.waiting import GaveUpError, until

LOST = "worker-c"
LOST_PATH = f"/api/v1/nodes/{LOST}"
NOT_OUR_INSTANCE = "i-0c3a5f7e9b1d20003"  # the incident's, when no AWS has been started
NODE_LIMIT = 60
RESTARTS = 3
AT_ONCE = 4


def lose_a_node(api: Api, instance: str) -> None:
    """Make a node whose kubelet said once that it is ready, and will never say so again.

    It is cordoned until it has been found out, so that no pod goes there by mistake.
    """
    zone = {
        "topology.kubernetes.io/region": "eu-west-1",
        "topology.kubernetes.io/zone": "eu-west-1c",
    }
    labels = {"disk": "ssd", "kubernetes.io/hostname": LOST, "kubernetes.io/os": "linux", **zone}
    about = {"providerID": f"aws:///eu-west-1c/{instance}", "unschedulable": True}
    node = named("Node", "v1", LOST, spec=about)
    node["metadata"]["labels"] = labels | {"node.kubernetes.io/instance-type": "m5.large"}
    api.apply(node)
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    said = {"reason": "KubeletReady", "message": "kubelet is posting ready status"}
    times = {"lastHeartbeatTime": now, "lastTransitionTime": now}
    resources = {"cpu": "2", "memory": "8Gi", "pods": "110", "ephemeral-storage": "20Gi"}
    status = {
        "conditions": [{"type": "Ready", "status": "True", **said, **times}],
        "addresses": [{"type": "Hostname", "address": LOST}],
        "capacity": resources,
        "allocatable": resources,
        "nodeInfo": {"kubeletVersion": "v1.34.4"},
    }
    api.merge(f"{LOST_PATH}/status", {"status": status})


def sow(api: Api, *, with_zoo: bool) -> None:
    """Apply everything; only a namespace has to be there before its inhabitants."""
    for manifest in incident.manifests():
        api.apply(manifest)
    if with_zoo:
        _sow_zoo(api)


def _sow_zoo(api: Api) -> None:
    everybody = (*zoo.FAILING, *zoo.WORKINGS, *zoo.HEALTHY)
    residents = [resident.manifest for resident in everybody]
    for manifest in (*namespace(ZOO), *zoo.PREPARATION, *zoo_spaces.manifests()):
        api.apply(manifest)
    with ThreadPoolExecutor(AT_ONCE) as workers:
        list(workers.map(api.apply, residents))
    api.delete(f"/api/v1/namespaces/{LEAVING}")


def restarted_often(api: Api) -> bool:
    """Whether the incident's crash loops have gone round often enough to look like some."""
    for namespace_name, name in (("default", "broken-app"), ("shop", "orders-api")):
        path = f"/api/v1/namespaces/{namespace_name}/pods?labelSelector=app%3D{name}"
        pods = api.get(path)["items"]
        statuses = [one for pod in pods for one in pod["status"].get("containerStatuses", [])]
        if min((one["restartCount"] for one in statuses), default=0) < RESTARTS:
            return False
    return True


def _lacking(api: Api, namespace_name: str, wanted: Mapping[str, tuple[str, ...]]) -> list[str]:
    words = signs.everything(api, namespace_name)
    return [name for name, said in wanted.items() if not signs.shown(said, words.get(name, set()))]


def _delete_the_held(api: Api) -> None:
    path = f"/api/v1/namespaces/{ZOO}/pods/stuck-terminating"
    held = api.get(path)
    if "deletionTimestamp" not in held["metadata"] and "Ready" in signs.of(held):
        api.delete(path)


def wait_for_nodes(api: Api, real: str) -> None:
    """Wait until the real node is ready."""

    def ready() -> bool:
        try:
            return "Ready" in signs.of(api.get(f"/api/v1/nodes/{real}"))
        except RefusedError:
            return False

    until(ready, f"the node {real}", NODE_LIMIT)


def let_the_lost_be_found(api: Api) -> None:
    """Wait until the lost node is known as unreachable, then apply what can only run there."""

    def found_out() -> bool:
        taints = api.get(LOST_PATH)["spec"].get("taints", [])
        return any(taint["key"].endswith("/unreachable") for taint in taints)

    until(found_out, f"the loss of {LOST}", NODE_LIMIT)
    api.merge(LOST_PATH, {"spec": {"unschedulable": None}})
    for manifest in incident.of_the_lost_node():
        api.apply(manifest)


def wait_for_seed(api: Api, deadline: float, *, with_zoo: bool) -> None:
    """Wait until incident and zoo have reached their state; raise GaveUpError with what has not.

    A crash loop looks different every few seconds, so each thing need show its signs only once.
    The deadline is in seconds from now.
    """
    residents = {one.name: one.signs for one in (*zoo.FAILING, *zoo.WORKINGS, *zoo.HEALTHY)}
    wanted = {"default": dict(incident.DEFAULT_SIGNS), "shop": dict(incident.SIGNS)}
    if with_zoo:
        wanted[ZOO] = residents
    missing: list[str] = []

    def reached() -> bool:
        if with_zoo:
            _delete_the_held(api)
        missing.clear()
        for space, signs_of in wanted.items():
            lacking = _lacking(api, space, signs_of)
            wanted[space] = {name: signs_of[name] for name in lacking}
            missing.extend(lacking)
        return not missing

    try:
        until(reached, "the seed", deadline, step=1)
    except GaveUpError as error:
        raise GaveUpError(f"{error}; still missing: {', '.join(missing)}") from None
