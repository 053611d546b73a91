"""Auto Scaling groups and the last thing each tried to do.

Source: Auto Scaling API, `AutoScalingGroup`, `Activity`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fivetabs.core import Subject

_IN_SERVICE = "InService"


@dataclass(frozen=True, slots=True)
class Activity:
    """One attempt to launch or terminate. `cause` and `message` are the service's own words."""

    group: str
    status: str
    what: str
    cause: str
    message: str
    start: datetime | None
    end: datetime | None

    @property
    def failed(self) -> bool:
        """Whether it ended without doing it."""
        return self.status in {"Failed", "Cancelled"}

    @property
    def launch(self) -> bool:
        """Whether it was to start an instance."""
        return self.what.startswith("Launching")


@dataclass(frozen=True, slots=True)
class ScalingGroup:
    """A group with how many it has in service; `suspended` are its suspended processes."""

    subject: Subject
    name: str
    arn: str
    least: int
    most: int
    wanted: int
    instances: tuple[str, ...]
    in_service: int
    suspended: tuple[str, ...]
    target_groups: tuple[str, ...]
    activities: tuple[Activity, ...]

    @property
    def last_launch(self) -> Activity | None:
        """Its newest attempt to start an instance."""
        return next((each for each in self.activities if each.launch), None)


def parse_activity(raw: Mapping[str, Any]) -> Activity:
    """Read an activity of DescribeScalingActivities."""
    return Activity(
        group=raw.get("AutoScalingGroupName", ""),
        status=raw.get("StatusCode", ""),
        what=raw.get("Description", ""),
        cause=raw.get("Cause", ""),
        message=raw.get("StatusMessage", ""),
        start=raw.get("StartTime"),
        end=raw.get("EndTime"),
    )


def parse_scaling_group(
    raw: Mapping[str, Any], activities: Iterable[Activity], *, account: str, region: str
) -> ScalingGroup:
    """Read a group of DescribeAutoScalingGroups; `activities` newest first, of all groups."""
    name, members = raw["AutoScalingGroupName"], raw.get("Instances", ())
    return ScalingGroup(
        subject=Subject("aws", f"{account}/{region}", ("asg", name)),
        name=name,
        arn=raw.get("AutoScalingGroupARN", ""),
        least=int(raw.get("MinSize", 0)),
        most=int(raw.get("MaxSize", 0)),
        wanted=int(raw.get("DesiredCapacity", 0)),
        instances=tuple(each["InstanceId"] for each in members),
        in_service=sum(each.get("LifecycleState") == _IN_SERVICE for each in members),
        suspended=tuple(sorted(p["ProcessName"] for p in raw.get("SuspendedProcesses", ()))),
        target_groups=tuple(raw.get("TargetGroupARNs", ())),
        activities=tuple(each for each in activities if each.group == name),
    )
