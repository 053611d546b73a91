"""What keeps an Auto Scaling group from having the instances it wants."""

from collections.abc import Iterator
from datetime import datetime

from fivetabs.core import Evidence, Found, Severity, quoted, rule, stamp
from fivetabs.providers.aws.shapes.scaling import Activity, ScalingGroup

_SOURCE = "autoscaling:DescribeScalingActivities"
_NEEDED = frozenset({"Launch", "AddToLoadBalancer", "ReplaceUnhealthy", "HealthCheck"})
_REASONS = (
    ("InsufficientInstanceCapacity", "AWS has no capacity of that type in the zone"),
    ("do not have sufficient", "AWS has no capacity of that type in the zone"),
    ("LimitExceeded", "a limit of the account is reached"),
    ("exceeded your", "a limit of the account is reached"),
    ("vCPU limit", "a limit of the account is reached"),
    ("InsufficientFreeAddressesInSubnet", "the subnet has no free address"),
    ("not enough free addresses", "the subnet has no free address"),
    ("launch template", "its launch template cannot be used"),
    ("AMI", "its image cannot be used"),
    ("image id", "its image cannot be used"),
    ("security group", "a security group of its template cannot be used"),
    ("subnet", "its subnet cannot be used"),
    ("key pair", "the key pair of its template cannot be used"),
    ("not authorized", "its role may not do that"),
    (
        "Client.InternalError",
        "the volume's encryption key cannot be used, or the volume not be made",
    ),
)


@rule("AWS601", Severity.CRITICAL)
def cannot_launch(group: ScalingGroup) -> Iterator[Found]:
    """A scaling group cannot start the instances it wants.

    Mend what the activity names: the template, the limit, the subnet, or another type or zone.
    """
    last = group.last_launch
    if last is not None and last.failed and group.in_service < group.wanted:
        why = _why(last)
        cause = f"{group.name} has {group.in_service} of {group.wanted} wanted instances in service"
        cause += f" and cannot launch more{f', as {why}' if why else ''}: {quoted(last.message)}"
        yield Found(
            group.subject, cause, (_evidence(last),), since=_first_failure(group) or last.start
        )


@rule("AWS602", Severity.WARNING)
def suspended(group: ScalingGroup) -> Iterator[Found]:
    """A scaling group lacks instances while processes of it are suspended.

    Resume the processes, if nobody is still working on the group.
    """
    stopped = sorted(_NEEDED & set(group.suspended))
    last = group.last_launch
    failing = last is not None and last.failed
    if stopped and group.in_service < group.wanted and not failing:
        cause = f"{group.name} has {group.in_service} of {group.wanted} wanted instances in service"
        cause += f"; suspended processes: {', '.join(stopped)}"
        quote = f"SuspendedProcesses {', '.join(group.suspended)}"
        source = "autoscaling:DescribeAutoScalingGroups"
        yield Found(group.subject, cause, (Evidence(quote=quote, source=source),))


def _why(activity: Activity) -> str:
    text = f"{activity.message} {activity.cause}".lower()
    return next((words for sign, words in _REASONS if sign.lower() in text), "")


def _first_failure(group: ScalingGroup) -> datetime | None:
    """When the present run of failures began: activities come newest first."""
    begun: datetime | None = None
    for each in group.activities:
        if each.launch and not each.failed:
            break
        if each.launch:
            begun = each.start or begun
    return begun


def _evidence(activity: Activity) -> Evidence:
    when = activity.end or activity.start
    return Evidence(quote=activity.message, source=_SOURCE, time=stamp(when) if when else "")
