"""The namespace `zoo`: one of each way for a pod to fail, named after it, and healthy decoys."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.rig.kubernetes import catalogue, zoo_healthy
from tests.rig.kubernetes.api import Manifest
from tests.rig.kubernetes.objects import (
    container,
    deployment,
    job,
    named,
    pod,
    probe,
    spec,
    variable,
)

ZOO = "zoo"
HOLD = "rig.example/hold"


@dataclass(frozen=True)
class Resident:
    """One thing in the zoo.

    `signs` are words that Kubernetes itself says about it once it has reached its state: reasons
    of containers, pods, conditions and events, `exit:<code>`, the phase, `Ready`, `Terminating`.
    """

    name: str
    wrong: str
    signs: tuple[str, ...]
    manifest: Manifest


def _pod(name: str, wrong: str, *signs: str, **body: Any) -> Resident:
    """A bare pod; what is not a field of a pod's spec is one of its only container."""
    inner = {key: body.pop(key) for key in list(body) if key in _CONTAINER_FIELDS}
    containers = body.pop("containers", None) or [container(**inner)]
    return Resident(name, wrong, signs, pod(name, ZOO, spec(*containers, **body)))


_CONTAINER_FIELDS = frozenset(
    {
        "script", "image", "command", "resources", "env", "envFrom", "volumeMounts", "lifecycle",
        "livenessProbe", "readinessProbe", "startupProbe", "imagePullPolicy", "securityContext",
    }
)  # fmt: skip


def _limited(**limits: str) -> Mapping[str, Any]:
    return {"limits": limits, "requests": {"cpu": "5m", "memory": "8Mi"}}


def _exiting() -> list[Resident]:
    killed = "sh -c 'kill -SEGV $$$$'; exit $?"  # Kubernetes halves dollars in a command
    greedy = "echo 'loading the whole catalogue'; tail /dev/zero"
    crash = "CrashLoopBackOff"
    return [
        _pod("exit-0", "its command ends at once, successfully", crash, "exit:0", command=None),
        _pod(
            "exit-1",
            "it exits 1 and says why",
            crash,
            "exit:1",
            script="echo 'panic: no licence key found' >&2; exit 1",
        ),
        _pod("exit-127", "its shell finds no such command", "exit:127", script="start-the-server"),
        _pod("exit-139", "it dies of a segmentation fault", "exit:139", script=killed),
        _pod(
            "start-error",
            "its program is not in the image",
            "StartError",
            command=["/app/no-such-binary"],
        ),
        _pod(
            "out-of-memory",
            "it takes more memory than its limit",
            "OOMKilled",
            script=greedy,
            resources=_limited(memory="24Mi"),
        ),
        _pod(
            "failed-for-good",
            "it failed and is never restarted",
            "Failed",
            "exit:3",
            script="echo 'import aborted: row 17 is not valid' >&2; exit 3",
            restartPolicy="Never",
        ),
        _pod(
            "deadline-exceeded",
            "it ran longer than activeDeadlineSeconds",
            "DeadlineExceeded",
            activeDeadlineSeconds=3,
        ),
    ]


def _images() -> list[Resident]:
    back_off = "ErrImagePull|ImagePullBackOff"
    return [
        _pod("image-not-found", "no such image", back_off, image=catalogue.UNKNOWN),
        _pod("image-unauthorised", "needs a pull secret", back_off, image=catalogue.PRIVATE),
        _pod("image-rate-limited", "pulled too often (429)", back_off, image=catalogue.LIMITED),
        _pod("image-registry-broken", "its registry fails", back_off, image=catalogue.BROKEN),
        _pod("image-name-invalid", "not a name", "InvalidImageName", image="registry.example/No:1"),
        _pod(
            "image-never-pulled",
            "the image is absent and may not be pulled",
            "ErrImageNeverPull",
            image=catalogue.UNKNOWN,
            imagePullPolicy="Never",
        ),
    ]


