"""The command line in a process of its own, as a shell that is no terminal runs it."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

COMMAND = (sys.executable, "-m", "fivetabs")
_PATIENCE = 120


def ran(
    *argv: str, environment: Mapping[str, str], folder: Path | None = None
) -> "subprocess.CompletedProcess[str]":
    """What came of it; the environment needs not say where the code is."""
    return subprocess.run(
        [*COMMAND, *argv],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=_PATIENCE,
        env={**environment, "PYTHONPATH": os.pathsep.join(sys.path)},
        cwd=folder,
    )
