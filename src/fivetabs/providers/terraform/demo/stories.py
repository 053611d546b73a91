"""A demo directory as it goes on: its plan and state, and what applying the plan makes of them."""

import json
import zipfile
from copy import deepcopy
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, cast

from fivetabs.providers.terraform.shapes.raw import items, mapping
from fivetabs.providers.terraform.shapes.states import address_of

Json = dict[str, Any]
_MADE_LONG_AGO = (1980, 1, 1, 0, 0, 0)


class _Sink(list[bytes]):
    """Where a zip is written, one piece after the other."""

    def write(self, piece: bytes) -> int:
        """Take one more piece."""
        self.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""


@dataclass(slots=True)
class Story:
    """`plan` as `terraform show -json` prints it, `state` as a state file holds it."""

    plan: Json
    state: Json

    def file(self) -> bytes:
        """The plan's file: equal for equal plans."""
        sink = _Sink()
        with zipfile.ZipFile(cast("Any", sink), "w") as plan:
            for name, value in (("tfplan", self.plan), ("tfstate", self.state)):
                plan.writestr(zipfile.ZipInfo(name, _MADE_LONG_AGO), json.dumps(value))
        return b"".join(sink)

    def apply(self) -> tuple[tuple[str, str], ...]:
        """Let the world become as planned; what was done, as (terraform's action, address)."""
        done: list[tuple[str, str]] = []
        for each in items(self.plan, "resource_changes"):
            change: Json = each["change"]
            actions = [a for a in change["actions"] if a not in ("no-op", "read")]
            if each.get("mode") == "managed" and actions:
                self._record(str(each["address"]), change.get("after"))
                done += [(str(action), str(each["address"])) for action in actions]
            change.update(actions=["no-op"], before=change.get("after"))
        for output in mapping(self.plan, "output_changes").values():
            output.update(actions=["no-op"], before=output.get("after"))
        self.plan.update(resource_drift=[], applyable=False)
        self.state["serial"] += 1
        return tuple(done)

    def _record(self, address: str, after: Json | None) -> None:
        """Write a resource's new attributes into the state, or take it out."""
        for block in self.state["resources"]:
            for instance in tuple(block["instances"]):
                if address_of(block, instance) == address and after is None:
                    block["instances"].remove(instance)
                elif address_of(block, instance) == address:
                    instance["attributes"] = {**instance["attributes"], **deepcopy(after or {})}


def told(name: str) -> Story:
    """How a directory is at the beginning."""
    place = files("fivetabs.providers.terraform.demo").joinpath(name)
    plan, state = (
        json.loads(place.joinpath(f"{what}.json").read_text("utf-8")) for what in ("plan", "state")
    )
    return Story(plan, state)
