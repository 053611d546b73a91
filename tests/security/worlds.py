"""Worlds in which as much goes wrong as the rules know, so that every sentence is said."""

from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from fivetabs.providers.aws.auth import parse_target
from fivetabs.providers.aws.demo import HOME, PROFILES
from fivetabs.providers.aws.demo import World as AwsWorld
from fivetabs.providers.docker.demo import World as DockerWorld
from fivetabs.providers.docker.demo import edge
from fivetabs.providers.kubernetes.demo import CLOCK, CONTEXT, incident
from fivetabs.providers.kubernetes.demo.objects import (
    condition,
    container,
    ended,
    event,
    meta,
    owned,
    pod,
    running,
    status_of,
    waiting,
    workload,
)
from fivetabs.providers.kubernetes.demo.world import World as Cluster
from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.workloads import RESTARTED_AT
from fivetabs.providers.terraform.demo import NOW, DemoWorkspaces
from fivetabs.providers.terraform.port import PlanRaw, Saved, StateRaw

IMAGE = "registry.example/zoo/cart:1.0"
PULL = f'Back-off pulling image "{IMAGE}": ErrImagePull: '
PROBE: Json = {"httpGet": {"path": "/live", "port": 9090}, "periodSeconds": 10}
EXEC_PROBE: Json = {"exec": {"command": ["cat", "/tmp/ready now"]}, "periodSeconds": 10}  # noqa: S108
SUBNET = 'aws_subnet.private["eu-west-1a"]'


def cluster() -> Cluster:
    """The demo incident, and beside it a namespace with a pod for almost every rule."""
    objects: list[Json] = [
        *incident.objects(),
        {"apiVersion": "v1", "kind": "Namespace", "metadata": meta("zoo")},
    ]
    objects += [each for made in _animals() for each in made]
    for each in objects:
        if each["kind"] == "Deployment":
            head = each["spec"]["template"].setdefault("metadata", {})
            head["annotations"] = {RESTARTED_AT: "2026-03-01T00:00:00Z"}
            each["metadata"].setdefault("annotations", {})["meta.helm.sh/release-name"] = "shop"
    return Cluster.of(CONTEXT, CLOCK, objects, {**incident.logs(), **_words()})


def _animals() -> list[list[Json]]:
    plain = [
        _crashed("exits-zero", 0, "Completed", command=["sh", "-c", "echo done"]),
        _crashed("exits-one", 1, "Error"),
        _crashed("oom", 137, "OOMKilled", resources={"limits": {"memory": "64Mi"}}),
        _crashed("killed", 137, "Error"),
        _crashed("segfault", 139, "Error"),
        _crashed("stopped", 143, "Error"),
        _crashed("not-found", 127, "Error"),
        _waits("bad-command", "RunContainerError", 'exec: "/app/cart": no such file: unknown'),
        _waits("no-image", "ImagePullBackOff", f"{PULL}{IMAGE}: not found"),
        _waits("refused", "ImagePullBackOff", f"{PULL}authorization failed"),
        _waits("silent", "ImagePullBackOff", f"{PULL}dial tcp: i/o timeout"),
        _waits("slow", "ImagePullBackOff", f"{PULL}toomanyrequests: slow down"),
        _waits("bad-name", "InvalidImageName", "couldn't parse image name"),
        _waits("never", "ErrImageNeverPull", "image is not present with pull policy of Never"),
        _waits("no-map", "CreateContainerConfigError", 'configmap "cart-settings" not found'),
        _waits("as-root", "CreateContainerConfigError", "image will run as root (pod: x)"),
        _waits("no-command", "CreateContainerError", "no command specified"),
        _waits("unheard", "SomethingNew", "a word nobody knows yet"),
        _waits("waits", "ContainerCreating", ""),
    ]
    return [
        *([each] for each in plain),
        _told(_waits("no-volume", "ContainerCreating", ""), "FailedMount", 'configmap "a" missing'),
        _told(_waits("no-net", "ContainerCreating", ""), "FailedCreatePodSandBox", "no network"),
        _told(_crashed("hook", 137, "Error"), "FailedPostStartHook", "hook failed: exit 3"),
        _told(
            _crashed("live", 137, "Error", livenessProbe=PROBE),
            "Unhealthy",
            "Liveness probe failed: 500",
        ),
        _told(_unready("unready", EXEC_PROBE), "Unhealthy", "Readiness probe failed: refused"),
        [_gated()],
        [_pending()],
        [_ended("evicted", "Evicted", "The node was low on resource: memory.")],
        [_ended("deadline", "DeadlineExceeded", "Pod was active longer than allowed")],
        [_terminating()],
        [
            _initialising(
                "init-fails", waiting("CrashLoopBackOff"), ended(2, "Error", "10:10", "10:11")
            )
        ],
        [_initialising("init-hangs", running("10:00"), None)],
        _refused(),
        [_gone_job()],
    ]


