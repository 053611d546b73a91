"""What is wrong with a bucket."""

from collections.abc import Iterator

from fivetabs.core import Evidence, Found, Severity, rule
from fivetabs.providers.aws.shapes.buckets import Exposure


@rule("AWS301", Severity.CRITICAL)
def public_bucket(exposure: Exposure) -> Iterator[Found]:
    """A bucket is open to the world.

    Unless it is meant to be, turn on its public access block and remove the policy or grant.
    """
    if exposure.ways:
        ways = " and ".join(exposure.ways)
        yield Found(
            exposure.subject,
            f"bucket {exposure.bucket.name} is public by its {ways}",
            (Evidence(quote=ways, source="s3:GetBucketPolicyStatus, s3:GetBucketAcl"),),
        )
