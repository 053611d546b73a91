"""The tables of a plan: every row of each, the worst first, and which of them are alike."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fivetabs.core import Cell, Table, quoted
from fivetabs.core.quoting import unmarked
from fivetabs.providers.terraform.shapes.changes import ResourceChange
from fivetabs.providers.terraform.shapes.fields import Field
from fivetabs.providers.terraform.shapes.plans import Drift, Planned
from fivetabs.providers.terraform.shapes.values import (
    UNKNOWN,
    place,
    without_keys,
    worded,
    worded_both,
)

ALIKE = 3
"""More than these of one block are told as one of it."""
_LEFT = {"revert": "changes it back", "change": "changes it", "leave": "leaves it"}.get


@dataclass(frozen=True, slots=True)
class Chosen:
    """The changes and the drift that were asked for."""

    changes: tuple[ResourceChange, ...]
    drift: tuple[Drift, ...]

    @property
    def alone(self) -> str:
        """The address of the only change there is, if there is but one."""
        return self.changes[0].address if len(self.changes) == 1 else ""


def chosen_from(plan: Planned, address: str) -> Chosen:
    """What has a text in its address; where one has it for its address, only that one."""
    exact = any(each.address == address for each in plan.changes)

    def fits(each: ResourceChange) -> bool:
        return each.address == address if exact else address in each.address

    return Chosen(
        tuple(each for each in plan.changes if fits(each)),
        tuple(each for each in plan.drift if fits(each.change)),
    )


def kin(patterns: Sequence[str]) -> tuple[str, ...]:
    """What each address is one of, where more than three are; else nothing."""
    many = {pattern for pattern, count in Counter(patterns).items() if count > ALIKE}
    return tuple(pattern if pattern in many else "" for pattern in patterns)


def tables(plan: Planned, chosen: Chosen, attributes: Sequence[Field]) -> Iterator[Table]:
    """Everything a plan lists. `attributes` are those of the one change that was asked for."""
    yield _changes(chosen.changes)
    yield _attributes(attributes)
    yield _drift(chosen.drift)
    yield _table(
        "Outputs",
        ("action", "name", "value"),
        [(o.action, place(o.address), _value(o)) for o in plan.outputs],
    )
    yield _table(
        "Moved or imported",
        ("address", "from"),
        [(place(m.address), place(m.moved_from) or "(imported)") for m in plan.moved],
    )
    warnings = (each for each in plan.diagnostics if each.severity == "warning")
    yield _table("Terraform warns", ("warning",), [(quoted(str(each)),) for each in warnings])
    yield _table("Deferred", ("address",), [(place(each),) for each in plan.deferred])


def _table(title: str, columns: tuple[str, ...], rows: Sequence[tuple[Cell, ...]]) -> Table:
    return Table(title=title, columns=columns, rows=tuple(rows), total=len(rows))


def _changes(changes: Sequence[ResourceChange]) -> Table:
    return Table(
        title="Changes",
        columns=("action", "address", "attributes", "forced by"),
        rows=tuple(
            (c.action, place(c.address), _fields(c), ", ".join(map(place, c.forced_by)))
            for c in changes
        ),
        total=len(changes),
        kin=kin([place(each.pattern) for each in changes]),
        fold_on=("action", "forced by"),
    )


def _drift(drift: Sequence[Drift]) -> Table:
    return Table(
        title="Drift (state → reality)",
        columns=("address", "attributes", "this plan"),
        rows=tuple(
            (place(each.change.address), _fields(each.change), _LEFT(each.planned, ""))
            for each in drift
        ),
        total=len(drift),
        kin=kin([place(each.change.pattern) for each in drift]),
        fold_on=("this plan",),
    )


def _attributes(fields: Sequence[Field]) -> Table:
    return Table(
        title="Attributes",
        columns=("attribute", "before", "after", "forces"),
        rows=tuple(
            (place(f.path), worded(f.before), worded(f.after), "replacement" if f.forces else "")
            for f in fields
        ),
        total=len(fields),
        kin=kin([place(without_keys(each.path)) for each in fields]),
        fold_on=("before", "after", "forces"),
    )


def _value(output: ResourceChange) -> str:
    return worded_both(output.fields[0].before, output.fields[0].after)


def _fields(change: ResourceChange) -> str:
    """The attributes that differ; how many more there are, and how many nobody knows yet."""
    if change.action in ("destroy", "forget"):
        return change.reason or "all"
    created = change.action == "create"
    known = [field for field in change.fields if field.after != UNKNOWN]
    told = "; ".join(f"{place(f.path)}: {worded(f.after)}" if created else str(f) for f in known)
    whole = quoted(told) if told != unmarked(told) else told
    left = (
        (change.more, "more"),
        (len(change.fields) - len(known) + change.unknown, "known after apply"),
    )
    return "; ".join(
        part for part in (whole, *(f"+{count} {words}" for count, words in left if count)) if part
    )
