"""What lives in the zoo: one thing, what is wrong with it, and how one knows that it has come."""

from dataclasses import dataclass
from typing import Any

from tests.rig.kubernetes.api import Manifest
from tests.rig.kubernetes.objects import container, pod, spec

ZOO = "zoo"


@dataclass(frozen=True)
class Resident:
    """One thing in the zoo.

    `signs` are words that Kubernetes itself says about it once it has reached its state: reasons
    of containers, pods, conditions and events, `exit:<code>`, the phase, `Ready`, `Terminating`.
    `code` is the rule that should name it, `words` what its cause should hold; both may be empty.
    """

    name: str
    wrong: str
    signs: tuple[str, ...]
    manifest: Manifest
    code: str = ""
    words: str = ""


_CONTAINER_FIELDS = frozenset(
    {
        "script", "image", "command", "resources", "env", "envFrom", "volumeMounts", "lifecycle",
        "livenessProbe", "readinessProbe", "startupProbe", "imagePullPolicy", "securityContext",
    }
)  # fmt: skip


def lone(
    name: str, wrong: str, *signs: str, code: str = "", words: str = "", **body: Any
) -> Resident:
    """A bare pod; what is not a field of a pod's spec is one of its only container."""
    inner = {key: body.pop(key) for key in list(body) if key in _CONTAINER_FIELDS}
    containers = body.pop("containers", None) or [container(**inner)]
    manifest = pod(name, ZOO, spec(*containers, **body))
    return Resident(name, wrong, signs, manifest, code, words)