def _words() -> dict[tuple[str, str, bool], str]:
    names = ("exits-one", "not-found", "init-fails", "init-hangs")
    return {
        (name, name, run): f"{name} says\nFATAL it ends\n"
        for name in names
        for run in (True, False)
    }


def _pod(
    name: str,
    state: Json,
    *,
    last: Json | None = None,
    restarts: int = 0,
    phase: str = "Running",
    **spec: Any,
) -> Json:
    made = container(name, IMAGE, **spec)
    head = meta(
        name,
        "zoo",
        created="09:00",
        annotations={"note": "free text"},
        **owned("ReplicaSet", f"{name}-rs"),
    )
    inner: Json = {
        "nodeName": "worker-a",
        "containers": [made],
        "volumes": [{"name": "host", "hostPath": {"path": "/var/lib/zoo"}}],
    }
    return pod(
        head,
        inner,
        [status_of(made, state, last=last, restarts=restarts)],
        phase=phase,
        since="09:00",
    )


def _crashed(name: str, code: int, reason: str, **spec: Any) -> Json:
    last = ended(code, reason, "10:11:50", "10:12:00")
    last["terminated"]["message"] = "what the program wrote to its termination log"
    loop = waiting("CrashLoopBackOff", "back-off 5m0s restarting failed container")
    return _pod(name, loop, last=last, restarts=7, **spec)


def _waits(name: str, reason: str, message: str) -> Json:
    return _pod(
        name, waiting(reason, message), phase="Pending", command=["/app/cart", "--serve all"]
    )


def _told(raw: Json, reason: str, message: str) -> list[Json]:
    field = f"spec.containers{{{raw['metadata']['name']}}}"
    return [raw, event(raw, "Pod", reason, message, last="10:12:00", field=field, count=3)]


def _unready(name: str, probe: Json) -> Json:
    raw = _pod(name, running("09:00"), readinessProbe=probe, ports=[{"containerPort": 8080}])
    raw["status"]["containerStatuses"][0]["ready"] = False
    raw["status"]["conditions"][0] = condition(
        "Ready", "False", "09:00", "ContainersNotReady", "unready"
    )
    return raw


def _gated() -> Json:
    raw = _pod("gated", running("09:00"))
    raw["status"]["conditions"][0] = condition(
        "Ready", "False", "09:00", "ReadinessGatesNotReady", "the gate of the balancer is closed"
    )
    raw["spec"]["readinessGates"] = [{"conditionType": "example.com/gate"}]
    return raw


def _pending() -> Json:
    raw = _pod("pending", running("09:00"), phase="Pending")
    del raw["spec"]["nodeName"]
    raw["spec"]["nodeSelector"] = {"disk": "ssd"}
    message = "0/3 nodes are available: 3 node(s) had untolerated taint {zoo: full}."
    raw["status"]["containerStatuses"] = []
    raw["status"]["conditions"] = [
        condition("PodScheduled", "False", "10:05", "Unschedulable", message)
    ]
    return raw


def _ended(name: str, reason: str, message: str) -> Json:
    raw = _pod(name, ended(137, "Error", "09:00", "09:30"))
    raw["status"] |= {"phase": "Failed", "reason": reason, "message": message}
    return raw


def _terminating() -> Json:
    raw = _pod("leaving", running("09:00"))
    raw["metadata"] |= {
        "deletionTimestamp": "2026-03-12T10:00:00Z",
        "finalizers": ["example.com/hold"],
    }
    return raw


def _initialising(name: str, state: Json, last: Json | None) -> Json:
    raw = _pod(
        name,
        state,
        last=last,
        restarts=3 if last else 0,
        phase="Pending",
        command=["sh", "wait.sh"],
    )
    first = raw["spec"]["containers"][0]
    main = container("main", IMAGE)
    raw["spec"] |= {"initContainers": [first], "containers": [main]}
    idle = status_of(main, waiting("PodInitializing"))
    raw["status"] |= {
        "initContainerStatuses": raw["status"]["containerStatuses"],
        "containerStatuses": [idle],
    }
    return raw


