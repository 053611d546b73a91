"""Our entry in a client's list of servers, and how it is put into a file or taken out of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from fivetabs.cli.setup.launching import Launch, own_arguments
from fivetabs.cli.setup.places import Place
from fivetabs.cli.setup.splicing import get, put, undone


@dataclass(frozen=True, slots=True)
class Entry:
    """What starts the server: its command, the arguments that were asked for, its environment."""

    launch: Launch
    given: tuple[str, ...]
    env: Mapping[str, str]

    def value(self, *, typed: bool) -> dict[str, Any]:
        """The entry as JSON."""
        args = [*self.launch.before, *self.given]
        whole: dict[str, Any] = {"type": "stdio"} if typed else {}
        whole |= {"command": self.launch.command, "args": args}
        return whole | ({"env": dict(self.env)} if self.env else {})


def entered(text: str, place: Place, entry: Entry) -> str:
    """The file with our entry in it; what a person put into the entry stays there.

    Raises:
        Broken: If the file is not JSON with comments, or holds something else in that place.
        Lost: If that would touch anything else.
    """
    there = get(text, place.path)
    new = entry.value(typed=place.typed)
    if not isinstance(there, dict):
        return put(text, place.path, new)
    old = cast("dict[str, Any]", there)
    args: Any = old.get("args") if isinstance(old.get("args"), list) else []
    new["args"] = [*entry.launch.before, *(entry.given or own_arguments([*map(str, args)]))]
    if "type" in old:
        new.pop("type", None)
    environment = new.pop("env", {})
    for name, value in new.items():
        text = put(text, (*place.path, name), value)
    if "env" not in old:
        return put(text, (*place.path, "env"), environment) if environment else text
    for name, value in environment.items():
        text = put(text, (*place.path, "env", name), value)
    return text


def taken_out(text: str, place: Place, copies: Iterable[str]) -> str:
    """The file without our entry: as the copy has it that it was made from, if there is one.

    Raises:
        Broken: If the file is not JSON with comments.
        Lost: If that would touch anything else.
    """
    return undone(text, place.path, copies) if get(text, place.path) is not None else text
