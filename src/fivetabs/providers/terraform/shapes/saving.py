"""A saved plan: its name, and whether there is anything in it to be applied. Pure."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from fivetabs.providers.terraform.shapes.raw import items, mapping

_NAME_LENGTH = 12
_NOTHING: tuple[list[str], ...] = (["no-op"], ["read"], [])


def name_of(digest: str) -> str:
    """The name of the plan whose file has this SHA-256 (12 hex digits)."""
    return digest[:_NAME_LENGTH]


def fingerprint(lineage: str) -> str:
    """A state's lineage as a step carries it: whoever writes the state may write anything there."""
    return sha256(lineage.encode()).hexdigest()


def appliable(plan: Mapping[str, Any]) -> bool:
    """Whether a plan is whole and changes anything, be it only an output or the state."""
    if plan.get("errored") or not plan.get("complete", True):
        return False
    if isinstance(told := plan.get("applyable"), bool):
        return told
    return left_in(plan) > 0


def left_in(plan: Mapping[str, Any]) -> int:
    """How many resources and outputs a plan changes."""
    changes = [*items(plan, "resource_changes"), *mapping(plan, "output_changes").values()]
    return sum((each.get("change") or each).get("actions", []) not in _NOTHING for each in changes)
