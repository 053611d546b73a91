"""What apply would do, and what was changed behind Terraform's back."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import AfterValidator, Field

from fivetabs.core import Detail, read, run_rules, spelled
from fivetabs.providers.terraform.port import Workspaces
from fivetabs.providers.terraform.rules.plans import PLAN_RULES
from fivetabs.providers.terraform.shapes.directories import checked
from fivetabs.providers.terraform.shapes.plans import (
    WORST_FIRST,
    Drift,
    Planned,
    parse_differences,
    parse_plan,
)
from fivetabs.providers.terraform.shapes.values import many, place
from fivetabs.providers.terraform.tools.tables import Chosen, chosen_from, tables

Directory = Annotated[
    str,
    AfterValidator(checked),
    Field(description="Working directory, e.g. 'infra/shop'; optional when only one."),
]
_WORDS = (
    ("create", "to add"),
    ("update", "to change"),
    ("replace", "to replace"),
    ("destroy", "to destroy"),
    ("forget", "to forget"),
)


@read(
    title="Run a Terraform plan",
    example={"directory": "infra/shop"},
    questions=(
        "Run terraform plan on infra/shop: what would change?",
        "Has anything drifted from our Terraform configuration?",
        "Which resources would terraform apply destroy or replace?",
    ),
    long=True,
)
async def run_terraform_plan(
    workspaces: Workspaces,
    /,
    directory: Directory = "",
    address: Annotated[str, Field(description="Show only addresses containing this.")] = "",
) -> Detail:
    """Run terraform plan in a directory: what would change, and has anything drifted.

    Returns the resources apply would add, change, replace or destroy, their attributes before and
    after, drift made outside the configuration, and the name of the plan for
    apply_terraform_plan. Applies, locks and writes nothing. For outputs and serial use
    check_terraform_state.
    """
    raw = await workspaces.plan(directory)
    plan = await asyncio.to_thread(parse_plan, raw)
    chosen = chosen_from(plan, address)
    alone = chosen.alone if address else ""
    attributes = await asyncio.to_thread(parse_differences, raw, alone) if alone else ()
    return Detail(
        summary=_summary(plan),
        facts=_facts(plan),
        tables=tuple(each for each in tables(plan, chosen, attributes) if each.rows),
        findings=run_rules(PLAN_RULES, (plan,)),
        missing=tuple(_missing(plan)),
        notes=tuple(_notes(plan, chosen, address)),
    )


def _summary(plan: Planned) -> str:
    counts = [f"{n} {words}" for action, words in _WORDS if (n := plan.count(action))]
    other = [each for each in plan.changes if each.action not in WORST_FIRST]
    counts += [f"{len(other)} with another action"] if other else []
    drift = _drift_words(plan.drift)
    if plan.errored or not plan.complete:
        told = ", ".join(counts) or "no changes found so far"
        return f"{plan.where}: the plan is INCOMPLETE; {told}{drift}."
    if counts:
        worst = plan.changes[0]
        return f"{plan.where}: {', '.join(counts)}; {worst.action} {place(worst.address)}{drift}."
    if plan.outputs:
        outputs = many(len(plan.outputs), "output change")
        return f"{plan.where}: no resource changes, {outputs}{drift}."
    if plan.drift:
        return f"{plan.where}: nothing to apply{drift}."
    verb = "matches" if plan.unchanged == 1 else "match"
    resources = many(plan.unchanged, "resource")
    return f"{plan.where}: no changes; {resources} {verb} the configuration."


def _drift_words(drift: Sequence[Drift]) -> str:
    if not drift:
        return ""
    first = drift[0].change
    told = f"; drift: {len(drift)} changed outside Terraform ({place(first.address)}"
    told += f" {first.fields[0]}" if first.fields and first.action != "destroy" else ""
    left = sum(each.planned == "leave" for each in drift)
    return f"{told})" + (f", {left} of them not touched by this plan" if left else "")


def _facts(plan: Planned) -> dict[str, str | int | float | bool]:
    facts: dict[str, str | int | float | bool] = {
        words.replace(" ", "_"): plan.count(action)
        for action, words in _WORDS
        if action != "forget" or plan.count(action)
    }
    facts |= {"drifted": len(plan.drift), "unchanged": plan.unchanged}
    if plan.serial is not None:
        facts["serial"] = plan.serial
    if plan.kept:
        facts["plan"] = plan.kept
    return facts | {
        "workspace": plan.workspace,
        "backend": plan.backend,
        "terraform_version": plan.version,
    }


def _missing(plan: Planned) -> Iterator[str]:
    if plan.errored:
        yield "planning failed part of the way; there may be more changes"
    if plan.deferred or not plan.complete:
        yield f"{len(plan.deferred) or 'some'} resources are deferred to a later plan"


def _notes(plan: Planned, chosen: Chosen, address: str) -> Iterator[str]:
    if address and not chosen.changes and not chosen.drift:
        yield f"no change or drift has {address!r} in its address"
    if not address and any(each.more or each.unknown for each in chosen.changes):
        yield "address=<one address> gives all attributes of one change, in full"
    if plan.count("replace"):
        yield "Terraform's own summary counts a replacement once to add and once to destroy"
    if plan.reads:
        yield f"{many(plan.reads, 'data source')} read during apply, not before"
    for each in plan.writes:
        yield f"{place(each)} writes its file whenever a plan reads it"
    if plan.kept:
        call = f"plan={plan.kept!r}" + (f", target={spelled(plan.target)}" if plan.target else "")
        yield f"nothing was applied; apply_terraform_plan({call}) applies exactly this"
    elif plan.changes or plan.outputs:
        yield "nothing was applied; the plan was not kept"
