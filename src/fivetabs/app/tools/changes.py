"""Taking back what was changed."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from fivetabs.app.desk import Desk
from fivetabs.app.undoing import Elsewhere
from fivetabs.core import Plan, Verdict, change

Id = Annotated[str, Field(pattern=r"^[0-9a-f]{6}$", description="The id a change was given.")]


async def _verdict(desk: Desk, plan: Plan[Elsewhere], since: datetime) -> Verdict:
    return await desk.verdict(plan, since)


@change(
    example={"change": "c0ffee"},
    questions=(
        "Undo that change",
        "Take the scaling back that we made just now",
        "Revert what you changed in orders-api",
    ),
    verify=_verdict,
)
async def undo(desk: Desk, /, change: Id) -> Plan[Elsewhere]:
    """Take back one change that was made here, by its id: plans the way back to how it was.

    Shown and agreed to first, like every change. Only for an outcome that names an undo; to go back
    to an older revision use rollback_deployment.
    """
    return await desk.back(change)
