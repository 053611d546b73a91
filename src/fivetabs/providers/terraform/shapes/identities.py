"""Under which names the world knows what a state's resources made: ids, ARNs, hosts, buckets.

Only forms that cannot mean anything else are taken, so that a resource's id that is a plain word
(`main`, `none`) is never taken for another house's thing.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from fivetabs.core.patterns import Pattern

_CLOUD_ID = Pattern(r"[a-z]{1,12}-(?:[0-9a-f]{8}|[0-9a-f]{17})")
_HEX_ID = Pattern(r"[0-9a-f]{64}")
_ARN = Pattern(r"arn:aws[a-z-]*:\S+")
_HOST = Pattern(r"[a-z0-9-]+(?:\.[a-z0-9-]+){2,}")
_QUEUE = Pattern(r"https://sqs\.\S+")
_BY_ID = ("aws_s3_bucket", "aws_ecr_repository")
_FIELDS = ("id", "arn", "address", "endpoint", "dns_name", "private_dns", "url")


def identities(kind: str, attributes: Mapping[str, Any]) -> Iterator[str]:
    """Each name once, in the order of the fields that tell most."""
    seen: set[str] = set()
    for field in _FIELDS:
        value = attributes.get(field)
        if isinstance(value, str) and value not in seen and _telling(kind, field, value):
            seen.add(value)
            yield value


def _telling(kind: str, field: str, value: str) -> bool:
    match field:
        case "id":
            plain = _CLOUD_ID.fullmatch(value) or _HEX_ID.fullmatch(value)
            return bool(plain or _ARN.fullmatch(value) or _QUEUE.fullmatch(value)) or kind in _BY_ID
        case "arn":
            return bool(_ARN.fullmatch(value))
        case "url":
            return bool(_QUEUE.fullmatch(value))
        case _:
            return bool(_HOST.fullmatch(value.partition(":")[0]))