def _refused() -> list[Json]:
    head = meta("short-rs", "zoo", **owned("Deployment", "short"))
    made = workload("ReplicaSet", head, {"containers": []}, wanted=3, ready=1)
    made["status"] |= {
        "replicas": 1,
        "conditions": [
            condition(
                "ReplicaFailure",
                "True",
                "10:00",
                "FailedCreate",
                'pods "short-rs-" is forbidden: admission webhook "zoo" denied the request',
            )
        ],
    }
    deployment = workload("Deployment", meta("short", "zoo"), {"containers": []}, wanted=3, ready=1)
    return [made, deployment]


def _gone_job() -> Json:
    told = condition("Failed", "True", "10:00", "BackoffLimitExceeded", "it tried too often")
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": meta("nightly", "zoo"),
        "spec": {"parallelism": 1, "completions": 1, "template": {"spec": {"containers": []}}},
        "status": {"conditions": [told]},
    }


def engine() -> DockerWorld:
    """The demo engine, with containers that are dead, were never started, or ran out of memory."""
    world = edge()
    by_name = {each["inspect"]["Name"]: each for each in world.containers}
    worker = by_name["/checkout-worker"]
    for number, (name, state) in enumerate(_DOCKER_STATES.items()):
        made = _copied(worker, name, f"{number:064x}")
        made["inspect"]["State"] |= state
        made["inspect"]["Config"]["Env"] = ["GREETING=hello world"]
        made["summary"]["State"] = state["Status"]
        world.containers.append(made)
    return world


_DOCKER_STATES: dict[str, dict[str, Any]] = {
    "half-dead": {"Status": "dead", "Restarting": False, "Error": "device or resource busy"},
    "never-up": {"Status": "created", "Restarting": False, "Error": "port is already allocated"},
    "too-big": {"Status": "exited", "Restarting": False, "OOMKilled": True, "ExitCode": 137},
    "failed": {"Status": "exited", "Restarting": False, "ExitCode": 2},
}


def _copied(container: dict[str, Any], name: str, identity: str) -> dict[str, Any]:
    made = deepcopy(container)
    made["summary"] |= {"Id": identity, "Names": [f"/{name}"]}
    made["inspect"] |= {"Id": identity, "Name": f"/{name}"}
    return made


@dataclass(frozen=True)
class Account(AwsWorld):
    """The demo account, with one thing more of every kind that the rules know."""

    async def read(self, service: str, operation: str, region: str = "", **params: Any) -> Json:
        raw = await super().read(service, operation, region, **params)
        match operation:
            case "DescribeInstances":
                raw["Reservations"].append({"Instances": [_INSTANCE]})
            case "DescribeInstanceStatus":
                raw["InstanceStatuses"].append(_STATUS)
            case "DescribeAlarms":
                raw["MetricAlarms"].append(_ALARM)
            case "GetBucketAcl":
                everyone = {"Type": "Group", "URI": _EVERYONE}
                raw["Grants"].append({"Grantee": everyone, "Permission": "READ"})
            case _:
                pass
        return raw


_EVERYONE = "http://acs.amazonaws.com/groups/global/AllUsers"
_WHEN = datetime(2026, 3, 12, 10, 2, tzinfo=UTC)
_INSTANCE: Json = {
    "InstanceId": "i-0e5f6a7b8c9d00005",
    "InstanceType": "t3.small",
    "State": {"Name": "stopped"},
    "StateReason": {"Code": "Server.InternalError", "Message": "Server.InternalError: it broke"},
    "Tags": [{"Key": "Name", "Value": "the old one"}, {"Key": "owner", "Value": "ana"}],
}
_STATUS: Json = {
    "InstanceId": "i-0e5f6a7b8c9d00005",
    "Events": [{"Code": "instance-retirement", "Description": "it retires", "NotBefore": _WHEN}],
    "AttachedEbsStatus": {"Status": "impaired"},
}
_ALARM: Json = {
    "AlarmName": "errors over requests",
    "StateValue": "ALARM",
    "StateReason": "Threshold Crossed",
    "StateUpdatedTimestamp": _WHEN,
    "Metrics": [{"Id": "e", "Expression": "errors / requests", "Label": "error rate"}],
    "Threshold": 1.0,
    "ComparisonOperator": "GreaterThanThreshold",
    "EvaluationPeriods": 2,
}


def account() -> Account:
    """The account, looked at in its home region."""
    return Account(parse_target(None, PROFILES, frozenset({HOME})))


