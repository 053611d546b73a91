"""S3 buckets."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import Field

from fivetabs.core import Listing, age, read, run_rules, stamp
from fivetabs.providers.aws.port import Account
from fivetabs.providers.aws.rules.buckets import public_bucket
from fivetabs.providers.aws.shapes.buckets import Block, Exposure, parse_bucket
from fivetabs.providers.aws.tools.exposures import account_block, look, subject_of
from fivetabs.providers.aws.tools.rows import Folding, Row, clip, finding_notes, fold_rows

_COLUMNS = ("bucket", "region", "created", "age", "public", "why")
_MOST_CHECKED = 300
_PAGE = 1000
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
    and whether each is open to the world (policy, ACL and public access blocks). Does not read
    objects or sizes; for what storage costs use get_aws_cost.
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
    rows, notes = fold_rows(exposures, _folding(account.now()), narrow="narrow with name")
    return Listing(
        summary=_summary(exposures, len(every)),
        columns=_COLUMNS,
        rows=rows,
        total=len(buckets),
        missing=(*missing, *_unread(exposures)),
        notes=(*finding_notes(findings), *notes),
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
        f"public access of {len(names)} buckets ({clip(', '.join(names), 80)}): {said}"
        for said, names in alike.items()
    )


def _folding(now: datetime) -> Folding[Exposure]:
    return Folding(
        row=lambda e: _row(e, now),
        alike=lambda alike: _alike(alike, now),
        key=lambda e: (e.public, e.bucket.region, _why(e)),
        sick=lambda e: e.public == "yes",
    )


def _row(exposure: Exposure, now: datetime) -> Row:
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


def _alike(alike: Sequence[Exposure], now: datetime) -> Row:
    first = alike[0]
    names = clip(", ".join(e.bucket.name for e in alike[:4]), 100)
    times = [e.bucket.created for e in alike if e.bucket.created]
    ages = f"{age(max(times), now)} to {age(min(times), now)}" if times else ""
    named = f"{len(alike)} alike: {names}, …"
    return (named, first.bucket.region, "", ages, first.public, _why(first))


def _why(exposure: Exposure) -> str:
    if exposure.ways:
        return f"by its {' and '.join(exposure.ways)}"
    if exposure.unread:
        return "could not be read"
    return "public access is blocked" if exposure.block.whole else "no public policy or grant"
