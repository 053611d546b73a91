"""The states below the allowed folders as they were read once; no attribute is kept but names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fivetabs.core import Subject
from fivetabs.providers.terraform.port import SCHEME, StateRaw
from fivetabs.providers.terraform.shapes.identities import identities
from fivetabs.providers.terraform.shapes.raw import items, mapping
from fivetabs.providers.terraform.shapes.states import State, address_of, instances_of


@dataclass(frozen=True, slots=True)
class Known:
    """One state, and the names of what its resources made, by address."""

    state: State
    names: Mapping[str, tuple[str, ...]]

    def subject(self, address: str = "") -> Subject:
        """An address of this directory; without one the directory itself."""
        return Subject(SCHEME, self.state.directory, (address,) if address else ())


@dataclass(frozen=True, slots=True)
class Unread:
    """A directory whose state is broken in itself, in Terraform's own words."""

    directory: str
    status: str
    words: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What `load` read; `missing` says what could not be asked at all."""

    now: datetime
    known: tuple[Known, ...]
    unread: tuple[Unread, ...]
    missing: tuple[str, ...]


def names_in(raw: StateRaw) -> dict[str, tuple[str, ...]]:
    """The names of every managed resource that has any."""
    found: dict[str, tuple[str, ...]] = {}
    for block, each in instances_of(raw.state or {}):
        if block.get("mode", "managed") == "managed":
            names = tuple(identities(str(block["type"]), mapping(each, "attributes")))
            if names:
                found[address_of(block, each)] = names
    return found


def rewritten(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What the last write did to each address: created, removed or changed. No values."""
    old, new = _by_address(before), _by_address(after)
    for address in sorted({*old, *new}):
        if address not in old:
            yield address, "created"
        elif address not in new:
            yield address, "removed"
        elif old[address] != new[address]:
            yield address, "changed"


def _by_address(state: Mapping[str, Any]) -> dict[str, Any]:
    return {
        address_of(block, each): each.get("attributes")
        for block in items(state, "resources")
        if block.get("mode", "managed") == "managed"
        for each in items(block, "instances")
    }
