"""A plan that is shown, or was carried out, as an answer."""

from typing import Any

from fivetabs.core import Outcome, Plan


def outcome(
    plan: Plan[Any],
    state: str,
    *,
    digest: str = "",
    steps: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
) -> Outcome:
    """What to say of a plan that is shown or was carried out."""
    check = (f"To see whether it helped: {plan.check}",) if plan.check and state == "done" else ()
    return Outcome(
        summary=plan.summary if state != "planned" else f"Plan, not carried out: {plan.summary}",
        state=state,
        steps=steps,
        changes=tuple(map(str, plan.deltas)),
        digest=digest,
        undo=str(plan.undo) if plan.undo else "",
        irreversible=plan.irreversible,
        notes=(*plan.warnings, *notes, *check),
    )
