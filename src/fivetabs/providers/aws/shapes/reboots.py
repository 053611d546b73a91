"""The instance of a reboot: whether it is still the one that was looked at, and what it is part of.

Source: EC2 API, `Instance`, `RebootInstances`; Auto Scaling API, `AutoScalingGroup`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from fivetabs.core import Conflict, stamp, term
from fivetabs.core.patterns import Pattern
from fivetabs.providers.aws.port import Reboot

_CLUSTER = "kubernetes.io/cluster/"
_CLUSTER_NAMES = ("eks:cluster-name", "aws:eks:cluster-name")
# Source: EC2 user guide, "Instance type naming conventions": after the generation a `d` says that
# there are instance store volumes; these families have them without saying so.
_STORED = Pattern(r"[a-z]+\d+[a-z]*d[a-z]*\..*|(?:i|im|is|d|h|x)\d[a-z]*\..*")


@dataclass(frozen=True, slots=True)
class Role:
    """What an instance is besides being an instance.

    `cluster` is the Kubernetes cluster it is a node of, under the name `node`.
    """

    spot: bool
    stored: bool
    cluster: str
    node: str


@dataclass(frozen=True, slots=True)
class Membership:
    """An instance in its Auto Scaling group; `checks` is `EC2` or `ELB`."""

    group: str
    checks: str
    state: str
    replaces: bool


def parse_role(raw: Mapping[str, Any]) -> Role:
    """Read an instance of DescribeInstances."""
    tags = {tag["Key"]: tag.get("Value", "") for tag in raw.get("Tags", ())}
    owned = (key.removeprefix(_CLUSTER) for key in tags if key.startswith(_CLUSTER))
    named = (tags[key] for key in _CLUSTER_NAMES if tags.get(key))
    return Role(
        spot=raw.get("InstanceLifecycle") == "spot",
        stored=raw.get("RootDeviceType") == "instance-store"
        or bool(_STORED.fullmatch(raw.get("InstanceType", ""))),
        cluster=term(next(chain(named, owned), "")),
        node=term(raw.get("PrivateDnsName", "")),
    )


def parse_membership(raw: Mapping[str, Any], instance_id: str) -> Membership:
    """Read its group of DescribeAutoScalingGroups."""
    members = raw.get("Instances", ())
    states = {each["InstanceId"]: each.get("LifecycleState", "") for each in members}
    suspended = {each.get("ProcessName") for each in raw.get("SuspendedProcesses", ())}
    return Membership(
        group=term(raw.get("AutoScalingGroupName", "")),
        checks=term(raw.get("HealthCheckType", "EC2")),
        state=term(states.get(instance_id, "")),
        replaces=not suspended & {"HealthCheck", "ReplaceUnhealthy"},
    )


def check_identity(step: Reboot, raw: Mapping[str, Any]) -> None:
    """Pass when the answer of DescribeInstances holds the step's very instance, running.

    Raises:
        Conflict: If it does not.
    """
    found = next((each for each in _instances(raw) if each["InstanceId"] == step.instance_id), None)
    state = found.get("State", {}).get("Name", "") if found else "gone"
    if state != "running":
        told = f"{step.instance_id} is {term(state)} by now, not running; nothing was done"
        raise Conflict(told, hint="look with list_ec2_instances")
    launched = found.get("LaunchTime") if found else None
    if (stamp(launched) if launched else "") != step.launched:
        raise Conflict(
            f"{step.instance_id} was stopped and started since it was looked at; nothing was done",
            hint="look with list_ec2_instances and ask for a new plan",
        )


def rebooted(step: Reboot) -> str:
    """What is said right after."""
    return f"asked EC2 to reboot {step.instance_id}; it does so within a few minutes"


def _instances(raw: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for reservation in raw.get("Reservations", ()):
        yield from reservation.get("Instances", ())
