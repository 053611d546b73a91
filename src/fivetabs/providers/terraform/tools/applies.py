"""Applying a plan that was made and shown: exactly that one, or nothing."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field

from fivetabs.core import (
    Blast,
    Call,
    Conflict,
    Denied,
    Fault,
    Invalid,
    Plan,
    Subject,
    Turn,
    Verdict,
    age,
    destroy,
    run_rules,
    term,
)
from fivetabs.providers.terraform.port import SCHEME, Apply, Saved, Standing, Workspaces
from fivetabs.providers.terraform.rules.plans import data_loss, drift, failed_checks, locked
from fivetabs.providers.terraform.shapes.directories import checked
from fivetabs.providers.terraform.shapes.plans import Planned, parse_plan
from fivetabs.providers.terraform.shapes.saving import appliable, fingerprint
from fivetabs.providers.terraform.shapes.values import many, place
from fivetabs.providers.terraform.tools.deltas import deltas

_AGAIN = "run_terraform_plan makes a new plan"
_WORDS = (
    ("destroy", "to destroy"),
    ("replace", "to replace"),
    ("update", "to change"),
    ("create", "to add"),
    ("forget", "to forget"),
)

Where = Annotated[
    str,
    AfterValidator(checked),
    Field(min_length=1, description="Working directory, e.g. 'infra/shop'."),
]
PlanName = Annotated[
    str, Field(pattern=r"^[0-9a-f]{12}$", description="The plan that run_terraform_plan named.")
]


async def _took(workspaces: Workspaces, plan: Plan[Apply], since: datetime) -> Verdict:
    """The state has moved on, and what a plan without a refresh still wants."""
    del since
    step = plan.steps[0]
    try:
        now = await workspaces.standing(step.directory)
        left = "nothing is left to apply"
        if now.left:
            left = f"the configuration would still make {many(now.left, 'change')}: "
            left += "run_terraform_plan shows them"
    except Fault as fault:  # To ask again each second would only plan it again and again.
        raw = (await workspaces.state(step.directory)).state
        now = Standing(int(raw["serial"]) if raw else None, "", 0)
        left = f"what is left could not be told: {fault}"
    if now.serial is None or now.serial <= step.serial:
        told = f"the state of {term(step.directory)} is still at serial {now.serial or 0}"
        return Verdict(Turn.FAILING, told)
    told = f"the state of {term(step.directory)} went from serial {step.serial} to {now.serial}"
    return Verdict(Turn.WELL, f"{told}; {left}")


@destroy(
    example={"directory": "infra/shop", "plan": "666020ff9671"},
    questions=(
        "Apply the terraform plan that you just showed me",
        "Go ahead with that plan: terraform apply on infra/shop",
        "Apply the saved plan for infra/network",
    ),
    title="Apply a Terraform plan",
    verify=_took,
)
async def apply_terraform_plan(
    workspaces: Workspaces, /, directory: Where, plan: PlanName
) -> Plan[Apply]:
    """Apply exactly one plan that run_terraform_plan made, as terraform apply does.

    Shows every create, change, replacement and destroy by address; nothing happens until approved.
    Refuses when the state or the plan's file has changed since.
    """
    saved = await workspaces.saved(directory, plan)
    planned = await asyncio.to_thread(parse_plan, saved.raw)
    _check(saved, planned)
    lost = planned.count("destroy") + planned.count("replace")
    return Plan(
        summary=f"Apply plan {plan} of {planned.where}: {_counted(planned)}",
        steps=(_step(saved),),
        touches=_touches(planned),
        deltas=await asyncio.to_thread(lambda: tuple(deltas(saved.raw, planned))),
        warnings=tuple(_warnings(saved, planned, workspaces.now())),
        irreversible=_no_way_back(lost),
        check=Call("check_terraform_state", {"directory": saved.raw.directory}),
        blast=Blast(destroyed=lost),
        ailing=run_rules((drift, failed_checks), (planned,)),
    )


def _step(saved: Saved) -> Apply:
    return Apply(
        directory=saved.raw.directory,
        path=saved.path,
        sha256=saved.sha256,
        serial=saved.serial,
        lineage=fingerprint(saved.lineage),
    )


def _check(saved: Saved, planned: Planned) -> None:
    """Pass a plan that can be applied as it is, and may be.

    Raises:
        Conflict: If the state has moved on since it was made.
        Invalid: If it is not whole or changes nothing.
        Denied: If it runs programs and the owner does not allow that.
    """
    if saved.moved:
        raise Conflict(
            f"the state of {planned.where} moved on since the plan was made (serial "
            f"{saved.serial}, now {saved.serial_now or 0}); nothing was done",
            hint=_AGAIN,
        )
    if not appliable(saved.raw.plan):
        raise Invalid(f"the plan of {planned.where} is not whole or changes nothing", hint=_AGAIN)
    if planned.provisioners and not saved.runs_allowed:
        runs = ", ".join(f"{place(e.address)} ({term(e.type)})" for e in planned.provisioners)
        raise Denied(
            f"applying this plan of {planned.where} would run programs: {runs}; nothing was done",
            hint="if you trust them, set FIVETABS_TERRAFORM__ALLOW_PROVISIONERS=true; or apply it "
            "by hand",
        )


def _counted(planned: Planned) -> str:
    told = [f"{n} {words}" for action, words in _WORDS if (n := planned.count(action))]
    known = sum(planned.count(action) for action, _ in _WORDS)
    if other := len(planned.changes) - known:
        told.append(f"{other} with another action")
    if planned.outputs:
        told.append(many(len(planned.outputs), "output"))
    return ", ".join(told) or "only the state is rewritten"


def _touches(planned: Planned) -> tuple[Subject, ...]:
    directory = Subject(SCHEME, planned.directory, ())
    changed = (*planned.changes, *planned.moved)
    return tuple(dict.fromkeys((directory, *(directory.within(each.address) for each in changed))))


def _warnings(saved: Saved, planned: Planned, now: datetime) -> Iterator[str]:
    for each in planned.provisioners:
        yield f"runs on apply: {term(each.type)} of {place(each.address)}"
    for finding in run_rules((data_loss, failed_checks, locked), (planned,)):
        yield finding.cause
    yield f"the plan was made {age(saved.made, now)} ago, for state serial {saved.serial}"


def _no_way_back(lost: int) -> str:
    told = "Terraform has no undo: to go back, plan and apply the configuration as it was before"
    return told + (f"; what the {lost} destroyed held is gone" if lost else "")
