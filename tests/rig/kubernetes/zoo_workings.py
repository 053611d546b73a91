"""Zoo: pods without a place, storage that does not come, workloads that cannot do their work."""

from typing import Any

from tests.rig.kubernetes import catalogue
from tests.rig.kubernetes.api import Manifest
from tests.rig.kubernetes.objects import (
    container,
    deployment,
    job,
    named,
    pod,
    spec,
    stateful_set,
)
from tests.rig.kubernetes.residents import ZOO, Resident, lone

_ONE = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "5Gi"}}}


def _apart(app: str, key: str) -> Manifest:
    term = {"labelSelector": {"matchLabels": {"app": app}}, "topologyKey": key}
    return {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}


def _mounting(claim: str) -> Manifest:
    return {"volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": claim}}]}


def pods() -> list[Resident]:
    """Pods that no node takes."""
    label = "kubernetes.io/hostname"
    spread = {
        "maxSkew": 1,
        "topologyKey": "no.such/rack",
        "whenUnsatisfiable": "DoNotSchedule",
        "labelSelector": {"matchLabels": {"app": "spread-thin"}},
    }
    port = container(ports=[{"containerPort": 8080, "hostPort": 18080}])
    in_ranks = {"requiredDuringSchedulingIgnoredDuringExecution": _rank()}
    found = "Unschedulable"
    return [
        lone(
            "label-nearly",
            "the label's value is another on every node",
            found,
            code="K8S401",
            words="they have disk=hdd",
            nodeSelector={"disk": "nvme"},
        ),
        lone(
            "affinity-nowhere",
            "its node affinity wants what no node has",
            found,
            code="K8S401",
            words="no node has rack",
            affinity={"nodeAffinity": in_ranks},
        ),
        Resident(
            "apart-too-many",
            "its pods must not share a node, and there are not enough nodes",
            (found,),
            deployment(
                "apart-too-many", ZOO, spec(affinity=_apart("apart-too-many", label)), replicas=2
            ),
            "K8S401",
            "must not share a kubernetes.io/hostname",
        ),
        lone(
            "spread-thin",
            "it is to be spread over a label that no node has",
            found,
            code="K8S401",
            words="no node has that label",
            topologySpreadConstraints=[spread],
        ),
        Resident(
            "host-port",
            "two pods want one port of the node",
            (found,),
            deployment("host-port", ZOO, spec(port), replicas=2),
            "K8S401",
            "its host port 18080",
        ),
        lone(
            "claim-absent",
            "its claim does not exist",
            found,
            code="K8S401",
            words="no-such-claim",
            **_mounting("no-such-claim"),
        ),
        lone(
            "scheduler-unknown",
            "it names a scheduler that does not run",
            "Pending",
            code="K8S406",
            words="rare-scheduler",
            schedulerName="rare-scheduler",
        ),
        Resident(
            "priority-missing",
            "its priority class does not exist",
            ("FailedCreate",),
            deployment("priority-missing", ZOO, spec(priorityClassName="no-such-priority")),
            "K8S607",
        ),
        Resident(
            "account-missing",
            "its service account does not exist",
            ("FailedCreate",),
            deployment("account-missing", ZOO, spec(serviceAccountName="no-such-account")),
            "K8S604",
        ),
    ]


def _rank() -> Manifest:
    match = {"key": "rack", "operator": "In", "values": ["seven"]}
    return {"nodeSelectorTerms": [{"matchExpressions": [match]}]}


def workings() -> list[Resident]:
    """What only a look at the whole cluster explains; the code is found by `survey`."""
    wide = {"accessModes": ["ReadWriteMany"], "resources": {"requests": {"storage": "1Gi"}}}
    return [
        _claim(
            "claim-class", "its storage class does not exist", "K8S421", storageClassName="fast"
        ),
        _claim("claim-size", "the volumes are too small", "K8S423", storageClassName="by-hand"),
        Resident(
            "claim-mode",
            "no volume may be shared so",
            (),
            _pvc("claim-mode", {**wide, "storageClassName": "by-hand"}),
            "K8S423",
            "allows only ReadWriteOnce",
        ),
        _claim("claim-default", "there is no default class", "K8S422"),
        Resident(
            "job-out-of-tries",
            "its tries are used up",
            ("BackoffLimitExceeded",),
            job("job-out-of-tries", ZOO, spec(container(script="exit 9"))),
            "K8S821",
        ),
        Resident(
            "scaler-lost",
            "an autoscaler names a Deployment that does not exist",
            (),
            _scaler("scaler-lost", "scaler-loss"),
            "K8S831",
        ),
        Resident(
            "rollout-late",
            "its rollout has run out of time",
            ("ProgressDeadlineExceeded",),
            deployment(
                "rollout-late",
                ZOO,
                spec(container(image=catalogue.UNKNOWN)),
                progressDeadlineSeconds=5,
            ),
            "K8S811",
        ),
        Resident(
            "stuck-in-order",
            "its first pod never becomes ready",
            ("Unschedulable",),
            stateful_set("stuck-in-order", ZOO, spec(nodeSelector={"disk": "tape"}), replicas=3),
            "K8S813",
            "stuck-in-order-0",
        ),
    ]


def _claim(name: str, wrong: str, code: str, **more: Any) -> Resident:
    return Resident(name, wrong, (), _pvc(name, {**_ONE, **more}), code)


def _pvc(name: str, inner: Manifest) -> Manifest:
    return named("PersistentVolumeClaim", "v1", name, ZOO, spec=inner)


def _scaler(name: str, target: str) -> Manifest:
    reference = {"apiVersion": "apps/v1", "kind": "Deployment", "name": target}
    inner = {"scaleTargetRef": reference, "minReplicas": 1, "maxReplicas": 3}
    return named("HorizontalPodAutoscaler", "autoscaling/v2", name, ZOO, spec=inner)


def preparation() -> list[Manifest]:
    """What has to be there before: classes, a volume, settings, stricter namespaces."""
    volume = {
        "capacity": {"storage": "1Gi"},
        "accessModes": ["ReadWriteOnce"],
        "storageClassName": "by-hand",
        "hostPath": {"path": "/nowhere/at/all"},
    }
    storage = "storage.k8s.io/v1"
    nobody = "kubernetes.io/no-provisioner"
    first = "WaitForFirstConsumer"
    return [
        named(
            "StorageClass", storage, "by-hand", provisioner=nobody, volumeBindingMode="Immediate"
        ),
        named("StorageClass", storage, "patient", provisioner=nobody, volumeBindingMode=first),
        named("PersistentVolume", "v1", "small-disk", spec=volume),
        named("ConfigMap", "v1", "app-settings", ZOO, data={"other.yaml": "a: 1"}),
    ]


def decoys() -> list[tuple[str, tuple[str, ...], Manifest]]:
    """Healthy things that look like some of these: a claim that waits for its first pod, and so."""
    waits = {**_ONE, "storageClassName": "patient"}
    done = container(script="echo 'FATAL: LEGACY_MODE is not set' >&2; echo ready; exit 0")
    return [
        ("healthy-patient-claim", (), _pvc("healthy-patient-claim", waits)),
        (
            "healthy-plain",
            ("Available",),
            deployment("healthy-plain", ZOO, spec()),
        ),
        (
            "healthy-loud-end",
            ("Succeeded",),
            pod("healthy-loud-end", ZOO, spec(done, restartPolicy="Never")),
        ),
        (
            "healthy-suspended-job",
            ("Suspended",),
            _suspended(job("healthy-suspended-job", ZOO, spec())),
        ),
    ]


def _suspended(made: Manifest) -> Manifest:
    made["spec"]["suspend"] = True
    return made
