"""Stories of pods that find no place, and of workloads that cannot go on."""

from dataclasses import replace
from typing import Any

from tests.rig.kubernetes import catalogue
from tests.rig.kubernetes.api import Manifest
from tests.rig.kubernetes.objects import (
    container,
    deployment,
    job,
    named,
    service,
    spec,
    stateful_set,
)
from tests.stories.programs import PULL, one
from tests.stories.story import SOON, Steps, Story, checking, mounted

UNPLACED = ("Unschedulable",)
FAILED = ("FailedCreate",)


def places() -> list[Story]:
    """Pods that no node takes."""
    data = {"name": "data", "persistentVolumeClaim": {"claimName": "agate-data"}}
    wanted = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    claim = named("PersistentVolumeClaim", "v1", "agate-data", "hill-4", spec=wanted)
    claimed = one(
        "hill-4", "agate", UNPLACED, ("K8S422", "K8S401"), "agate-data",
        body=mounted(data, "/data", container()), beside=(claim,), after=SOON,
    )  # fmt: skip
    return [
        one("hill-1", "basalt", UNPLACED, ("K8S401",), "cpu",
            resources={"requests": {"cpu": "48"}}),
        one("hill-2", "chert", UNPLACED, ("K8S401",), "zone",
            body=spec(nodeSelector={"zone": "meadow"}), about="why is chert pending"),
        replace(
            one("hill-3", "flint", UNPLACED, ("K8S401", "K8S402", "K8S431", "AWS201"), "worker-c",
                body=spec(nodeSelector={"disk": "ssd"})),
            subjects=("/Pod/flint-", "/Node/worker-c", "worker-c-status-check"),
            houses=("AWS", "Kubernetes"),
        ),
        replace(claimed, subjects=(*claimed.subjects, "/PersistentVolumeClaim/agate-data")),
    ]  # fmt: skip


def refusals() -> list[Story]:
    """Pods that may not even be made."""
    quota = named("ResourceQuota", "v1", "share", "lake-1", spec={"hard": {"pods": "1"}})
    most = {"limits": [{"type": "Container", "max": {"memory": "64Mi"}}]}
    limits = named("LimitRange", "v1", "sizes", "lake-2", spec=most)
    large = {"requests": {"memory": "96Mi"}, "limits": {"memory": "96Mi"}}
    strict = named("Namespace", "v1", "lake-3")
    strict["metadata"]["labels"] = {"pod-security.kubernetes.io/enforce": "restricted"}
    return [
        one("lake-1", "jasper", FAILED, ("K8S601",), "share", beside=(quota,)),
        one("lake-2", "onyx", FAILED, ("K8S602",), "64Mi", beside=(limits,), resources=large),
        one("lake-3", "opal", FAILED, ("K8S603",), "restricted", beside=(strict,)),
        one("lake-4", "topaz", FAILED, ("K8S604",), "topaz-runner",
            body=spec(serviceAccountName="topaz-runner")),
    ]  # fmt: skip


def _web(name: str, space: str, image: str = catalogue.BUSYBOX, **more: Any) -> Manifest:
    body = spec(container(image=image, readinessProbe=checking("true")))
    return deployment(name, space, body, progressDeadlineSeconds=10, **more)


def rollouts() -> list[Story]:
    """Workloads that do not come to what they should be."""
    first = checking("case $(hostname) in *-0) exit 1;; esac")
    reference = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "sparrows"}
    scaler = {"scaleTargetRef": reference, "minReplicas": 1, "maxReplicas": 3}
    fails = spec(container(script="echo 'cannot open /mnt/tapes: no such device' >&2; exit 4"))
    return [
        Story(
            name="moor-1",
            setup=(_web("finch", "moor-1"), service("finch", "moor-1", 8080)),
            about="finch",
            signs={"finch": (PULL, "ProgressDeadlineExceeded")},
            subjects=("/Pod/finch-", "/Deployment/finch"),
            codes=("K8S201", "K8S811"),
            words=(catalogue.UNKNOWN,),
            steps=Steps(
                first={"finch": ("Available",)}, later=(_web("finch", "moor-1", catalogue.UNKNOWN),)
            ),
        ),
        Story(
            name="moor-2",
            setup=(
                stateful_set("heron", "moor-2", spec(container(readinessProbe=first)), replicas=3),
            ),
            about="heron",
            signs={"heron": ("ContainersNotReady", "running")},
            subjects=("/Pod/heron-0", "/StatefulSet/heron"),
            codes=("K8S813", "K8S501"),
            words=("heron-0|probe",),
            after=75,
        ),
        Story(
            name="moor-3",
            setup=(job("magpie", "moor-3", fails, 1),),
            about="the job magpie",
            signs={"magpie": ("BackoffLimitExceeded",)},
            subjects=("/Job/magpie", "/Pod/magpie-"),
            codes=("K8S102", "K8S821", "K8S113", "K8S606"),
            words=("tapes|4",),
        ),
        Story(
            name="moor-4",
            setup=(
                _web("sparrow", "moor-4"),
                named(
                    "HorizontalPodAutoscaler", "autoscaling/v2", "sparrow", "moor-4", spec=scaler
                ),
            ),
            about="sparrow",
            signs={"sparrow": ("Available",)},
            subjects=("/HorizontalPodAutoscaler/sparrow",),
            codes=("K8S831",),
            words=("sparrows",),
        ),
        _held(),
    ]


def _held() -> Story:
    """A deleted pod that a finalizer keeps."""
    return Story(
        name="moor-5",
        setup=(_pod_held(),),
        about="linnet-pod",
        signs={"linnet-pod": ("Terminating",)},
        subjects=("/Pod/linnet-pod",),
        codes=("K8S404", "K8S442"),
        words=("rig.example/hold",),
        after=75,
        steps=Steps(
            first={"linnet-pod": ("Ready",)},
            deleted=("/api/v1/namespaces/moor-5/pods/linnet-pod",),
        ),
    )


def _pod_held() -> Manifest:
    made = named("Pod", "v1", "linnet-pod", "moor-5", spec=spec())
    made["metadata"] |= {"labels": {"app": "linnet-pod"}, "finalizers": ["rig.example/hold"]}
    return made


def stories() -> list[Story]:
    """All of them."""
    return [*places(), *refusals(), *rollouts()]
