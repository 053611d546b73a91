"""Patches that mend what a rule has found, written as `update_resource` takes them."""

from typing import Any

from fivetabs.providers.kubernetes.port import RESTARTABLE, Json
from fivetabs.providers.kubernetes.shapes.containers import Container, Probe
from fivetabs.providers.kubernetes.shapes.owners import Owner

_ACTIONS = (("GET", "httpGet"), ("tcp", "tcpSocket"), ("grpc", "grpc"))
_KINDS = frozenset(each.kind for each in RESTARTABLE)


def one_container(**fields: Any) -> Json:
    """A merge patch of a workload that changes one container, which `name` names."""
    return {"spec": {"template": {"spec": {"containers": [fields]}}}}


def probe_port(container: Container, kind: str) -> Json | None:
    """The patch that lets a probe ask the port that its container declares.

    None where that is not certain: the container declares none or several, or the one asked for.
    """
    probe = container.probes.get(kind)
    declared = set(container.ports)
    if probe is None or container.role != "container" or len(declared) != 1:
        return None
    (port,) = declared
    action = next((field for word, field in _ACTIONS if probe.action.startswith(word)), "")
    if not _is_wrong(probe, port) or not action:
        return None
    return one_container(name=container.name, **{f"{kind}Probe": {action: {"port": int(port)}}})


def update_of(owner: Owner | None, namespace: str, patch: Json | None) -> dict[str, Any]:
    """The next step that carries a patch of a pod's workload out; nothing where there is none."""
    if patch is None or owner is None or owner.kind not in _KINDS:
        return {}
    return update(owner.kind, namespace, owner.name, patch)


def update(kind: str, namespace: str, name: str, patch: Json) -> dict[str, Any]:
    """The next step that carries a patch out, as fields of a finding."""
    where = {"kind": kind, "name": name, "namespace": namespace}
    return {"tool": "update_resource", "arguments": {**where, "patch": patch}}


def _is_wrong(probe: Probe, port: str) -> bool:
    return probe.port.isdecimal() and probe.port != port
