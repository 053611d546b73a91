"""What can be asked of an account and done to it. Types and data only."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol, TypeAlias

Json: TypeAlias = dict[str, Any]

READS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "sts": ("GetCallerIdentity",),
        "ec2": (
            "DescribeRegions",
            "DescribeInstances",
            "DescribeInstanceStatus",
            "DescribeVolumes",
            "DescribeVolumeStatus",
            "DescribeSecurityGroups",
        ),
        "cloudwatch": ("DescribeAlarms", "DescribeAlarmHistory", "GetMetricData"),
        "elbv2": (
            "DescribeLoadBalancers",
            "DescribeTargetGroups",
            "DescribeTargetHealth",
        ),
        "autoscaling": ("DescribeAutoScalingGroups", "DescribeScalingActivities"),
        "rds": ("DescribeDBInstances", "DescribeEvents"),
        "sqs": ("ListQueues",),
        "cloudtrail": ("LookupEvents",),
        "s3": (
            "ListBuckets",
            "GetBucketLocation",
            "GetPublicAccessBlock",
            "GetBucketPolicyStatus",
            "GetBucketAcl",
        ),
        "s3control": ("GetPublicAccessBlock",),
        "ce": ("GetCostAndUsage",),
        "logs": (
            "DescribeLogGroups",
            "DescribeLogStreams",
            "FilterLogEvents",
            "StartQuery",
            "GetQueryResults",
            "StopQuery",
        ),
    }
)
"""Every operation this house may ever send, by service. The live account refuses all others.

`StartQuery` and `StopQuery` are reads by what they do and not by their names: a Logs Insights query
reads events and changes no resource. It is billed by what it scans, and the service keeps its
result for seven days; `StopQuery` ends a query of our own.
"""

CHANGES: Mapping[str, tuple[str, ...]] = MappingProxyType({"ec2": ("RebootInstances",)})
"""Every operation a commit may ever send, by service; a preview sends it as a dry run."""

ALONE = frozenset({"StartQuery"})
"""Reads that begin something for one caller: never shared, and repeated only when refused."""


class Paging(NamedTuple):
    """Where an answer says that there is more, and which parameter asks for it."""

    told: str
    asked: str


PAGES: Mapping[str, Paging] = MappingProxyType(
    {
        "DescribeInstances": Paging("NextToken", "NextToken"),
        "DescribeInstanceStatus": Paging("NextToken", "NextToken"),
        "DescribeAlarms": Paging("NextToken", "NextToken"),
        "DescribeVolumes": Paging("NextToken", "NextToken"),
        "DescribeVolumeStatus": Paging("NextToken", "NextToken"),
        "DescribeSecurityGroups": Paging("NextToken", "NextToken"),
        "DescribeAlarmHistory": Paging("NextToken", "NextToken"),
        "DescribeLoadBalancers": Paging("NextMarker", "Marker"),
        "DescribeTargetGroups": Paging("NextMarker", "Marker"),
        "DescribeAutoScalingGroups": Paging("NextToken", "NextToken"),
        "DescribeScalingActivities": Paging("NextToken", "NextToken"),
        "DescribeDBInstances": Paging("Marker", "Marker"),
        "DescribeEvents": Paging("Marker", "Marker"),
        "ListQueues": Paging("NextToken", "NextToken"),
        "LookupEvents": Paging("NextToken", "NextToken"),
        "ListBuckets": Paging("ContinuationToken", "ContinuationToken"),
        "GetCostAndUsage": Paging("NextPageToken", "NextPageToken"),
        "DescribeLogGroups": Paging("nextToken", "nextToken"),
        "DescribeLogStreams": Paging("nextToken", "nextToken"),
        "FilterLogEvents": Paging("nextToken", "nextToken"),
        "GetQueryResults": Paging("nextToken", "nextToken"),
    }
)
"""The reads that come in pages."""


@dataclass(frozen=True, slots=True)
class Reboot:
    """Reboot one instance, so long as it is the very one that was looked at.

    `launched` is when it was launched or last started, UTC to the second: a reboot leaves it as it
    is, a stop and start do not.
    """

    instance_id: str
    launched: str
    account: str
    region: str


Step: TypeAlias = Reboot


class Account(Protocol):
    """All a tool may do to an account: look. Answers are in the API's own shape."""

    @property
    def name(self) -> str:
        """The account's id, or the profile's name where the id could not be read."""
        ...

    @property
    def list_seconds(self) -> float:
        """How long one list of the whole account may take (s)."""
        ...

    async def regions(self) -> tuple[str, ...]:
        """The regions this target covers: one, or every enabled one."""
        ...

    async def read(self, service: str, operation: str, region: str = "", **params: Any) -> Json:
        """One answer; without a region the service's global or the target's own one is asked."""
        ...

    def pages(
        self, service: str, operation: str, region: str = "", **params: Any
    ) -> AsyncIterator[Json]:
        """Every page of a read in `PAGES`, each fetched when it is asked for."""
        ...

    async def preview(self, step: Step, /) -> None:
        """Have the service say whether it would do this, by a dry run, which does nothing.

        Raises:
            Denied: If we may not do it.
            Fault: If the service cannot be asked.
        """
        ...

    def now(self) -> datetime:
        """The present (UTC)."""
        ...
