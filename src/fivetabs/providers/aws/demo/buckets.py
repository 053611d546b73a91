"""Three buckets, none of them public: two are blocked, one has neither policy nor public grant."""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from fivetabs.core import NotFound

Json = dict[str, Any]
_REGION = "eu-west-1"
_MADE: Mapping[str, datetime] = MappingProxyType(
    {
        "shop-assets-123456789012": datetime(2025, 9, 8, 11, 20, 5, tzinfo=UTC),
        "shop-backups-123456789012": datetime(2025, 9, 8, 11, 20, 9, tzinfo=UTC),
        "shop-tfstate-123456789012": datetime(2025, 9, 8, 10, 58, 47, tzinfo=UTC),
    }
)
_BLOCKED = ("shop-assets-123456789012", "shop-tfstate-123456789012")


def answer(operation: str, params: Mapping[str, Any]) -> Json:
    """What S3 says of the buckets.

    Raises:
        NotFound: If the bucket, its block or its policy does not exist.
    """
    if operation == "ListBuckets":
        return {
            "Buckets": [
                {"Name": name, "CreationDate": made, "BucketRegion": _REGION}
                for name, made in _MADE.items()
            ]
        }
    bucket = params["Bucket"]
    if bucket not in _MADE:
        raise NotFound(f"s3:{operation}: bucket {bucket} does not exist")
    return _of_bucket(operation, bucket)


def _of_bucket(operation: str, bucket: str) -> Json:
    match operation:
        case "GetBucketLocation":
            return {"LocationConstraint": _REGION}
        case "GetPublicAccessBlock" if bucket in _BLOCKED:
            kinds = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy")
            every = dict.fromkeys((*kinds, "RestrictPublicBuckets"), True)
            return {"PublicAccessBlockConfiguration": every}
        case "GetBucketAcl":
            owner = {"Type": "CanonicalUser", "ID": "0" * 64}
            return {"Owner": {}, "Grants": [{"Grantee": owner, "Permission": "FULL_CONTROL"}]}
        case _:
            raise NotFound(f"s3:{operation}: bucket {bucket} has none")
