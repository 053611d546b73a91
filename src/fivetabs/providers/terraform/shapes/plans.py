"""A plan, as `terraform show -json` writes it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fivetabs.core import term
from fivetabs.providers.terraform.port import PlanRaw
from fivetabs.providers.terraform.shapes.changes import (
    ResourceChange,
    parse_attributes,
    parse_change,
    sides_of,
)
from fivetabs.providers.terraform.shapes.checks import Check, parse_plan_checks
from fivetabs.providers.terraform.shapes.diagnostics import Diagnostic, parse_diagnostic
from fivetabs.providers.terraform.shapes.fields import Field, differences
from fivetabs.providers.terraform.shapes.locks import Lock, parse_lock
from fivetabs.providers.terraform.shapes.masks import marked
from fivetabs.providers.terraform.shapes.programs import Provisioner, programs_on_apply
from fivetabs.providers.terraform.shapes.raw import items, mapping
from fivetabs.providers.terraform.shapes.values import LINE

WORST_FIRST = ("destroy", "replace", "update", "create", "forget")


@dataclass(frozen=True, slots=True)
class Drift:
    """What changed outside Terraform, and what the plan does about it: revert, change or leave."""

    change: ResourceChange
    planned: str


@dataclass(frozen=True, slots=True)
class Planned:
    """Everything a plan says. `changes` are those that apply would make, worst first."""

    directory: str
    workspace: str
    backend: str
    version: str
    serial: int | None = None
    changes: tuple[ResourceChange, ...] = ()
    drift: tuple[Drift, ...] = ()
    outputs: tuple[ResourceChange, ...] = ()
    moved: tuple[ResourceChange, ...] = ()
    checks: tuple[Check, ...] = ()
    provisioners: tuple[Provisioner, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    deferred: tuple[str, ...] = ()
    unchanged: int = 0
    reads: int = 0
    complete: bool = True
    errored: bool = False
    lock: Lock | None = None
    writes: tuple[str, ...] = ()
    kept: str = ""
    target: str = ""

    @property
    def where(self) -> str:
        """The directory in a sentence: whoever wrote the repository chose its name."""
        return term(self.directory)

    def count(self, action: str) -> int:
        """How many resources have this planned action."""
        return sum(change.action == action for change in self.changes)


def parse_plan(raw: PlanRaw) -> Planned:
    """Read the plan; sensitive values do not survive this."""
    plan = raw.plan
    secrets = frozenset(secrets_of_plan(plan))
    entries = [parse_change(each, secrets) for each in items(plan, "resource_changes")]
    managed = [each for each in entries if each.mode == "managed"]
    changes = [each for each in managed if each.action not in ("none", "read")]
    return Planned(
        directory=raw.directory,
        workspace=term(raw.workspace),
        backend=term(raw.backend),
        version=term(str(plan.get("terraform_version", ""))),
        serial=raw.serial,
        changes=tuple(sorted(changes, key=_worst)),
        drift=tuple(_drift(plan, secrets)),
        outputs=tuple(_outputs(plan, secrets)),
        moved=tuple(each for each in managed if each.moved_from or each.imported),
        checks=parse_plan_checks(plan.get("checks")),
        provisioners=tuple(programs_on_apply(plan, changes)),
        diagnostics=tuple(parse_diagnostic(each) for each in raw.diagnostics),
        deferred=tuple(_deferred(plan)),
        unchanged=len(managed) - len(changes),
        reads=sum(each.mode == "data" and each.action == "read" for each in entries),
        complete=bool(plan.get("complete", True)),
        errored=bool(plan.get("errored", False)),
        lock=parse_lock(raw.lock),
        writes=raw.writes,
        kept=raw.kept,
        target=raw.target,
    )


def parse_differences(raw: PlanRaw, address: str) -> tuple[Field, ...]:
    """Every attribute that a planned change of one resource touches, in full and masked."""
    secrets = frozenset(secrets_of_plan(raw.plan))
    entries = (e for e in items(raw.plan, "resource_changes") if e["address"] == address)
    return tuple(field for entry in entries for field in parse_attributes(entry, secrets))


def parse_changed(raw: PlanRaw) -> Mapping[str, tuple[Field, ...]]:
    """The same of every resource that is updated or replaced, by address, each value on a line."""
    secrets = frozenset(secrets_of_plan(raw.plan))
    return {
        str(each["address"]): parse_attributes(each, secrets, longest=LINE)
        for each in items(raw.plan, "resource_changes")
        if len(mapping(each, "change").get("actions") or ()) > 1
        or mapping(each, "change").get("actions") == ["update"]
    }


def _worst(change: ResourceChange) -> tuple[int, str]:
    known = change.action in WORST_FIRST
    return (WORST_FIRST.index(change.action) if known else 0, change.address)


def _drift(plan: Mapping[str, Any], secrets: frozenset[str]) -> Iterator[Drift]:
    raw_changes = {str(each["address"]): each for each in items(plan, "resource_changes")}
    for raw in items(plan, "resource_drift"):
        drift = parse_change(raw, secrets)
        # A move that is not yet in the state is listed as drift too, and is none.
        if drift.fields or drift.action not in ("none", "update"):
            yield Drift(drift, _planned(raw, raw_changes.get(drift.address)))


def _planned(drift: Mapping[str, Any], change: Mapping[str, Any] | None) -> str:
    actions = mapping(change or {}, "change").get("actions") or ["no-op"]
    if change is None or actions in (["no-op"], ["read"]):
        return "leave"
    if mapping(drift, "change").get("after") is None:
        return "revert" if actions == ["create"] else "change"
    planned = {path: sides.after for path, sides in differences(sides_of(change))}
    undone = (
        path in planned and planned[path] == sides.before
        for path, sides in differences(sides_of(drift))
    )
    return "revert" if any(undone) else "change"


def _outputs(plan: Mapping[str, Any], secrets: frozenset[str]) -> Iterator[ResourceChange]:
    for name, change in mapping(plan, "output_changes").items():
        # Under its own name, so that a secret is known by it.
        wrapped = {
            **change,
            **{
                key: {name: change.get(key)}
                for key in ("before", "after", "after_unknown", "before_sensitive")
            },
            "after_sensitive": {name: change.get("after_sensitive")},
        }
        output = parse_change({"address": name, "change": wrapped}, secrets)
        if output.action != "none":
            yield output if output.fields else _quiet(output, name)


def _quiet(output: ResourceChange, name: str) -> ResourceChange:
    return ResourceChange(name, "", "output", output.action, (Field(name, "?", "?"),))


def _deferred(plan: Mapping[str, Any]) -> Iterator[str]:
    for each in items(plan, "deferred_changes"):
        address = str(mapping(each, "resource_change").get("address", "a resource"))
        why = term(str(each.get("reason", "unknown"))).replace("_", " ")
        yield f"{address} ({why})"


def secrets_of_plan(plan: Mapping[str, Any]) -> Iterator[str]:
    """Everything that the plan marks as sensitive."""
    root = mapping(plan, "configuration", "root_module")
    declared = mapping(root, "variables")
    for name, variable in mapping(plan, "variables").items():
        yield from marked(variable.get("value"), mapping(declared, name).get("sensitive"))
    changes = [*items(plan, "resource_changes"), *items(plan, "resource_drift")]
    outputs = mapping(plan, "output_changes")
    for change in (*(mapping(each, "change") for each in changes), *outputs.values()):
        yield from marked(change.get("before"), change.get("before_sensitive"))
        yield from marked(change.get("after"), change.get("after_sensitive"))
