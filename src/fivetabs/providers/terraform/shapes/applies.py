"""What an apply did, from the messages of `terraform apply -json`.

Source: https://developer.hashicorp.com/terraform/internals/machine-readable-ui
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from fivetabs.core import term
from fivetabs.providers.terraform.shapes.diagnostics import Diagnostic, parse_diagnostic
from fivetabs.providers.terraform.shapes.raw import mapping
from fivetabs.providers.terraform.shapes.values import place

_DONE: Mapping[str, str] = MappingProxyType(
    {"create": "created", "update": "changed", "delete": "destroyed", "read": "read"}
)
_ORDER = ("destroyed", "created", "changed")
_NAMED = 20
_STALE = "Saved plan is stale"
_LOCKED = "Error acquiring the state lock"


@dataclass(frozen=True, slots=True)
class Applied:
    """What was finished, as (what, address); what was begun and not heard of again; what failed."""

    done: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]
    failed: tuple[str, ...]
    problems: tuple[Diagnostic, ...]

    @property
    def begun(self) -> bool:
        """Whether anything was begun at all."""
        return bool(self.done or self.unknown or self.failed)

    @property
    def stale(self) -> bool:
        """Whether terraform refused the plan because the state is another one by now."""
        return any(_STALE in each.summary for each in self.problems)

    @property
    def locked(self) -> bool:
        """Whether somebody else holds the state."""
        return any(_LOCKED in each.summary for each in self.problems)

    @property
    def told(self) -> str:
        """What was done, destroyed things first: `1 destroyed: a; 2 created: b, c`."""
        parts: list[str] = []
        for what in (*_ORDER, *sorted({w for w, _ in self.done} - {*_ORDER, "read"})):
            names = sorted(place(address) for each, address in self.done if each == what)
            if names:
                parts.append(f"{len(names)} {what}: {_some(names)}")
        return "; ".join(parts) or "nothing"


def action_done(action: str) -> str:
    """`created` of terraform's `create`."""
    return _DONE.get(action) or term(action)


def parse_applied(messages: Iterable[Mapping[str, Any]]) -> Applied:
    """Read every message in order."""
    done: list[tuple[str, str]] = []
    open_: dict[str, None] = {}
    failed: list[str] = []
    problems: list[Diagnostic] = []
    for each in messages:
        hook = mapping(each, "hook")
        address = str(mapping(hook, "resource").get("addr", ""))
        match each.get("type"):
            case "apply_start":
                open_[address] = None
            case "apply_complete":
                open_.pop(address, None)
                done.append((action_done(str(hook.get("action", ""))), address))
            case "apply_errored":
                open_.pop(address, None)
                failed.append(address)
            case "diagnostic":
                problems.append(parse_diagnostic(mapping(each, "diagnostic")))
            case _:
                pass
    errors = tuple(each for each in problems if each.severity == "error")
    return Applied(tuple(done), tuple(open_), tuple(failed), errors)


def story(applied: Applied) -> str:
    """What was and what was not done, when an apply came to a bad end."""
    told = f"done: {applied.told}"
    if applied.failed:
        told += f"; failed: {_some([*map(place, applied.failed)])}"
    if applied.unknown:
        told += f"; begun, and not known whether done: {_some([*map(place, applied.unknown)])}"
    return told


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