@dataclass(frozen=True)
class Workspaces(DemoWorkspaces):
    """`infra/shop` with a plan and a state in which everything happens that the rules know."""

    async def plan(self, directory: str, /) -> PlanRaw:
        raw = await super().plan(directory)
        return PlanRaw(
            directory=raw.directory,
            workspace="default",
            backend="s3",
            plan=_plan(),
            serial=41,
            diagnostics=(
                {"severity": "warning", "summary": "Deprecated attribute", "detail": "use another"},
            ),
            lock=_LOCK,
            writes=("data.archive_file.lambda",),
        )

    async def saved(self, directory: str, plan: str, /) -> Saved:
        raw = await self.plan(directory)
        whole: Json = {**raw.plan, "complete": True, "deferred_changes": []}
        kept = replace(raw, plan=whole, kept=plan)
        state = (41, "6b1f0c1e", 41, "6b1f0c1e")
        return Saved(kept, "/infra/shop", "0" * 64, NOW, *state, runs_allowed=True)

    async def state(self, directory: str, /) -> StateRaw:
        raw = await super().state(directory)
        return StateRaw(raw.directory, "default", "s3", _state(), lock=_LOCK)


_LOCK = {
    "ID": "6b1f",
    "Operation": "OperationTypeApply",
    "Info": "from the pipeline",
    "Who": "ana@desk",
    "Version": "1.11.4",
    "Created": "2026-03-12T10:00:01.5Z",
}


def _change(address: str, actions: list[str], before: Any, after: Any, **more: Any) -> Json:
    kind, _, name = address.partition(".")
    change = {"actions": actions, "before": before, "after": after, **more.pop("change", {})}
    head = {"address": address, "mode": "managed", "type": kind, "name": name.partition("[")[0]}
    return {**head, "change": change, **more}


def _plan() -> Json:
    subnet = {"tags": {"Name": "private a"}, "cidr_block": "10.0.1.0/24"}
    other = {"tags": {"Name": "public b"}, "cidr_block": "10.0.1.0/24"}
    drift = _change(
        "aws_instance.worker_c",
        ["update"],
        {"instance_type": "m5.large"},
        {"instance_type": "t3.small"},
    )
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "resource_drift": [drift],
        "resource_changes": [
            _change(SUBNET, ["update"], subnet, other),
            _change(
                "aws_instance.worker_c",
                ["update"],
                {"instance_type": "t3.small"},
                {"instance_type": "m5.large"},
            ),
            _change(
                "aws_db_instance.orders",
                ["delete"],
                {"name": "orders"},
                None,
                action_reason="delete_because_no_resource_config",
            ),
            _change(
                "aws_security_group.old",
                ["delete"],
                {"name": "old"},
                None,
                action_reason="delete_because_each_key",
            ),
            _change(
                "aws_instance.worker_d",
                ["delete", "create"],
                {"ami": "ami-1"},
                {"ami": "ami-2"},
                change={"replace_paths": [["ami"]]},
            ),
            _change("terraform_data.hook", ["create"], None, {"input": "hello there"}),
            _change("aws_eip.moved", ["no-op"], {}, {}, previous_address="aws_eip.before"),
        ],
        "output_changes": {
            "greeting": {"actions": ["update"], "before": "hello you", "after": "hello all of you"}
        },
        "checks": [
            {
                "address": {"to_display": "check.endpoint"},
                "status": "fail",
                "instances": [{"problems": [{"message": "the endpoint is down"}]}],
            }
        ],
        "deferred_changes": [
            {"reason": "resource_config_unknown", "resource_change": {"address": "aws_eip.later"}}
        ],
        "configuration": {
            "root_module": {
                "resources": [
                    {"address": "terraform_data.hook", "provisioners": [{"type": "local-exec"}]}
                ]
            }
        },
        "complete": False,
    }


def _state() -> Json:
    instance: Json = {"attributes": {"id": "subnet-1", "tags": {"Name": "private a"}}}
    tainted: Json = {"status": "tainted", "attributes": {"id": "i-1", "note": "hello there"}}
    deposed: Json = {"deposed": "6b1f", "attributes": {"id": "i-2"}}
    provider = 'provider["registry.terraform.io/hashicorp/aws"]'
    head = {"mode": "managed", "provider": provider}
    return {
        "version": 4,
        "terraform_version": "1.11.4",
        "serial": 42,
        "lineage": "6b1f0c1e",
        "outputs": {"greeting": {"value": "hello all of you"}},
        "resources": [
            {
                **head,
                "type": "aws_subnet",
                "name": "private",
                "instances": [{"index_key": "eu-west-1a", **instance}],
            },
            {**head, "type": "aws_instance", "name": "a", "instances": [tainted]},
            {**head, "type": "aws_instance", "name": "b", "instances": [deposed]},
        ],
        "check_results": [
            {
                "config_addr": "check.endpoint",
                "status": "fail",
                "objects": [{"failure_messages": ["the endpoint is down"]}],
            }
        ],
    }
