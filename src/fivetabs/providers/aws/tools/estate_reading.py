"""Reading an account for the report: every list once in each region, all kinds side by side."""

import asyncio

from fivetabs.core import Fault, Scope
from fivetabs.providers.aws.port import Account
from fivetabs.providers.aws.shapes.buckets import Block, Exposure, parse_bucket
from fivetabs.providers.aws.shapes.snapshots import Place, Snapshot
from fivetabs.providers.aws.tools.estate_lists import Lists, everything, why
from fivetabs.providers.aws.tools.estate_places import place_of
from fivetabs.providers.aws.tools.exposures import account_block, look

_AT_A_TIME = 4
_MOST_BUCKETS = 40


async def load(account: Account, _scope: Scope) -> Snapshot:
    """Everything that the rules and links need, in the regions of the target.

    Costs are not asked for: each question of Cost Explorer is billed.

    Raises:
        Fault: If not even the regions are known, or nobody answers at all.
    """
    every = tuple(Lists(account, region) for region in await account.regions())
    gate = asyncio.Semaphore(_AT_A_TIME)

    async def one(lists: Lists) -> Place:
        async with gate:
            return await place_of(lists)

    missing: list[str] = []
    exposures, places = await asyncio.gather(
        _buckets(account, missing), asyncio.gather(*map(one, every))
    )
    silent = [fault for lists in every for fault in lists.silent]
    if silent and not exposures and not any(lists.read for lists in every):
        raise silent[0]
    return Snapshot(account.name, account.now(), tuple(places), exposures, tuple(missing))


async def _buckets(account: Account, missing: list[str]) -> tuple[Exposure, ...]:
    """All buckets; whether they are public where that is one question or they are few."""
    try:
        async with asyncio.timeout(account.list_seconds):
            raw = await everything(account, "s3", "ListBuckets", ("Buckets",), "", MaxBuckets=1000)
            buckets = sorted(map(parse_bucket, raw), key=lambda b: b.name)
            whole, untold = await account_block(account) if buckets else (Block(), ())
            missing.extend(untold)
            few = buckets[:_MOST_BUCKETS]
            looked = await asyncio.gather(*(look(account, b, whole) for b in few))
    except (Fault, TimeoutError) as error:
        missing.append(f"buckets: {why(error, account)}")
        return ()
    unread = [e for e in looked if e.unread]
    if unread:
        missing.append(f"public access of {len(unread)} buckets: {unread[0].unread}")
    if rest := len(buckets) - len(few):
        missing.append(f"public access of {rest} more buckets: list_s3_buckets looks at them")
    return tuple(looked)
