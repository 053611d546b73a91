"""One change of one resource, as `terraform show -json` writes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, cast

from fivetabs.core import term
from fivetabs.providers.terraform.shapes.fields import (
    Field,
    Sides,
    differences,
    forces,
    parse_field,
)
from fivetabs.providers.terraform.shapes.masks import any_marked
from fivetabs.providers.terraform.shapes.raw import mapping
from fivetabs.providers.terraform.shapes.values import WHOLE, show_path, without_keys

# https://developer.hashicorp.com/terraform/internals/json-format#change-representation
ACTIONS: Mapping[tuple[str, ...], str] = MappingProxyType(
    {
        ("no-op",): "none",
        ("create",): "create",
        ("read",): "read",
        ("update",): "update",
        ("delete",): "destroy",
        ("delete", "create"): "replace",
        ("create", "delete"): "replace",
        ("forget",): "forget",
        ("create", "forget"): "replace",
    }
)
REASONS: Mapping[str, str] = MappingProxyType(
    {
        "replace_because_tainted": "it is tainted",
        "replace_because_cannot_update": "it cannot be updated in place",
        "replace_by_request": "a replacement was asked for",
        "replace_by_triggers": "replace_triggered_by",
        "delete_because_no_resource_config": "it is no longer in the configuration",
        "delete_because_no_module": "its module is no longer in the configuration",
        "delete_because_wrong_repetition": "count or for_each was added or removed",
        "delete_because_count_index": "its index is beyond count",
        "delete_because_each_key": "its key is no longer in for_each",
        "delete_because_no_move_target": "it was moved to an address that is not there",
    }
)
_FIELDS = 6
_WHOLE = ("none", "read", "destroy", "forget")


@dataclass(frozen=True, slots=True)
class ResourceChange:
    """What would happen, or outside Terraform did happen, to one resource.

    `fields` are the first attributes that differ, those that force a replacement before the others
    and those only known after apply last; `more` and `unknown` count what is left of either kind.
    """

    address: str
    type: str
    mode: str
    action: str
    fields: tuple[Field, ...] = ()
    more: int = 0
    unknown: int = 0
    reason: str = ""
    forced_by: tuple[str, ...] = ()
    moved_from: str = ""
    imported: bool = False
    deposed: str = ""

    @property
    def pattern(self) -> str:
        """The address without its keys, under which instances of one block are alike."""
        return without_keys(self.address)


def parse_change(raw: Mapping[str, Any], secrets: frozenset[str]) -> ResourceChange:
    """An entry of `resource_changes` or `resource_drift`."""
    change = mapping(raw, "change")
    actions = tuple(str(each) for each in change.get("actions") or ("no-op",))
    action = ACTIONS.get(actions, " and ".join(actions))
    paths = cast("list[list[str | int]]", change.get("replace_paths") or [])
    forced = tuple(dict.fromkeys(show_path(path) for path in paths))
    found = [] if action in _WHOLE else list(differences(sides_of(raw)))
    unknown = [each for each in found if any_marked(each[1].unknown)]
    known = [each for each in found if not any_marked(each[1].unknown)]
    known.sort(key=lambda each: not forces(each[0], forced))
    told = (known + unknown)[:_FIELDS]
    reason = str(raw.get("action_reason", ""))
    return ResourceChange(
        address=str(raw["address"]),
        type=str(raw.get("type", "")),
        mode=str(raw.get("mode", "managed")),
        action=action,
        fields=tuple(parse_field(path, sides, secrets, forced) for path, sides in told),
        more=max(0, len(known) - _FIELDS),
        unknown=min(len(unknown), len(found) - len(told)),
        reason=REASONS.get(reason) or term(reason).replace("_", " "),
        forced_by=forced,
        moved_from=str(raw.get("previous_address", "")),
        imported=bool(change.get("importing")),
        deposed=str(raw.get("deposed", "")),
    )


def parse_attributes(
    raw: Mapping[str, Any], secrets: frozenset[str], *, longest: int = WHOLE
) -> tuple[Field, ...]:
    """Every attribute that differs in an entry, masked, each value with so many characters."""
    change = mapping(raw, "change")
    paths = cast("list[list[str | int]]", change.get("replace_paths") or [])
    forced = tuple(dict.fromkeys(show_path(path) for path in paths))
    return tuple(
        parse_field(path, sides, secrets, forced, longest=longest)
        for path, sides in differences(sides_of(raw))
    )


def sides_of(raw: Mapping[str, Any]) -> Sides:
    """Both sides of an entry's change, as they are."""
    change = mapping(raw, "change")
    return Sides(
        change.get("before"),
        change.get("after"),
        change.get("after_unknown"),
        (change.get("before_sensitive"), change.get("after_sensitive")),
    )
