"""An EC2 instance with its status checks and scheduled events."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fivetabs.core import Subject, span, term

STATES = ("pending", "running", "shutting-down", "terminated", "stopping", "stopped")
_GROUP_TAG = "aws:autoscaling:groupName"
_OVER = ("[Completed]", "[Canceled]")


@dataclass(frozen=True, slots=True)
class Event:
    """Something AWS has scheduled for an instance (`code` as in the API, times in UTC).

    `left` is in how long, where it was asked with a clock.
    """

    code: str
    words: str
    start: datetime | None
    left: str = ""


@dataclass(frozen=True, slots=True)
class Checks:
    """The status checks: `ok`, `impaired`, `initializing`, `insufficient-data`, or empty."""

    instance: str = ""
    system: str = ""
    volumes: str = ""
    since: datetime | None = None
    events: tuple[Event, ...] = ()

    @property
    def words(self) -> str:
        """The checks as one cell: what is wrong, or that nothing is."""
        named = (("instance", self.instance), ("system", self.system), ("volumes", self.volumes))
        bad = [f"{name} {status}" for name, status in named if status not in {"", "ok"}]
        passed = "ok" if self.instance == "ok" else "-"
        return ", ".join(bad) or passed


@dataclass(frozen=True, slots=True)
class Instance:
    """One instance. `group` is its Auto Scaling group, empty when it has none."""

    subject: Subject
    id: str
    name: str
    type: str
    state: str
    reason_code: str
    reason: str
    zone: str
    region: str
    launched: datetime | None
    private_ip: str
    group: str
    tags: tuple[tuple[str, str], ...]
    checks: Checks

    @property
    def label(self) -> str:
        """The id, with the name people gave it: a tag, so any text."""
        return f"{self.id} ({term(self.name)})" if self.name else self.id


def parse_instance(
    raw: Mapping[str, Any], *, account: str, region: str, checks: Checks | None = None
) -> Instance:
    """Read an instance of DescribeInstances (EC2 API, `Instance`). User data is never read."""
    tags = tuple((tag["Key"], tag.get("Value", "")) for tag in raw.get("Tags", ()))
    reason = raw.get("StateReason", {})
    return Instance(
        subject=Subject("aws", f"{account}/{region}", ("ec2", raw["InstanceId"])),
        id=raw["InstanceId"],
        name=dict(tags).get("Name", ""),
        type=term(raw.get("InstanceType", "")),
        state=term(raw.get("State", {}).get("Name", "")),
        reason_code=reason.get("Code", ""),
        reason=_reason(
            reason.get("Code", ""), reason.get("Message", ""), raw.get("StateTransitionReason", "")
        ),
        zone=term(raw.get("Placement", {}).get("AvailabilityZone", "")),
        region=region,
        launched=raw.get("LaunchTime"),
        private_ip=term(raw.get("PrivateIpAddress", "")),
        group=dict(tags).get(_GROUP_TAG, ""),
        tags=tags,
        checks=checks or Checks(),
    )


def parse_checks(raw: Mapping[str, Any], now: datetime | None = None) -> Checks:
    """Read a status of DescribeInstanceStatus; events that are over are left out."""
    return Checks(
        instance=term(raw.get("InstanceStatus", {}).get("Status", "")),
        system=term(raw.get("SystemStatus", {}).get("Status", "")),
        volumes=term(_volumes(raw.get("AttachedEbsStatus", {}).get("Status", ""))),
        since=min(_impaired_since(raw), default=None),
        events=tuple(
            _event(each, now)
            for each in raw.get("Events", ())
            if not each.get("Description", "").startswith(_OVER)
        ),
    )


def _event(raw: Mapping[str, Any], now: datetime | None) -> Event:
    start = raw.get("NotBefore")
    left = span(start - now) if start and now and start > now else ""
    return Event(raw.get("Code", ""), raw.get("Description", ""), start, left)


def _impaired_since(raw: Mapping[str, Any]) -> list[datetime]:
    parts = (raw.get(k, {}) for k in ("InstanceStatus", "SystemStatus", "AttachedEbsStatus"))
    details = (detail for part in parts for detail in part.get("Details", ()))
    return [detail["ImpairedSince"] for detail in details if detail.get("ImpairedSince")]


def _volumes(status: str) -> str:
    return "" if status == "not-applicable" else status


def _reason(code: str, message: str, transition: str) -> str:
    """The transition carries the time of what a person did, the message the words of a failure."""
    words = message.removeprefix(f"{code}: ")
    return (transition or words) if code.startswith("Client.User") else (words or transition)
