"""The rig's command line: `python -m tests.rig up|env|down`."""

import argparse
import shlex
import sys
from pathlib import Path

from tests.rig import PARTS, Rig


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.rig", description=__doc__)
    parser.add_argument("command", choices=("up", "env", "down"))
    parser.add_argument("--only", default=",".join(PARTS), help="parts, separated by commas")
    parser.add_argument(
        "--folder", type=Path, help="where the rig lives (default: in the temp folder)"
    )
    return parser.parse_args()


def _up(rig: Rig, parts: list[str]) -> int:
    unknown = [f"there is no part {part!r}" for part in parts if part not in PARTS]
    reasons = unknown or Rig.missing(parts)
    for reason in reasons:
        sys.stderr.write(f"rig: {reason}\n")
    if reasons:
        return 2
    rig.up(parts)
    return _env(rig)


def _env(rig: Rig) -> int:
    for name, value in sorted(rig.environment.items()):
        sys.stdout.write(f"export {name}={shlex.quote(value)}\n")
    return 0 if rig.environment else 1


def main() -> int:
    """Carry out one command; the exit status says whether it worked."""
    given = _arguments()
    rig = Rig(given.folder)
    if given.command == "up":
        return _up(rig, given.only.split(","))
    if given.command == "env":
        return _env(rig)
    rig.down()
    return 0


if __name__ == "__main__":
    sys.exit(main())
