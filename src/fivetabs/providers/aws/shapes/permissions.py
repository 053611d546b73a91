"""The least an identity must be allowed for this house to work, as an IAM policy."""

from collections.abc import Mapping
from types import MappingProxyType

from fivetabs.providers.aws.port import CHANGES, READS, Json

# Where an action is not named after its operation:
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
_NAMED_OTHERWISE: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("s3", "ListBuckets"): "s3:ListAllMyBuckets",
        ("s3", "GetPublicAccessBlock"): "s3:GetBucketPublicAccessBlock",
        ("s3control", "GetPublicAccessBlock"): "s3:GetAccountPublicAccessBlock",
    }
)
_SERVICES: Mapping[str, str] = MappingProxyType({"elbv2": "elasticloadbalancing"})


def iam_action(service: str, operation: str) -> str:
    """The IAM action that allows one operation."""
    prefix = _SERVICES.get(service, service)
    return _NAMED_OTHERWISE.get((service, operation), f"{prefix}:{operation}")


def iam_policy(*, changes: bool = False) -> Json:
    """A policy document that allows the closed set of reads and nothing else.

    `changes` adds a statement with the closed set of changes.
    """
    statements = [_statement("FivetabsReads", READS)]
    if changes:
        statements.append(_statement("FivetabsChanges", CHANGES))
    return {"Version": "2012-10-17", "Statement": statements}


def _statement(sid: str, operations: Mapping[str, tuple[str, ...]]) -> Json:
    actions = {iam_action(service, each) for service, all_ in operations.items() for each in all_}
    return {"Sid": sid, "Effect": "Allow", "Action": sorted(actions), "Resource": "*"}
