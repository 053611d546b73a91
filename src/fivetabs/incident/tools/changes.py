"""What has changed lately, anywhere."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from fivetabs.core import Estate, Listing, Part, Scope, Told, read, stamp
from fivetabs.incident.folding import incidents
from fivetabs.incident.gaps import DOUBT, not_set_up, nothing_read, unread
from fivetabs.incident.graph import graph_of
from fivetabs.incident.telling import observed
from fivetabs.incident.timeline import COLUMNS, looked_through, ranked, rows
from fivetabs.incident.tools.reports import Namespace

Minutes = Annotated[int, Field(ge=1, le=10_080, description="How far back, 1 to 10080.")]


@read(
    example={"minutes": 60},
    questions=(
        "What changed in the last hour?",
        "Who deployed or changed something recently, before it broke?",
        "Which recent changes could have caused this?",
    ),
)
async def get_recent_changes(
    estate: Estate, /, minutes: Minutes = 60, namespace: Namespace = ""
) -> Listing:
    """Get what changed recently, in the last minutes, hour or days, across all four backends.

    Rollouts with what differs between revisions, configuration and scaling, node and container
    lifecycle, alarms, API writes, state serials; who did it where known. While something is wrong,
    changes nearest to its onset come first. For the cause itself use investigate.
    """
    scope, span = Scope(namespace), timedelta(minutes=minutes)
    told, parts = await asyncio.gather(estate.histories(span, scope), estate.parts(scope))
    if all(each.status for each in told):
        return Listing(
            summary=nothing_read(told),
            columns=COLUMNS,
            rows=(),
            total=0,
            missing=unread((), told),
            notes=not_set_up(told),
        )
    return _listing(told, parts, minutes, namespace, estate.now())


def _listing(
    told: Sequence[Told], parts: Sequence[Part], minutes: int, namespace: str, now: datetime
) -> Listing:
    sick = (each for each in incidents(parts, graph_of(parts)) if not each.latent)
    worst = next((each for each in sick if each.touches(namespace)), None)
    onset = worst.onset if worst else None
    now = max((t.now for t in told if t.now), default=now)
    changes = ranked(told, onset, namespace)
    near = f", nearest first to the onset at {stamp(onset)}" if onset else ", newest first"
    looked = looked_through(told)
    missing = unread((), told)
    doubt = DOUBT if missing else ""
    subjects = len({change.subject for change in changes})
    answer = Listing(
        summary=f"{len(changes)} changes to {subjects} things in the last {minutes} minutes"
        f"{near if changes else ''}{doubt}.",
        columns=COLUMNS,
        rows=rows(changes, now),
        total=len(changes),
        own=("what", "source"),
        missing=missing,
        notes=(f"looked through {'; '.join(looked)}",) if looked else (),
    )
    return observed(answer, told)
