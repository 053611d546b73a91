"""Who keeps a container, told by the labels that orchestrators put on what they make.

Source: moby `daemon/cluster` (Swarm's labels), cri-dockerd `core` (the kubelet's), the agents of
Amazon ECS and Nomad.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from fivetabs.core import term


@dataclass(frozen=True, slots=True)
class Owner:
    """`who` has the container made and kept; `where` is the change to ask for instead."""

    who: str
    where: str


def parse_owner(labels: Mapping[str, str]) -> Owner | None:
    """The orchestrator that would undo what is done to the container behind its back."""
    if service := _word(labels, "com.docker.swarm.service.name"):
        anew, none = f"docker service update --force {service}", f"docker service scale {service}=0"
        return Owner(f"Swarm, as a task of service {service}", f"{anew}, or {none} to stop it")
    if pod := _word(labels, "io.kubernetes.pod.name"):
        namespace = _word(labels, "io.kubernetes.pod.namespace")
        where = "restart_deployment for the workload of that pod, or scale it"
        return Owner(f"Kubernetes, as part of pod {namespace}/{pod}", where)
    if family := _word(labels, "com.amazonaws.ecs.task-definition-family"):
        where = "aws ecs update-service --force-new-deployment, or --desired-count"
        return Owner(f"Amazon ECS, as part of a task of {family}", where)
    if allocation := _word(labels, "com.hashicorp.nomad.alloc_id"):
        where = f"nomad alloc restart {allocation}, or nomad alloc stop {allocation}"
        return Owner(f"Nomad, as part of allocation {allocation}", where)
    return None


def _word(labels: Mapping[str, str], key: str) -> str:
    return term(labels.get(key) or "")
