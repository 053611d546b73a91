"""Looking at what makes a bucket public: blocks, policy and ACL, asked in the bucket's region."""

from fivetabs.core import Fault, NotFound, Subject
from fivetabs.providers.aws.port import Account
from fivetabs.providers.aws.shapes.buckets import (
    Block,
    Bucket,
    Exposure,
    parse_acl,
    parse_block,
    parse_location,
)


async def account_block(account: Account) -> tuple[Block, tuple[str, ...]]:
    """The block over all buckets; when it cannot be read, a bucket's own settings decide alone."""
    try:
        raw = await account.read("s3control", "GetPublicAccessBlock", AccountId=account.name)
    except NotFound:
        return Block(), ()
    except Fault as fault:
        return Block(), (f"the account's own public access block: {fault.status}: {fault}",)
    return parse_block(raw), ()


async def look(account: Account, bucket: Bucket, whole: Block) -> Exposure:
    """What makes one bucket public, asked in its region; a refused read leaves it unknown."""
    try:
        if not bucket.region:
            raw = await account.read("s3", "GetBucketLocation", Bucket=bucket.name)
            bucket = Bucket(bucket.name, parse_location(raw), bucket.created)
        if whole.whole:
            return Exposure(subject_of(account, bucket), bucket, whole)
        return await _own(account, bucket, whole)
    except Fault as fault:
        subject = subject_of(account, bucket)
        return Exposure(subject, bucket, whole, unread=f"{fault.status}: {fault}")


async def _own(account: Account, bucket: Bucket, whole: Block) -> Exposure:
    asked = {"region": bucket.region, "Bucket": bucket.name}
    try:
        block = whole | parse_block(await account.read("s3", "GetPublicAccessBlock", **asked))
    except NotFound:
        block = whole
    if block.whole:
        return Exposure(subject_of(account, bucket), bucket, block)
    try:
        status = await account.read("s3", "GetBucketPolicyStatus", **asked)
    except NotFound:
        status = {}
    acl = parse_acl(await account.read("s3", "GetBucketAcl", **asked))
    public = bool(status.get("PolicyStatus", {}).get("IsPublic"))
    return Exposure(subject_of(account, bucket), bucket, block, public, acl)


def subject_of(account: Account, bucket: Bucket) -> Subject:
    """A bucket as a subject of its own region."""
    return Subject("aws", f"{account.name}/{bucket.region or 'global'}", ("s3", bucket.name))
