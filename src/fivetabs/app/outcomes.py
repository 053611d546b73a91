"""A plan that is shown, waits, or was carried out, as an answer."""

import json
from types import MappingProxyType
from typing import Any

from fivetabs.core import Call, Finding, Outcome, Plan, Verdict
from fivetabs.core.patterns import Pattern

_NAME = Pattern(r"[A-Za-z0-9][A-Za-z0-9_.:/-]{0,252}")

_HEADS = MappingProxyType(
    {
        "planned": "Plan, not carried out: ",
        "waiting": "Plan, waiting for a person to agree, nothing was done: ",
        "declined": "Declined by a person, nothing was done: ",
    }
)


def outcome(  # noqa: PLR0913  (one for each thing there is to say)
    plan: Plan[Any],
    state: str,
    *,
    key: str = "",
    digest: str = "",
    steps: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
    verdict: Verdict | None = None,
) -> Outcome:
    """What to say of a plan in this state. `key` is the request under which it is kept."""
    carried = state not in _HEADS
    check = (f"To see it as it is then: {plan.check}",) if plan.check and carried else ()
    undo = _way_back(plan.undo) if plan.undo else ""
    return Outcome(
        summary=f"{_HEADS.get(state, '')}{plan.summary}",
        state=state,
        id=key,
        steps=steps,
        changes=tuple(map(str, plan.deltas)),
        digest=digest,
        undo=f"undo(change={key!r})" if plan.undo and key and carried else undo,
        irreversible=plan.irreversible,
        result=verdict.told if verdict else "",
        wrong=tuple(map(_told, verdict.findings)) if verdict else (),
        notes=(*(() if carried else plan.warnings), *notes, *check),
    )


def _way_back(undo: Call) -> str:
    """The call that would undo it; former values stand, quoted, among the plan's changes."""
    named = (f"{k}={v!r}" if _is_name(v) else f"{k}=..." for k, v in undo.arguments.items())
    return f"{undo.tool}({', '.join(named)})"


def _is_name(value: object) -> bool:
    return isinstance(value, int) or (isinstance(value, str) and _NAME.fullmatch(value) is not None)


def _told(found: Finding) -> str:
    step = found.next_step
    given = ", ".join(f"{k}={json.dumps(v)}" for k, v in step.arguments.items())
    call = f" {step.tool}({given})" if step.tool else ""
    return f"[{found.code}] {found.subject}: {found.cause}. Next: {step.words}{call}"


def as_text(shown: Outcome) -> str:
    """The plan as a person reads it before they agree."""
    lines = [
        shown.summary,
        *(f"  {each}" for each in shown.changes),
        *(f"! {each}" for each in shown.notes),
        f"undo: {shown.undo}" if shown.undo else f"irreversible: {shown.irreversible}",
    ]
    return "\n".join(lines)
