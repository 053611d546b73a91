"""The cluster of an ordinary company on a bad day: 5,000 pods, some 140 failing in 29 ways."""

from collections.abc import Iterator

from fivetabs.providers.kubernetes.demo.objects import (
    condition,
    ended,
    event,
    meta,
    node,
    status_of,
    waiting,
    workload,
)
from fivetabs.providers.kubernetes.port import Json
from tests.large.dice import app, dice, prose
from tests.large.kubernetes.crowd import Crowd
from tests.large.kubernetes.seats import LONG_AGO, Seat, makers
from tests.large.kubernetes.ways import LOST_NODE, WAYS

TEAMS = ("shop", "billing", "search", "media", "fleet", "mail", "maps", "auth", "data", "core")
STAGES = ("prod", "staging", "test", "perf", "demo")
NAMESPACES = tuple(f"{team}-{stage}" for stage in STAGES for team in TEAMS)
NODES = 60
_DEPLOYMENTS, _REPLICAS, _MEMBERS, _JOBS = 7, 10, 8, 13
_AGENTS = 9
_REFUSED = (
    (
        "K8S601",
        "is forbidden: exceeded quota: team, requested: pods=1, used: pods=100, limited: 100",
    ),
    ("K8S602", "is forbidden: maximum memory usage per Container is 1Gi, but limit is 2Gi"),
    ("K8S603", 'is forbidden: violates PodSecurity "restricted:latest": hostNetwork=true'),
    ("K8S604", 'is forbidden: error looking up service account: serviceaccount "runner" not found'),
)


def everyday() -> Crowd:
    """The cluster, new."""
    objects, logs, failing = list[Json](), dict[tuple[str, str, bool], str](), dict[str, str]()
    objects += _places()
    for number, namespace in enumerate(NAMESPACES):
        ways = list(WAYS)
        way = ways[number] if number < len(ways) else ""
        for seat, how in _seats(namespace, way):
            if not how:
                objects.append(_well(seat))
                continue
            sick = WAYS[how].make(seat)
            objects += [sick.pod, *sick.events]
            failing[seat.key] = WAYS[how].code
            if sick.words:
                logs |= {(seat.name, seat.app, run): sick.words for run in (True, False)}
        objects += _makers(namespace, way)
    lacking = dict[str, str]()
    for number, (code, words) in enumerate(_REFUSED):
        made = list(_lacking(NAMESPACES[40 + number], f"refused-{number}", words))
        objects += made
        lacking[f"{NAMESPACES[40 + number]}/ReplicaSet/{made[0]['metadata']['name']}"] = code
    return Crowd.of(objects, logs, failing, lacking)


def _places() -> Iterator[Json]:
    for name in ("default", *NAMESPACES):
        yield {"apiVersion": "v1", "kind": "Namespace", "metadata": meta(name)}
    ready = condition("Ready", "True", LONG_AGO, "KubeletReady")
    lost = condition("Ready", "Unknown", "09:50", "NodeStatusUnknown", "Kubelet stopped posting.")
    for number in range(NODES):
        yield node(f"node-{number:02}", f"aws:///eu-west-1a/i-{number:017x}", "10.0.0.9", ready)
    yield node(LOST_NODE, "aws:///eu-west-1a/i-0fffffffffffffff1", "10.0.0.10", lost)


def _seats(namespace: str, way: str) -> Iterator[tuple[Seat, str]]:
    """A hundred pods: each seat, and how its pod fails."""
    sick = dice(f"sick/{namespace}").randint(1, 9) if way else 0
    for number, name in enumerate(_names(namespace)):
        for index in range(_REPLICAS):
            fails = way if number == 0 and index < sick else ""
            yield Seat(namespace, name, index, _node(namespace, name, index), detail="eu"), fails
    for index in range(_MEMBERS):
        yield Seat(namespace, "store", index, f"node-{index:02}", "StatefulSet"), ""
    for index in range(_AGENTS):
        yield Seat(namespace, "log-agent", index, f"node-{index:02}", "DaemonSet"), ""
    for index in range(_JOBS):
        yield Seat(namespace, f"import-{index:02}", 0, f"node-{index:02}", "Job"), ""


def _names(namespace: str) -> list[str]:
    first = NAMESPACES.index(namespace) * _DEPLOYMENTS % 280
    return [app(first + number) for number in range(_DEPLOYMENTS)]


def _node(namespace: str, name: str, index: int) -> str:
    return f"node-{dice(f'{namespace}/{name}/{index}').randrange(NODES):02}"


def _well(seat: Seat) -> Json:
    """A pod that is well, though one in twelve looks sick to a careless eye."""
    if seat.kind == "Job":
        done = status_of(seat.container(), ended(0, "Completed", LONG_AGO, LONG_AGO))
        return seat.pod(done, phase="Succeeded", restartPolicy="Never")
    trap = dice(f"trap/{seat.key}").randrange(120)
    if trap <= 4:
        return seat.well(restarts=31, last=ended(1, "Error", LONG_AGO, LONG_AGO))
    if trap == 5 and seat.kind == "Deployment":
        young = Seat(seat.namespace, seat.app, seat.index, seat.node, created="10:13:30")
        return young.pod(
            status_of(young.container(), waiting("ContainerCreating")), phase="Pending"
        )
    return seat.well()


def _makers(namespace: str, way: str) -> Iterator[Json]:
    seen = dict[str, Seat]()
    for seat, _ in _seats(namespace, way):
        seen.setdefault(seat.app, seat)
    counts = {"Deployment": _REPLICAS, "StatefulSet": _MEMBERS, "DaemonSet": _AGENTS, "Job": 1}
    for seat in seen.values():
        yield from makers(seat, counts[seat.kind], counts[seat.kind])
    noisy = next(iter(seen.values()))
    about = noisy.well()
    if not way:
        yield event(about, "Pod", "Unhealthy", f"Readiness probe failed: {prose(namespace, 6)}")


def _lacking(namespace: str, name: str, words: str) -> Iterator[Json]:
    """A ReplicaSet that gets no pod, and the event that says why."""
    seat = Seat(namespace, name, 0, "")
    template = {"containers": [seat.container()]}
    head = meta(seat.maker, namespace, created="09:30")
    made = workload("ReplicaSet", head, template, wanted=3, ready=0)
    made["status"] = {"replicas": 0}
    yield made
    message = f'Error creating: pods "{seat.maker}-x" {words}'
    yield event(made, "ReplicaSet", "FailedCreate", message, count=20, last="10:12")