def _configuration() -> list[Resident]:
    config_error = "CreateContainerConfigError"
    volume = {"name": "settings", "configMap": {"name": "no-such-settings"}}
    mount = {"name": "settings", "mountPath": "/settings"}
    key = variable("TOKEN", "secret", "half-a-secret", "no-such-key")
    return [
        _pod(
            "config-map-missing",
            "an environment variable comes from a ConfigMap that does not exist",
            config_error,
            env=[variable("MODE", "configMap", "no-such-map", "mode")],
        ),
        _pod("secret-key-missing", "its Secret lacks the key", config_error, env=[key]),
        _pod(
            "volume-missing",
            "a volume's ConfigMap does not exist",
            "ContainerCreating",
            "FailedMount",
            volumeMounts=[mount],
            volumes=[volume],
        ),
        _pod(
            "runs-as-root",
            "runAsNonRoot forbids the image's user",
            config_error,
            securityContext={"runAsNonRoot": True},
        ),
        _pod(
            "claim-unbound",
            "nobody provides the volume that its claim asks for",
            "Unschedulable",
            volumes=[{"name": "data", "persistentVolumeClaim": {"claimName": "nobody-provides"}}],
        ),
    ]


def _scheduling() -> list[Resident]:
    return [
        _pod("no-such-node", "no node is labelled so", "Unschedulable", nodeSelector={"gpu": "h"}),
        _pod(
            "too-much-cpu",
            "no node has so much CPU",
            "Unschedulable",
            resources={"requests": {"cpu": "64"}},
        ),
        Resident(
            "quota-refused",
            "a ResourceQuota lets its ReplicaSet make no pod",
            ("FailedCreate",),
            deployment("quota-refused", ZOO, spec(priorityClassName="zoo-refused")),
        ),
    ]


def _parts() -> list[Resident]:
    """Pods of which one part fails: init containers, a sidecar, probes, hooks."""
    init_fails = container("migrate", "echo 'migration 7 failed' >&2; exit 2")
    lock = container("wait-for-lock", "echo waiting; sleep 86400")
    sick = container("log-shipper", "echo 'no route to collector' >&2; exit 1")
    hook = {"postStart": {"exec": {"command": ["sh", "-c", "exit 1"]}}}
    never = probe("echo 'cache is cold' >&2; exit 1")
    sidecar_wrong = "its second container crashes, the main one runs"
    return [
        _pod("init-fails", "its init container exits 2", "exit:2", initContainers=[init_fails]),
        _pod("init-hangs", "its init container never ends", "init:running", initContainers=[lock]),
        _pod("sick-sidecar", sidecar_wrong, "exit:1", "running", containers=[container(), sick]),
        _pod("liveness-kills", "its liveness probe kills it", "Killing", livenessProbe=never),
        _pod("readiness-never", "never ready", "ContainersNotReady", readinessProbe=never),
        _pod("start-up-never", "its startup probe kills it", "Killing", startupProbe=never),
        _pod("hook-fails", "its postStart hook fails", "FailedPostStartHook", lifecycle=hook),
    ]


def _ends() -> list[Resident]:
    volume = {"name": "scratch", "emptyDir": {"sizeLimit": "1Mi"}}
    fills = "dd if=/dev/zero of=/scratch/full bs=1M count=4; sleep 86400"
    mount = {"name": "scratch", "mountPath": "/scratch"}
    held = pod("stuck-terminating", ZOO, spec(), finalizers=[HOLD])
    fails = spec(container(script="echo 'backup target is full' >&2; exit 4"))
    return [
        _pod(
            "evicted", "too large", "Evicted", script=fills, volumeMounts=[mount], volumes=[volume]
        ),
        Resident("stuck-terminating", "a finalizer holds it", ("Terminating",), held),
        Resident(
            "job-failed", "out of tries", ("BackoffLimitExceeded",), job("job-failed", ZOO, fails)
        ),
    ]


def _quota() -> list[Manifest]:
    matches = [{"operator": "In", "scopeName": "PriorityClass", "values": ["zoo-refused"]}]
    quota = {"hard": {"pods": "0"}, "scopeSelector": {"matchExpressions": matches}}
    claim = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    return [
        named("PriorityClass", "scheduling.k8s.io/v1", "zoo-refused", value=1),
        named("ResourceQuota", "v1", "no-more-pods", ZOO, spec=quota),
        named("Secret", "v1", "half-a-secret", ZOO, stringData={"other-key": "x"}),
        named("PersistentVolumeClaim", "v1", "nobody-provides", ZOO, spec=claim),
    ]


PREPARATION: tuple[Manifest, ...] = tuple(_quota())
FAILING: tuple[Resident, ...] = (
    *_exiting(),
    *_images(),
    *_configuration(),
    *_scheduling(),
    *_parts(),
    *_ends(),
)
HEALTHY: tuple[Resident, ...] = tuple(
    Resident(name, "", signs, manifest) for name, signs, manifest in zoo_healthy.decoys(ZOO)
)
