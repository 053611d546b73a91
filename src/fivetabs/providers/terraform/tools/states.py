"""What Terraform remembers of a directory."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import Field

from fivetabs.core import Detail, Table, age, did_you_mean, read, run_rules, stamp
from fivetabs.providers.terraform.port import StateRaw, Workspaces
from fivetabs.providers.terraform.rules.states import STATE_RULES
from fivetabs.providers.terraform.shapes.states import (
    Resource,
    State,
    parse_attributes,
    parse_state,
)
from fivetabs.providers.terraform.shapes.values import many, place, worded
from fivetabs.providers.terraform.tools.plans import Directory
from fivetabs.providers.terraform.tools.tables import kin

_MANY = 25


@read(
    title="Check a Terraform state",
    example={"directory": "infra/shop"},
    questions=(
        "What is in the terraform state of infra/shop?",
        "Which resources does terraform manage, and what is the state serial?",
        "What are the terraform outputs of infra/shop?",
    ),
)
async def check_terraform_state(
    workspaces: Workspaces,
    /,
    directory: Directory = "",
    address: Annotated[
        str, Field(description="Only addresses containing this; one: details.")
    ] = "",
) -> Detail:
    """Check what is in the Terraform state of a directory, as last applied.

    Returns serial, version, lock, the resources Terraform manages (counted by type, tainted first)
    and outputs, sensitive values masked. Does not refresh; for changes and drift use
    run_terraform_plan.
    """
    raw = await workspaces.state(directory)
    state = await asyncio.to_thread(parse_state, raw)
    if state.serial is None:
        return _never_applied(state)
    chosen = _chosen(state, address)
    return Detail(
        summary=_summary(state),
        facts=_facts(state, workspaces),
        tables=tuple(each for each in _tables(raw, state, chosen, address) if each.rows),
        findings=run_rules(STATE_RULES, (state,)),
        notes=tuple(_notes(state, chosen, address)),
    )


def _chosen(state: State, address: str) -> list[Resource]:
    """What has a text in its address, or the one that has it for its address; the sick first."""
    exact = [each for each in state.resources if each.address == address]
    return sorted(
        exact or (each for each in state.resources if address in each.address),
        key=lambda each: (not each.status, each.mode == "data", each.address),
    )


def _never_applied(state: State) -> Detail:
    return Detail(
        summary=f"{state.where} has no state: nothing was ever applied here.",
        facts={"workspace": state.workspace, "backend": state.backend},
        findings=run_rules(STATE_RULES, (state,)),
        notes=("run_terraform_plan shows what a first apply would create",),
    )


def _summary(state: State) -> str:
    managed = [each for each in state.resources if each.mode == "managed"]
    sick = [each for each in state.resources if each.status]
    worst = f", {len(sick)} of them {_statuses(sick)}" if sick else ""
    kinds = many(len({each.type for each in managed}), "type")
    return (
        f"{state.where}: serial {state.serial}, {many(len(managed), 'resource')} of {kinds}"
        f"{worst}, {many(len(state.outputs), 'output')}."
    )


def _statuses(sick: Sequence[Resource]) -> str:
    counts = Counter(each.status for each in sick)
    return " or ".join(f"{status} ({place(sick[0].address)})" for status in counts)


def _facts(state: State, workspaces: Workspaces) -> dict[str, str | int | float | bool]:
    facts: dict[str, str | int | float | bool] = {
        "serial": state.serial or 0,
        "lineage": state.lineage,
        "terraform_version": state.version,
        "workspace": state.workspace,
        "backend": state.backend,
        "resources": sum(each.mode == "managed" for each in state.resources),
        "data_sources": sum(each.mode == "data" for each in state.resources),
    }
    if state.modified:
        facts["written"] = f"{age(state.modified, workspaces.now())} ago, {stamp(state.modified)}"
    passed = sum(each.status == "pass" for each in state.checks)
    if state.checks:
        facts["checks_passed"] = f"{passed} of {len(state.checks)}"
    return facts


def _tables(
    raw: StateRaw, state: State, chosen: Sequence[Resource], address: str
) -> Iterator[Table]:
    counts = Counter(each.type for each in chosen)
    if len(chosen) > _MANY:
        yield Table(
            title="Resources by type",
            columns=("type", "count"),
            rows=tuple((place(kind), count) for kind, count in counts.most_common()),
            total=len(counts),
        )
    yield _resources(chosen)
    if address and len(chosen) == 1:
        values = parse_attributes(raw, chosen[0].address)
        rows = tuple((place(path), worded(value)) for path, value in values)
        yield Table(title="Attributes", columns=("attribute", "value"), rows=rows, total=len(rows))
    if not address:
        outputs = tuple((place(each.name), worded(each.value)) for each in state.outputs)
        yield Table(title="Outputs", columns=("name", "value"), rows=outputs, total=len(outputs))


def _resources(chosen: Sequence[Resource]) -> Table:
    return Table(
        title="Resources",
        columns=("address", "provider", "id", "status"),
        rows=tuple(
            (
                place(each.address),
                place(each.provider),
                worded(each.identity),
                each.status or "ok",
            )
            for each in chosen
        ),
        total=len(chosen),
        kin=kin([place(each.pattern) for each in chosen]),
        fold_on=("provider", "status"),
    )


def _notes(state: State, chosen: Sequence[Resource], address: str) -> Iterator[str]:
    if address and not chosen:
        known = [each.address for each in state.resources]
        yield did_you_mean(address, known, otherwise=f"no address contains {address!r}")
    if not state.resources:
        yield "the state is there and empty: everything was destroyed or removed from it"
