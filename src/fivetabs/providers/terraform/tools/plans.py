"""What apply would do, and what was changed behind Terraform's back."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated

from pydantic import AfterValidator, Field

from fivetabs.core import Detail, Table, read, run_rules, term
from fivetabs.providers.terraform.port import Workspaces
from fivetabs.providers.terraform.rules.plans import PLAN_RULES
from fivetabs.providers.terraform.shapes.changes import ResourceChange
from fivetabs.providers.terraform.shapes.directories import checked
from fivetabs.providers.terraform.shapes.fields import said
from fivetabs.providers.terraform.shapes.plans import WORST_FIRST, Drift, Planned, parse_plan
from fivetabs.providers.terraform.shapes.values import UNKNOWN, many

Directory = Annotated[
    str,
    AfterValidator(checked),
    Field(description="Working directory, e.g. 'infra/shop'; optional when only one."),
]
_FEW = 6
_FIELDS = 4
_ALIKE = 3
# Characters a table may have, so that the worst plan stays within an answer's budget.
_CHANGES, _DRIFT, _OUTPUTS = 2000, 600, 400
_WORDS = (
    ("create", "to add"),
    ("update", "to change"),
    ("replace", "to replace"),
    ("destroy", "to destroy"),
    ("forget", "to forget"),
)
_LEFT = {"revert": "changes it back", "change": "changes it", "leave": "leaves it"}.get


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
    after, and drift made outside the configuration. Applies, locks and writes nothing. For outputs
    and serial use check_terraform_state.
    """
    raw = await workspaces.plan(directory)
    plan = await asyncio.to_thread(parse_plan, raw)
    changes = [each for each in plan.changes if address in each.address]
    drift = [each for each in plan.drift if address in each.change.address]
    return Detail(
        summary=_summary(plan),
        facts=_facts(plan),
        tables=tuple(each for each in _tables(plan, changes, drift) if each.rows),
        findings=run_rules(PLAN_RULES, (plan,)),
        missing=tuple(_missing(plan)),
        notes=tuple(_notes(plan, changes, drift, address)),
    )


def _summary(plan: Planned) -> str:
    where = term(plan.directory)
    counts = [f"{n} {words}" for action, words in _WORDS if (n := plan.count(action))]
    other = [each for each in plan.changes if each.action not in WORST_FIRST]
    counts += [f"{len(other)} with another action"] if other else []
    drift = _drift_words(plan.drift)
    if plan.errored or not plan.complete:
        told = ", ".join(counts) or "no changes found so far"
        return f"{where}: the plan is INCOMPLETE; {told}{drift}."
    if counts:
        worst = plan.changes[0]
        return f"{where}: {', '.join(counts)}; {worst.action} {term(worst.address)}{drift}."
    if plan.outputs:
        outputs = many(len(plan.outputs), "output change")
        return f"{where}: no resource changes, {outputs}{drift}."
    if plan.drift:
        return f"{where}: nothing to apply{drift}."
    verb = "matches" if plan.unchanged == 1 else "match"
    resources = many(plan.unchanged, "resource")
    return f"{where}: no changes; {resources} {verb} the configuration."


def _drift_words(drift: Sequence[Drift]) -> str:
    if not drift:
        return ""
    first = drift[0].change
    told = f"; drift: {len(drift)} changed outside Terraform ({term(first.address)}"
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
    return facts | {
        "workspace": plan.workspace,
        "backend": plan.backend,
        "terraform_version": plan.version,
    }


def _tables(
    plan: Planned, changes: Sequence[ResourceChange], drift: Sequence[Drift]
) -> Iterator[Table]:
    yield Table(
        title="Changes",
        columns=("action", "address", "attributes", "forced by"),
        rows=_shown(changes),
        total=len(changes),
    )
    fields = _FIELDS if len(drift) <= _FEW else 1
    found = (
        (term(each.change.address), _fields(each.change, fields), _LEFT(each.planned, ""))
        for each in drift
    )
    yield Table(
        title="Drift (state → reality)",
        columns=("address", "attributes", "this plan"),
        rows=_fitting(found, _DRIFT),
        total=len(drift),
    )
    outputs = ((each.action, term(each.address), each.fields[0].move) for each in plan.outputs)
    yield Table(
        title="Outputs",
        columns=("action", "name", "value"),
        rows=_fitting(outputs, _OUTPUTS),
        total=len(plan.outputs),
    )


