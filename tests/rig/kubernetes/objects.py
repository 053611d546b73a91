"""Short ways to write the Kubernetes objects that the rig seeds."""

from collections.abc import Sequence
from typing import Any

from tests.rig.kubernetes.api import Manifest
from tests.rig.kubernetes.catalogue import BUSYBOX

SLEEP = "trap 'exit 0' TERM; while true; do sleep 1 & wait; done"
LITTLE = {"requests": {"cpu": "5m", "memory": "8Mi"}}


def container(name: str = "main", script: str = SLEEP, **fields: Any) -> Manifest:
    """A container that runs a shell script; any field may be given, None removes one."""
    usual = {"name": name, "image": BUSYBOX, "command": ["sh", "-c", script], "resources": LITTLE}
    return {key: value for key, value in {**usual, **fields}.items() if value is not None}


def spec(*containers: Manifest, **fields: Any) -> Manifest:
    """A pod's spec; without a service account's token, which nothing here needs."""
    return {
        "containers": list(containers) or [container()],
        "automountServiceAccountToken": False,
        "terminationGracePeriodSeconds": 2,
        **fields,
    }


def named(kind: str, version: str, name: str, namespace: str = "", **fields: Any) -> Manifest:
    """Any object with a name."""
    about = {"name": name, **({"namespace": namespace} if namespace else {})}
    return {"apiVersion": version, "kind": kind, "metadata": about, **fields}


def pod(name: str, namespace: str, body: Manifest, **about: Any) -> Manifest:
    """A pod without an owner."""
    made = named("Pod", "v1", name, namespace, spec=body)
    made["metadata"] |= {"labels": {"app": name}, **about}
    return made


def _template(name: str, body: Manifest) -> Manifest:
    return {"metadata": {"labels": {"app": name}}, "spec": body}


def deployment(
    name: str, namespace: str, body: Manifest, replicas: int = 1, **fields: Any
) -> Manifest:
    """A Deployment of pods labelled `app=<name>`."""
    inner = {
        "replicas": replicas,
        "selector": {"matchLabels": {"app": name}},
        "template": _template(name, body),
        **fields,
    }
    return named("Deployment", "apps/v1", name, namespace, spec=inner)


def stateful_set(name: str, namespace: str, body: Manifest, replicas: int = 1) -> Manifest:
    """A StatefulSet, of one pod unless told otherwise."""
    inner = {
        "serviceName": name,
        "replicas": replicas,
        "selector": {"matchLabels": {"app": name}},
        "template": _template(name, body),
    }
    return named("StatefulSet", "apps/v1", name, namespace, spec=inner)


def job(name: str, namespace: str, body: Manifest, backoff: int = 0) -> Manifest:
    """A Job that runs one pod and tries again so many times."""
    template = _template(name, {**body, "restartPolicy": "Never"})
    inner = {"backoffLimit": backoff, "template": template}
    return named("Job", "batch/v1", name, namespace, spec=inner)


def service(name: str, namespace: str, port: int) -> Manifest:
    """A Service in front of the pods labelled `app=<name>`."""
    inner = {"selector": {"app": name}, "ports": [{"port": port, "targetPort": port}]}
    return named("Service", "v1", name, namespace, spec=inner)


def namespace(name: str) -> Sequence[Manifest]:
    """A namespace and the service account that its pods need at once."""
    return [named("Namespace", "v1", name), named("ServiceAccount", "v1", "default", name)]


def variable(name: str, kind: str, source: str, key: str) -> Manifest:
    """An environment variable that comes from a key of a ConfigMap or Secret."""
    return {"name": name, "valueFrom": {f"{kind}KeyRef": {"name": source, "key": key}}}


def probe(script: str, **fields: Any) -> Manifest:
    """A probe that runs a shell script in the container every second."""
    return {
        "exec": {"command": ["sh", "-c", script]},
        "periodSeconds": 1,
        "failureThreshold": 1,
        **fields,
    }
