"""Answers like terraform would in the demo world's directories; run as a program by the tests."""

import json
import os
import sys
import zipfile
from pathlib import Path
from typing import Any

DEMO = Path("@DEMO@")


def main() -> None:
    """One command line."""
    words, here = sys.argv[1:], Path.cwd()
    said = here / "say"
    if said.is_file():
        sys.stdout.write(said.read_text())
        return
    world, applied = DEMO / here.name, here / "applied"
    with (here.parent.parent / "calls").open("a") as calls:
        calls.write(json.dumps({"argv": words, "environment": dict(os.environ)}) + "\n")
    if words[0] == "graph":
        drawn = here / "graph"
        sys.stdout.write(drawn.read_text() if drawn.is_file() else "digraph {\n}\n")
    elif words[0] == "plan":
        made = [word.removeprefix("-out=") for word in words if word.startswith("-out=")]
        for name in made:
            write_plan(Path(name), world)
        if not made:
            left = 0 if applied.is_file() else 1
            told = {"type": "change_summary", "changes": {"add": 0, "change": left, "remove": 0}}
            sys.stdout.write(json.dumps(told) + "\n")
    elif words[0] == "show":
        sys.stdout.write(world.joinpath("plan.json").read_text())
    elif words[0] == "apply":
        applied.write_text("")
        hook = {"resource": {"addr": "aws_instance.worker_c"}, "action": "update"}
        for kind in ("apply_start", "apply_complete"):
            sys.stdout.write(json.dumps({"type": kind, "hook": hook}) + "\n")
    elif words[:2] == ["state", "pull"]:
        state = json.loads(world.joinpath("state.json").read_text())
        sys.stdout.write(
            json.dumps({**state, "serial": state["serial"] + applied.is_file()}) + "\n"
        )
    else:
        sys.exit(f"not a command: {words}")


class Sink:
    """A file that cannot be sought in, as the demo world's is."""

    def __init__(self, file: Any) -> None:
        self.write, self.flush = file.write, file.flush


def write_plan(place: Path, world: Path) -> None:
    """The same file that the demo world has."""
    sink: Any = Sink
    with place.open("wb") as file, zipfile.ZipFile(sink(file), "w") as plan:
        for name, what in (("tfplan", "plan"), ("tfstate", "state")):
            text = json.dumps(json.loads(world.joinpath(f"{what}.json").read_text()))
            plan.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text)


main()
