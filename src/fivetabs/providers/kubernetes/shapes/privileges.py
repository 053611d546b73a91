"""Changes that give pods more rights, or open them to more callers, than before."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, cast

from fivetabs.core import term
from fivetabs.providers.kubernetes.shapes.edits import Change

_RIGHTS = frozenset(
    {
        "privileged",
        "allowPrivilegeEscalation",
        "hostNetwork",
        "hostPID",
        "hostIPC",
        "hostPath",
        "serviceAccountName",
        "serviceAccount",
        "capabilities",
        "runAsUser",
        "runAsNonRoot",
        "seccompProfile",
        "appArmorProfile",
    }
)
_OPENINGS = frozenset({"externalIPs", "loadBalancerSourceRanges", "hostPort"})
_OPEN_TYPES = frozenset({"LoadBalancer", "NodePort"})


def privileges(changes: Iterable[Change]) -> Iterator[str]:
    """One warning for rights that change, one for doors that open."""
    touched = {name for each in changes for name in _names(each)}
    if rights := sorted(touched & _RIGHTS):
        yield f"this changes what its pods may do on a node or in the cluster: {', '.join(rights)}"
    if doors := sorted(touched & (_OPENINGS | _OPEN_TYPES)):
        yield f"this opens it to callers outside of the cluster: {', '.join(map(term, doors))}"


def _names(change: Change) -> Iterator[str]:
    """The names of the fields on the way to a change and in it, and the type of a Service."""
    yield from change.pointer.split("/")
    if change.after:
        value = json.loads(change.after)
        yield from _within(value)
        if change.pointer == "/spec/type":
            yield str(value)


def _within(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, each in cast("dict[str, Any]", value).items():
            yield name
            yield from _within(each)
    elif isinstance(value, list):
        for each in cast("list[Any]", value):
            yield from _within(each)
