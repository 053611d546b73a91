"""S3 buckets."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import Field

from fivetabs.core import Cell, Listing, age, read, run_rules, stamp
from fivetabs.providers.aws.port import Account
from fivetabs.providers.aws.rules.buckets import public_bucket
from fivetabs.providers.aws.shapes.buckets import Block, Exposure, parse_bucket
from fivetabs.providers.aws.tools.exposures import account_block, look, subject_of
from fivetabs.providers.aws.tools.worst import worst_first

_COLUMNS = ("bucket", "region", "created", "age", "public", "why")
_MOST_CHECKED = 300
_PAGE = 1000
_ALONE = 10
_NAMED = 5
_ORDER = ("yes", "unknown", "no")

Name = Annotated[str, Field(description="Part of the bucket's name.")]


@read(
    example={},
    questions=(
        "Which S3 buckets do I have?",
        "Is any S3 bucket public?",
        "List the buckets of this account and their regions",
    ),
    title="List S3 buckets",
)
async def list_s3_buckets(account: Account, /, name: Name = "") -> Listing:
    """List the S3 buckets of the account, in all regions, public ones first: region, creation date
    and whether each is open to the world (policy, ACL and public access blocks). Reads no
    objects; for what storage costs use get_aws_cost.
    """  # noqa: D205
    pages = account.pages("s3", "ListBuckets", MaxBuckets=_PAGE)
    every = [parse_bucket(raw) async for page in pages for raw in page.get("Buckets", ())]
    buckets = [bucket for bucket in every if name.lower() in bucket.name]
    whole, missing = await account_block(account) if buckets else (Block(), ())
    looked = await asyncio.gather(*(look(account, b, whole) for b in buckets[:_MOST_CHECKED]))
    unlooked = [
        Exposure(subject_of(account, b), b, unread="not checked") for b in buckets[_MOST_CHECKED:]
    ]
    exposures = sorted((*looked, *unlooked), key=lambda e: (_ORDER.index(e.public), e.bucket.name))
    findings = run_rules((public_bucket,), exposures)
    now = account.now()
    return Listing(
        summary=_summary(exposures, len(every)),
        columns=_COLUMNS,
        rows=tuple(_row(each, now) for each in exposures),
        total=len(buckets),
        missing=(*missing, *_unread(exposures)),
        notes=tuple(worst_first(findings)),
        kin=tuple(_kin(each, place) for place, each in enumerate(exposures)),
        fold_on=("region", "public", "why"),
        own=("why",),
    )


def _summary(exposures: Sequence[Exposure], every: int) -> str:
    public = [e for e in exposures if e.public == "yes"]
    unknown = sum(e.public == "unknown" for e in exposures)
    picked = f" of {every}" if every != len(exposures) else ""
    doubt = f"; of {unknown} it could not be read" if unknown else ""
    worst = f"; worst: {public[0].bucket.name}" if public else ""
    return f"{len(exposures)}{picked} S3 buckets, {len(public)} public{doubt}{worst}."


def _unread(exposures: Sequence[Exposure]) -> tuple[str, ...]:
    alike: dict[str, list[str]] = {}
    for each in exposures:
        if each.unread:
            said = each.unread.replace(each.bucket.name, "the bucket")
            alike.setdefault(said, []).append(each.bucket.name)
    return tuple(
        f"public access of {len(names)} buckets ({_some(names)}): {said}"
        for said, names in alike.items()
    )


def _row(exposure: Exposure, now: datetime) -> tuple[Cell, ...]:
    bucket = exposure.bucket
    created = bucket.created
    return (
        bucket.name,
        bucket.region,
        stamp(created) if created else "",
        age(created, now) if created else "",
        exposure.public,
        _why(exposure),
    )


def _why(exposure: Exposure) -> str:
    if exposure.ways:
        return f"by its {' and '.join(exposure.ways)}"
    if exposure.unread:
        return "could not be read"
    return "public access is blocked" if exposure.block.whole else "no public policy or grant"


def _some(names: Sequence[str]) -> str:
    left = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {left} more" if left > 0 else "")


def _kin(exposure: Exposure, place: int) -> str:
    """Many buckets alike are told together, but for the first that are public."""
    return "" if exposure.public == "yes" and place < _ALONE else "buckets"
