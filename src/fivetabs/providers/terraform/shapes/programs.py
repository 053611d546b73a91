"""What of a plan runs a program when it is applied: provisioners, and resources that are programs.

Source: https://developer.hashicorp.com/terraform/internals/json-format#configuration-representation
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fivetabs.providers.terraform.shapes.changes import ResourceChange
from fivetabs.providers.terraform.shapes.raw import items, mapping
from fivetabs.providers.terraform.shapes.screens import PROGRAMS

# An update in place runs no provisioner; whatever action is not known might.
_SILENT = ("update", "forget", "none", "read")


@dataclass(frozen=True, slots=True)
class Provisioner:
    """A program that runs when the resource is created or destroyed: at apply, never at plan."""

    address: str
    type: str


def programs_on_apply(
    plan: Mapping[str, Any], changes: Sequence[ResourceChange]
) -> Iterator[Provisioner]:
    """Everything that would run, each once, named by its block."""
    patterns = {c.pattern.replace("[*]", "") for c in changes if c.action not in _SILENT}
    for address, kind in _declared(mapping(plan, "configuration", "root_module"), ""):
        if address in patterns:
            yield Provisioner(address, kind)
    for each in changes:
        if each.type in PROGRAMS:
            yield Provisioner(each.address, f"the resource type {each.type}")
    for each in items(plan, "action_invocations"):
        yield Provisioner(str(each.get("address", "an action")), "an action")


def _declared(module: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for each in items(module, "resources"):
        for provisioner in items(each, "provisioners"):
            yield f"{prefix}{each['address']}", str(provisioner.get("type", ""))
    for name, call in mapping(module, "module_calls").items():
        yield from _declared(mapping(call, "module"), f"{prefix}module.{name}.")
