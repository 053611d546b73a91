"""What an instance is tied to: addresses, security groups, volumes. And the volumes themselves.

Source: EC2 API, `Instance`, `Volume`, `VolumeStatusItem`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fivetabs.core import Subject


@dataclass(frozen=True, slots=True)
class Placing:
    """Where one instance stands in the network, and what is attached to it."""

    names: tuple[str, ...]
    security_groups: tuple[str, ...]
    volumes: tuple[str, ...]
    public: bool


@dataclass(frozen=True, slots=True)
class Volume:
    """An EBS volume; `status` is ok, impaired, insufficient-data or empty where it was not read."""

    subject: Subject
    id: str
    state: str
    status: str
    since: datetime | None
    words: str
    instances: tuple[str, ...]


def parse_placing(raw: Mapping[str, Any]) -> Placing:
    """Read an instance of DescribeInstances: every name others may know it by, and its ties."""
    names = (
        *(raw.get("PrivateIpAddress"), raw.get("PrivateDnsName")),
        *(raw.get("PublicIpAddress"), raw.get("PublicDnsName")),
    )
    interfaces = raw.get("NetworkInterfaces", ())
    others = (
        a.get("PrivateIpAddress") for i in interfaces for a in i.get("PrivateIpAddresses", ())
    )
    mapped = (
        each.get("Ebs", {}).get("VolumeId", "") for each in raw.get("BlockDeviceMappings", ())
    )
    return Placing(
        names=tuple(dict.fromkeys(str(name) for name in (*names, *others) if name)),
        security_groups=tuple(g["GroupId"] for g in raw.get("SecurityGroups", ())),
        volumes=tuple(volume for volume in mapped if volume),
        public=bool(raw.get("PublicIpAddress")),
    )


def parse_volume(
    raw: Mapping[str, Any], status: Mapping[str, Any] | None, *, account: str, region: str
) -> Volume:
    """Read a volume, with its status where that could be read."""
    told = status or {}
    events = told.get("Events", ())
    begun = [each["NotBefore"] for each in events if each.get("NotBefore")]
    actions = (each.get("Description", "") for each in (*events, *told.get("Actions", ())))
    return Volume(
        subject=Subject("aws", f"{account}/{region}", ("ebs", raw["VolumeId"])),
        id=raw["VolumeId"],
        state=raw.get("State", ""),
        status=told.get("VolumeStatus", {}).get("Status", ""),
        since=min(begun, default=None),
        words="; ".join(dict.fromkeys(each for each in actions if each)),
        instances=tuple(a["InstanceId"] for a in raw.get("Attachments", ()) if a.get("InstanceId")),
    )
