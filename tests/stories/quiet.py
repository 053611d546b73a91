"""Stories in which nothing is wrong, though something looks a little as if it were."""

from typing import Any

from tests.rig.kubernetes.api import Manifest
from tests.rig.kubernetes.objects import (
    SLEEP,
    container,
    deployment,
    job,
    named,
    pod,
    spec,
)
from tests.stories.network import selecting, web
from tests.stories.story import Steps, Story, checking

READY = ("Ready",)
ONCE = f"test -e /kept/seen || {{ touch /kept/seen; echo 'FATAL no leader' >&2; exit 1; }}; {SLEEP}"


def _slow(space: str, release: str) -> Manifest:
    """A Deployment whose pods take their time, one after the other."""
    warm = container(
        script=f"sleep 25; touch /tmp/warm; {SLEEP}",
        readinessProbe=checking("test -e /tmp/warm", failureThreshold=60),
        env=[{"name": "RELEASE", "value": release}],
    )
    return deployment("bay", space, spec(warm), replicas=2)


def _story(space: str, about: str, *setup: Manifest, **fields: Any) -> Story:
    return Story(name=space, setup=setup, about=about, **fields)


def starting() -> list[Story]:
    """What is on its way, within its time, or has healed by itself."""
    slow = container(
        script=f"sleep 150; touch /tmp/up; {SLEEP}",
        startupProbe=checking("test -e /tmp/up", failureThreshold=60),
    )
    kept: Manifest = {"name": "kept", "emptyDir": {}}
    mounts = [{"name": "kept", "mountPath": "/kept"}]
    healed = container(script=ONCE, volumeMounts=mounts, readinessProbe=checking("true"))
    return [
        _story(
            "calm-1", "bay", _slow("calm-1", "1"), signs={"bay": ("Available",)},
            steps=Steps(first={"bay": ("Available",)}, later=(_slow("calm-1", "2"),)),
        ),
        _story(
            "calm-2", "cicely", deployment("cicely", "calm-2", spec(slow)),
            signs={"cicely": ("running",)}, after=80,
        ),
        _story(
            "calm-3", "dill", deployment("dill", "calm-3", spec(healed, volumes=[kept])),
            signs={"dill": ("Available", "exit:1")}, after=80,
        ),
    ]  # fmt: skip


def resting() -> list[Story]:
    """What is done, put aside, or left over."""
    done = spec(container(script="echo 'FATAL: 0; ERRORS: 0; rows: 12'"))
    template = {"spec": {**spec(), "restartPolicy": "Never"}}
    schedule = {
        "schedule": "*/1 * * * *",
        "suspend": True,
        "jobTemplate": {"spec": {"template": template}},
    }
    noisy = f"for i in 1 2 3 4; do echo 'sync done: 0 errors, 0 failed'; done; {SLEEP}"
    policy = {"podSelector": {"matchLabels": {"app": "gone"}}, "policyTypes": ["Ingress", "Egress"]}
    leftover = named("NetworkPolicy", "networking.k8s.io/v1", "old", "calm-7", spec=policy)
    return [
        _story("calm-4", "fennel", job("fennel", "calm-4", done), signs={"fennel": ("Complete",)}),
        _story("calm-5", "garlic", named("CronJob", "batch/v1", "garlic", "calm-5", spec=schedule)),
        _story("calm-6", "hyssop", deployment("hyssop", "calm-6", spec(), replicas=0), report=True),
        _story(
            "calm-7", "lovage", web("lovage", "calm-7"), leftover,
            selecting("lovage", "calm-7", "http", app="lovage"),
            selecting("lovage-old", "calm-7", "http", app="lovage", track="old"),
            signs={"lovage": READY}, report=True,
        ),
        _story(
            "calm-8", "is mint failing?",
            deployment("mint", "calm-8", spec(container(script=noisy))),
            signs={"mint": READY},
        ),
        _story(
            "calm-9", "orris", pod("orris", "calm-9", {**done, "restartPolicy": "Never"}),
            signs={"orris": ("Succeeded",)},
        ),
    ]  # fmt: skip


def stories() -> list[Story]:
    """All of them."""
    return [*starting(), *resting()]
