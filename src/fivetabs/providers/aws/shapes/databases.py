"""RDS instances and SQS queues: what other houses name by host and URL.

Source: RDS API, `DBInstance` and "Viewing DB instance status"; SQS API, `ListQueues`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fivetabs.core import Subject

WELL = frozenset({"available", "storage-optimization", "backing-up"})
OFF = frozenset({"stopped", "stopping", "deleting", "delete-precheck"})
BUSY = frozenset(
    (
        *("creating", "starting", "modifying", "rebooting", "renaming", "upgrading", "maintenance"),
        *("resetting-master-credentials", "moving-to-vpc", "converting-to-vpc", "storage-config"),
        *("configuring-enhanced-monitoring", "configuring-iam-database-auth", "storage-upgrade"),
        *("configuring-log-exports", "configuring-associated-roles", "storage-initialization"),
    )
)


@dataclass(frozen=True, slots=True)
class Database:
    """An RDS instance; `host` and `port` are its endpoint, empty while it is made."""

    subject: Subject
    name: str
    arn: str
    engine: str
    status: str
    host: str
    port: int
    public: bool
    security_groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Queue:
    """An SQS queue."""

    subject: Subject
    name: str
    url: str


def parse_database(raw: Mapping[str, Any], *, account: str, region: str) -> Database:
    """Read an instance of DescribeDBInstances."""
    endpoint = raw.get("Endpoint", {})
    return Database(
        subject=Subject("aws", f"{account}/{region}", ("rds", raw["DBInstanceIdentifier"])),
        name=raw["DBInstanceIdentifier"],
        arn=raw.get("DBInstanceArn", ""),
        engine=f"{raw.get('Engine', '')} {raw.get('EngineVersion', '')}".strip(),
        status=raw.get("DBInstanceStatus", ""),
        host=endpoint.get("Address", ""),
        port=int(endpoint.get("Port") or 0),
        public=bool(raw.get("PubliclyAccessible")),
        security_groups=tuple(
            each["VpcSecurityGroupId"] for each in raw.get("VpcSecurityGroups", ())
        ),
    )


def parse_queue(url: str, *, account: str, region: str) -> Queue:
    """Read a URL of ListQueues: its last part is the queue's name."""
    name = url.rpartition("/")[2]
    return Queue(Subject("aws", f"{account}/{region}", ("sqs", name)), name, url)
