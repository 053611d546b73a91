"""The namespace `zoo`: one of each way for a pod to fail, named after it, and healthy decoys."""

from collections.abc import Mapping
from typing import Any

from tests.rig.kubernetes import catalogue, zoo_healthy, zoo_programs, zoo_workings
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
from tests.rig.kubernetes.residents import ZOO, Resident, lone

HOLD = "rig.example/hold"


def _limited(**limits: str) -> Mapping[str, Any]:
    return {"limits": limits, "requests": {"cpu": "5m", "memory": "8Mi"}}


def _exiting() -> list[Resident]:
    killed = "sh -c 'kill -SEGV $$$$'; exit $?"  # Kubernetes halves dollars in a command
    greedy = "echo 'loading the whole catalogue'; tail /dev/zero"
    crash = "CrashLoopBackOff"
    return [
        lone("exit-0", "its command ends at once, successfully", crash, "exit:0", command=None),
        lone(
            "exit-1",
            "it exits 1 and says why",
            crash,
            "exit:1",
            script="echo 'panic: no licence key found' >&2; exit 1",
        ),
        lone("exit-127", "its shell finds no such command", "exit:127", script="start-the-server"),
        lone("exit-139", "it dies of a segmentation fault", "exit:139", script=killed),
        lone(
            "start-error",
            "its program is not in the image",
            "StartError",
            command=["/app/no-such-binary"],
        ),
        lone(
            "out-of-memory",
            "it takes more memory than its limit",
            "OOMKilled",
            script=greedy,
            resources=_limited(memory="24Mi"),
        ),
        lone(
            "failed-for-good",
            "it failed and is never restarted",
            "Failed",
            "exit:3",
            script="echo 'import aborted: row 17 is not valid' >&2; exit 3",
            restartPolicy="Never",
        ),
        lone(
            "deadline-exceeded",
            "it ran longer than activeDeadlineSeconds",
            "DeadlineExceeded",
            activeDeadlineSeconds=3,
        ),
    ]


def _images() -> list[Resident]:
    back_off = "ErrImagePull|ImagePullBackOff"
    return [
        lone("image-not-found", "no such image", back_off, image=catalogue.UNKNOWN),
        lone("image-unauthorised", "needs a pull secret", back_off, image=catalogue.PRIVATE),
        lone("image-rate-limited", "pulled too often (429)", back_off, image=catalogue.LIMITED),
        lone("image-registry-broken", "its registry fails", back_off, image=catalogue.BROKEN),
        lone("image-name-invalid", "not a name", "InvalidImageName", image="registry.example/No:1"),
        lone(
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
        lone(
            "config-map-missing",
            "an environment variable comes from a ConfigMap that does not exist",
            config_error,
            env=[variable("MODE", "configMap", "no-such-map", "mode")],
        ),
        lone("secret-key-missing", "its Secret lacks the key", config_error, env=[key]),
        lone(
            "volume-missing",
            "a volume's ConfigMap does not exist",
            "ContainerCreating",
            "FailedMount",
            volumeMounts=[mount],
            volumes=[volume],
        ),
        lone(
            "runs-as-root",
            "runAsNonRoot forbids the image's user",
            config_error,
            securityContext={"runAsNonRoot": True},
        ),
        lone(
            "claim-unbound",
            "nobody provides the volume that its claim asks for",
            "Unschedulable",
            volumes=[{"name": "data", "persistentVolumeClaim": {"claimName": "nobody-provides"}}],
        ),
    ]


def _scheduling() -> list[Resident]:
    return [
        lone("no-such-node", "no node is labelled so", "Unschedulable", nodeSelector={"gpu": "h"}),
        lone(
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
        lone("init-fails", "its init container exits 2", "exit:2", initContainers=[init_fails]),
        lone("init-hangs", "its init container never ends", "init:running", initContainers=[lock]),
        lone("sick-sidecar", sidecar_wrong, "exit:1", "running", containers=[container(), sick]),
        lone("liveness-kills", "its liveness probe kills it", "Killing", livenessProbe=never),
        lone("readiness-never", "never ready", "ContainersNotReady", readinessProbe=never),
        lone("start-up-never", "its startup probe kills it", "Killing", startupProbe=never),
        lone("hook-fails", "its postStart hook fails", "FailedPostStartHook", lifecycle=hook),
    ]


def _ends() -> list[Resident]:
    volume = {"name": "scratch", "emptyDir": {"sizeLimit": "1Mi"}}
    fills = "dd if=/dev/zero of=/scratch/full bs=1M count=4; sleep 86400"
    mount = {"name": "scratch", "mountPath": "/scratch"}
    held = pod("stuck-terminating", ZOO, spec(), finalizers=[HOLD])
    fails = spec(container(script="echo 'backup target is full' >&2; exit 4"))
    return [
        lone(
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


PREPARATION: tuple[Manifest, ...] = (*_quota(), *zoo_workings.preparation())
FAILING: tuple[Resident, ...] = (
    *_exiting(),
    *_images(),
    *_configuration(),
    *_scheduling(),
    *_parts(),
    *_ends(),
    *zoo_programs.residents(),
    *zoo_workings.pods(),
)
WORKINGS: tuple[Resident, ...] = tuple(zoo_workings.workings())
HEALTHY: tuple[Resident, ...] = tuple(
    Resident(name, "", signs, manifest)
    for name, signs, manifest in (*zoo_healthy.decoys(ZOO), *zoo_workings.decoys())
)
