"""The exact difference that a person agrees to: every resource by its address, destroys first."""

from collections.abc import Iterator, Mapping

from fivetabs.core import Delta, term
from fivetabs.providers.terraform.port import PlanRaw
from fivetabs.providers.terraform.shapes.changes import ResourceChange
from fivetabs.providers.terraform.shapes.fields import Field
from fivetabs.providers.terraform.shapes.plans import Planned, parse_changed
from fivetabs.providers.terraform.shapes.values import UNKNOWN, many, place, worded

Differences = Mapping[str, tuple[Field, ...]]


def deltas(raw: PlanRaw, planned: Planned) -> Iterator[Delta]:
    """One for each destroy, replacement, program, creation, and each attribute that changes."""
    fields = parse_changed(raw)
    for each in planned.changes:
        if each.action not in ("update", "create", "forget"):
            yield from _lost(each, fields)
    for each in planned.provisioners:
        yield Delta(f"run {term(each.type)}", "not run", f"runs for {place(each.address)}")
    for each in planned.changes:
        if each.action == "update":
            yield from _updated(each, fields)
        elif each.action == "create":
            yield Delta(f"create {place(each.address)}", "not there", _made(each))
        elif each.action == "forget":
            yield Delta(f"forget {place(each.address)}", "managed", "there, no longer managed")
    yield from _beside(planned)


def _lost(change: ResourceChange, fields: Differences) -> Iterator[Delta]:
    address = place(change.address)
    deposed = " (its deposed object)" if change.deposed else ""
    if change.action == "destroy":
        why = f" ({change.reason})" if change.reason else ""
        yield Delta(f"destroy {address}{deposed}", "there", f"gone{why}")
        return
    forced = [place(path) for path in change.forced_by]
    cause = f"{', '.join(forced)} forces it" if forced else change.reason
    told = "destroyed and created anew" if change.action == "replace" else "changed"
    action = term(change.action)
    yield Delta(f"{action} {address}{deposed}", "there", f"{told}{f': {cause}' if cause else ''}")
    yield from _updated(change, fields)


def _updated(change: ResourceChange, fields: Differences) -> Iterator[Delta]:
    """Each attribute that differs; those only known afterwards are counted."""
    mine = fields.get(change.address, ())
    known = [each for each in mine if each.after != UNKNOWN]
    for each in known:
        name = f"{term(change.action)} {place(change.address)} {place(each.path)}"
        yield Delta(name, worded(each.before), worded(each.after))
    if unknown := len(mine) - len(known):
        told = f"{many(unknown, 'attribute')} known after apply"
        yield Delta(f"{change.action} {place(change.address)}", f"{unknown} as they are", told)


def _made(change: ResourceChange) -> str:
    known = [each for each in change.fields if each.after != UNKNOWN]
    told = ", ".join(f"{place(each.path)} = {worded(each.after)}" for each in known)
    more = change.more + change.unknown + len(change.fields) - len(known)
    return "; ".join(filter(None, (told, f"{more} more attributes" if more else ""))) or "there"


def _beside(planned: Planned) -> Iterator[Delta]:
    for each in planned.moved:
        how = f"move {place(each.moved_from)}" if each.moved_from else "import"
        yield Delta(how, "-", place(each.address))
    for each in planned.outputs:
        for field in each.fields:
            name = f"{each.action} output {place(each.address)}"
            yield Delta(name, worded(field.before), worded(field.after))
