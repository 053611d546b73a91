"""Answers like terraform would in the demo world's directories; run as a program by the tests."""

import json
import os
import sys
import zipfile
from pathlib import Path

DEMO = Path("@DEMO@")


def main() -> None:
    """One command line."""
    words, here = sys.argv[1:], Path.cwd()
    said = here / "say"
    if said.is_file():
        sys.stdout.write(said.read_text())
        return
    world = DEMO / here.name
    with (here.parent.parent / "calls").open("a") as calls:
        calls.write(json.dumps({"argv": words, "environment": dict(os.environ)}) + "\n")
    if words[0] == "graph":
        drawn = here / "graph"
        sys.stdout.write(drawn.read_text() if drawn.is_file() else "digraph {\n}\n")
    elif words[0] == "plan":
        made = next(word for word in words if word.startswith("-out="))
        with zipfile.ZipFile(made.removeprefix("-out="), "w") as plan:
            plan.writestr("tfstate", world.joinpath("state.json").read_text())
    elif words[0] == "show":
        sys.stdout.write(world.joinpath("plan.json").read_text())
    elif words[:2] == ["state", "pull"]:
        sys.stdout.write(world.joinpath("state.json").read_text())
    else:
        sys.exit(f"not a command: {words}")


main()
