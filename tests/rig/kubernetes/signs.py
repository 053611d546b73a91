"""What Kubernetes says about a thing, boiled down to words that can be waited for."""

from collections.abc import Iterable, Iterator
from typing import Any

from tests.rig.kubernetes.api import Api, Manifest


def _container(status: Manifest) -> Iterator[str]:
    for states in (status.get("state", {}), status.get("lastState", {})):
        for kind, state in states.items():
            yield kind
            yield state.get("reason", "")
            if kind == "terminated":
                yield f"exit:{state['exitCode']}"


def _restarts(status: Manifest) -> Iterator[str]:
    """`restarts:1`, `restarts:2` ... up to a few, of what has been started again that often."""
    return (f"restarts:{n}" for n in range(1, min(status.get("restartCount", 0), 3) + 1))


def _conditions(status: Manifest) -> Iterator[str]:
    for condition in status.get("conditions", []):
        yield condition.get("reason", "")
        if condition["status"] == "True":
            yield condition["type"]


def of(thing: Manifest) -> set[str]:
    """The words that a pod, a Deployment or a Job says about itself."""
    status: dict[str, Any] = thing.get("status", {})
    words = {status.get("phase", ""), status.get("reason", ""), *_conditions(status)}
    for container in status.get("containerStatuses", []):
        words |= {*_container(container), *_restarts(container)}
    for container in status.get("initContainerStatuses", []):
        said = {*_container(container), *_restarts(container)}
        words |= said | {f"init:{word}" for word in said}
    if "deletionTimestamp" in thing["metadata"]:
        words.add("Terminating")
    return words - {""}


def everything(api: Api, namespace: str) -> dict[str, set[str]]:
    """The words about each app (or else name) of a namespace, its events' reasons among them."""
    found: dict[str, set[str]] = {}
    for kind in ("/api/v1", "/apis/apps/v1", "/apis/batch/v1"):
        plural = {"/api/v1": "pods", "/apis/apps/v1": "deployments"}.get(kind, "jobs")
        for thing in api.get(f"{kind}/namespaces/{namespace}/{plural}")["items"]:
            about = thing["metadata"]
            name = about.get("labels", {}).get("app", about["name"])
            found.setdefault(name, set()).update(of(thing))
    for event in api.get(f"/api/v1/namespaces/{namespace}/events")["items"]:
        name = event["involvedObject"].get("name", "")
        found.setdefault(name, set()).add(event["reason"])
    return found


def shown(wanted: Iterable[str], words: set[str]) -> bool:
    """Whether all wanted words were said; `a|b` is either of the two."""
    return all(set(word.split("|")) & words for word in wanted)
