"""Who changed what: a write event of CloudTrail, without its parameters but for a few plain ones.

Source: CloudTrail `LookupEvents` and "CloudTrail record contents". Request parameters can hold
secrets (user data, passwords of other services), so only those of `_TELLING` are ever carried on.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, cast

from fivetabs.core import Subject, term

_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "AWS::EC2::Instance": "ec2",
        "AWS::EC2::Volume": "ebs",
        "AWS::EC2::SecurityGroup": "sg",
        "AWS::S3::Bucket": "s3",
        "AWS::CloudWatch::Alarm": "cloudwatch",
        "AWS::AutoScaling::AutoScalingGroup": "asg",
        "AWS::RDS::DBInstance": "rds",
        "AWS::SQS::Queue": "sqs",
        "AWS::ElasticLoadBalancingV2::LoadBalancer": "elb",
        "AWS::ElasticLoadBalancingV2::TargetGroup": "targetgroup",
    }
)
_TELLING = (
    *("instanceType", "desiredCapacity", "minSize", "maxSize", "dBInstanceClass", "fromPort"),
    *("toPort", "cidrIp", "ipProtocol", "threshold", "imageId", "allocatedStorage", "volumeSize"),
)
_NOISE = frozenset(
    (
        *(
            "UpdateInstanceInformation",
            "CreateLogStream",
            "CreateLogGroup",
            "SharedSnapshotVolumeCreated",
        ),
        *("RegisterManagedInstance", "PutInventory", "UpdateInstanceAssociationStatus"),
    )
)
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Written:
    """One write. `refused` is the error code of one that did not succeed."""

    subject: Subject
    when: datetime
    name: str
    who: str
    details: str
    refused: str

    @property
    def noise(self) -> bool:
        """Whether machines write it all day and nothing changes by it."""
        return self.name in _NOISE


def parse_written(raw: Mapping[str, Any], *, account: str, region: str) -> Written:
    """Read an event of LookupEvents."""
    record = _record(raw)
    subject = _subject(raw, f"{account}/{region}")
    return Written(
        subject=subject,
        when=raw["EventTime"],
        name=raw.get("EventName", ""),
        who=_who(raw, record),
        details=_details(record.get("requestParameters") or {}),
        refused=str(record.get("errorCode") or ""),
    )


def _record(raw: Mapping[str, Any]) -> dict[str, Any]:
    try:
        found: Any = json.loads(raw.get("CloudTrailEvent") or "{}")
    except ValueError:
        return {}
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def _subject(raw: Mapping[str, Any], target: str) -> Subject:
    """The most telling resource: one of a known kind, else the first."""
    resources = [r for r in raw.get("Resources", ()) if r.get("ResourceName")]
    resources.sort(key=lambda r: r.get("ResourceType") not in _KINDS)
    if not resources:
        source = raw.get("EventSource", "").partition(".")[0] or "cloudtrail"
        return Subject("aws", target, (source, raw.get("EventName", "")))
    first = resources[0]
    kind = first.get("ResourceType") or ""
    name = first["ResourceName"]
    plain = kind.split("::")[1].lower() if kind.count("::") > 1 else "resource"
    known = _KINDS.get(kind, plain)
    return Subject("aws", target, (known, _short(name) if known in _KINDS.values() else name))


def _short(name: str) -> str:
    """The name out of an ARN."""
    if not name.startswith("arn:"):
        return name
    if ":loadbalancer/" in name or ":targetgroup/" in name:
        return name.split("/")[-2]
    return name.rpartition(":")[2].rpartition("/")[2]


def _who(raw: Mapping[str, Any], record: Mapping[str, Any]) -> str:
    identity: Mapping[str, Any] = record.get("userIdentity") or {}
    arn = str(identity.get("arn") or "")
    named = arn.partition(":user/")[2] or arn.partition(":assumed-role/")[2]
    return term(named or str(raw.get("Username") or identity.get("invokedBy") or ""))


def _details(parameters: Any) -> str:
    """`instanceType t3.small`, of the few parameters that say something and hold no secret."""
    found = [f"{key} {value}" for key in _TELLING if (value := _plain(parameters, key))]
    return ", ".join(found)


def _plain(parameters: Any, key: str) -> str:
    if not isinstance(parameters, dict):
        return ""
    raw: Any = cast("dict[str, Any]", parameters).get(key)
    value: Any = cast("dict[str, Any]", raw).get("value") if isinstance(raw, dict) else raw
    plain = isinstance(value, str | int | float) and not isinstance(value, bool)
    return term(str(value)[:_LONGEST]) if plain else ""
