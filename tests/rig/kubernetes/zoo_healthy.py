"""The zoo's decoys: healthy things that look a little like sick ones."""

from tests.rig.kubernetes.api import Manifest
from tests.rig.kubernetes.objects import (
    SLEEP,
    container,
    deployment,
    job,
    named,
    pod,
    probe,
    spec,
    variable,
)

Decoy = tuple[str, tuple[str, ...], Manifest]
ONCE = f"test -e /kept/seen || {{ touch /kept/seen; echo 'first start' >&2; exit 1; }}; {SLEEP}"


def _pods(zoo: str) -> list[Decoy]:
    ready = probe("true")
    slow = probe("test -e /tmp/warm", failureThreshold=30)
    warming = container(script=f"sleep 2; touch /tmp/warm; {SLEEP}", startupProbe=slow)
    restarted = container(script=ONCE, volumeMounts=[{"name": "kept", "mountPath": "/kept"}])
    kept: list[Manifest] = [{"name": "kept", "emptyDir": {}}]
    migrate = container("migrate", "echo migrated")
    native = container("logs", restartPolicy="Always")
    optional = variable("MODE", "configMap", "no-such-map", "mode")
    optional["valueFrom"]["configMapKeyRef"]["optional"] = True
    bodies = {
        "healthy-web": spec(container(readinessProbe=ready, livenessProbe=ready)),
        "healthy-slow-start": spec(warming),
        "healthy-restarted-once": spec(restarted, volumes=kept),
        "healthy-init": spec(initContainers=[migrate]),
        "healthy-native-sidecar": spec(initContainers=[native]),
        "healthy-optional-config": spec(container(env=[optional])),
        "healthy-noisy-log": spec(container(script=f"echo 'ERROR retrying' >&2; {SLEEP}")),
    }
    return [(name, ("Ready",), pod(name, zoo, body)) for name, body in bodies.items()]


def decoys(zoo: str) -> list[Decoy]:
    """Name, signs and manifest of each decoy."""
    done = spec(container(script="echo done"), restartPolicy="Never")
    template = {"spec": {**spec(), "restartPolicy": "Never"}}
    schedule = {
        "schedule": "0 3 * * *",
        "suspend": True,
        "jobTemplate": {"spec": {"template": template}},
    }
    return [
        *_pods(zoo),
        ("healthy-succeeded", ("Succeeded",), pod("healthy-succeeded", zoo, done)),
        (
            "healthy-job",
            ("CompletionsReached",),
            job("healthy-job", zoo, spec(container(script="true"))),
        ),
        ("healthy-zero", (), deployment("healthy-zero", zoo, spec(), replicas=0)),
        (
            "healthy-suspended",
            (),
            named("CronJob", "batch/v1", "healthy-suspended", zoo, spec=schedule),
        ),
    ]
