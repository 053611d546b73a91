"""An S3 bucket, and whether the world can read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fivetabs.core import Subject, term

_EVERYONE = (
    "http://acs.amazonaws.com/groups/global/AllUsers",
    "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
)


@dataclass(frozen=True, slots=True)
class Block:
    """A public access block, of a bucket or a whole account."""

    ignores_acls: bool = False
    restricts_policies: bool = False

    @property
    def whole(self) -> bool:
        """Nothing in the bucket's own ACL or policy can make it public."""
        return self.ignores_acls and self.restricts_policies

    def __or__(self, other: "Block") -> "Block":
        return Block(
            self.ignores_acls or other.ignores_acls,
            self.restricts_policies or other.restricts_policies,
        )


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bucket as ListBuckets names it; `region` is empty until somebody has looked."""

    name: str
    region: str
    created: datetime | None


@dataclass(frozen=True, slots=True)
class Exposure:
    """A bucket and what was seen of its exposure; `unread` names the first refused read."""

    subject: Subject
    bucket: Bucket
    block: Block = Block()
    policy_public: bool = False
    acl_public: tuple[str, ...] = ()
    unread: str = ""

    @property
    def ways(self) -> tuple[str, ...]:
        """By what the bucket is public, after the blocks."""
        policy = ("policy",) if self.policy_public and not self.block.restricts_policies else ()
        acl = tuple(f"ACL {p}" for p in self.acl_public if not self.block.ignores_acls)
        return policy + acl

    @property
    def public(self) -> str:
        """`yes`, `no`, or `unknown` when a read that could tell was refused."""
        return "yes" if self.ways else "unknown" if self.unread else "no"


def parse_bucket(raw: Mapping[str, Any]) -> Bucket:
    """Read a bucket of ListBuckets; the region is there when the listing was paged."""
    return Bucket(raw["Name"], raw.get("BucketRegion", ""), raw.get("CreationDate"))


def parse_location(raw: Mapping[str, Any]) -> str:
    """The region of GetBucketLocation, whose answers predate the names of two regions."""
    place = raw.get("LocationConstraint") or "us-east-1"
    return "eu-west-1" if place == "EU" else place


def parse_block(raw: Mapping[str, Any]) -> Block:
    """Read a PublicAccessBlockConfiguration. BlockPublic* only stop new grants, so do not count."""
    block = raw.get("PublicAccessBlockConfiguration", {})
    return Block(block.get("IgnorePublicAcls", False), block.get("RestrictPublicBuckets", False))


def parse_acl(raw: Mapping[str, Any]) -> tuple[str, ...]:
    """What GetBucketAcl grants to everybody, or to everybody who has an AWS account."""
    return tuple(
        term(grant.get("Permission", ""))
        for grant in raw.get("Grants", ())
        if grant.get("Grantee", {}).get("URI") in _EVERYONE
    )