def _shown(changes: Sequence[ResourceChange]) -> tuple[tuple[str, ...], ...]:
    """Rows of every action, worst first, each action with its share of the room."""
    rows = tuple(_rows(changes))
    actions = tuple(dict.fromkeys(row[0] for row in rows))
    if sum(len(cell) for row in rows for cell in row) <= _CHANGES:
        return rows
    return tuple(
        row
        for action in actions
        for row in _fitting((r for r in rows if r[0] == action), _CHANGES // len(actions))
    )


def _fitting(rows: Iterable[tuple[str, ...]], most: int) -> tuple[tuple[str, ...], ...]:
    """The first rows that fit, and one in any case."""
    fitting: list[tuple[str, ...]] = []
    for row in rows:
        most -= sum(map(len, row))
        if fitting and most < 0:
            break
        fitting.append(row)
    return tuple(fitting)


def _rows(changes: Sequence[ResourceChange]) -> Iterator[tuple[str, str, str, str]]:
    groups: dict[tuple[str, str], list[ResourceChange]] = {}
    for each in changes:
        groups.setdefault((each.action, each.pattern), []).append(each)
    fields = _FIELDS if len(groups) <= _FEW else 1
    for (action, pattern), group in groups.items():
        if len(group) > _ALIKE:
            first = group[0]
            told = f"e.g. {term(first.address)}: {_fields(first, fields)}"
            yield action, f"{term(pattern)} ({len(group)} alike)", told, _forced(first)
        else:
            for each in group:
                yield action, term(each.address), _fields(each, fields), _forced(each)


def _forced(change: ResourceChange) -> str:
    return ", ".join(map(term, change.forced_by))


def _fields(change: ResourceChange, most: int) -> str:
    if change.action in ("destroy", "forget"):
        return change.reason or "all"
    created = change.action == "create"
    known = [field for field in change.fields if field.after != UNKNOWN]
    told = [f"{term(f.path)}: {said(f.after)}" if created else str(f) for f in known[:most]]
    left = (
        (len(known) - len(told) + change.more, "more"),
        (len(change.fields) - len(known) + change.unknown, "known after apply"),
    )
    told += [f"+{count} {words}" for count, words in left if count]
    return "; ".join(told)


def _missing(plan: Planned) -> Iterator[str]:
    if plan.errored:
        yield "planning failed part of the way; there may be more changes"
    if plan.deferred or not plan.complete:
        yield f"{len(plan.deferred) or 'some'} resources are deferred to a later plan"


def _notes(
    plan: Planned, changes: Sequence[ResourceChange], drift: Sequence[Drift], address: str
) -> Iterator[str]:
    if address and not changes and not drift:
        yield f"no change or drift has {address!r} in its address"
    if left := len(tuple(_rows(changes))) - len(_shown(changes)):
        yield f"{left} more rows of changes; narrow with address=…"
    if plan.count("replace"):
        yield "Terraform's own summary counts a replacement once to add and once to destroy"
    if plan.moved:
        names = ", ".join(term(each.address) for each in plan.moved[:_ALIKE])
        yield f"{len(plan.moved)} resources only change address or are imported: {names}"
    if plan.reads:
        yield f"{many(plan.reads, 'data source')} read during apply, not before"
    for each in [w for w in plan.diagnostics if w.severity == "warning"][:_ALIKE]:
        yield f"terraform warns: {each}"
    for each in plan.writes:
        yield f"{term(each)} writes its file whenever a plan reads it"
    if plan.changes or plan.outputs:
        yield "nothing was applied; the plan was not kept"
