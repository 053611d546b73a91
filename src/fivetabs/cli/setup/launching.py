"""How a client starts this very command: by absolute paths, from wherever it was installed."""

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_NAMES = ("fivetabs.exe", "fivetabs") if sys.platform == "win32" else ("fivetabs",)


@dataclass(frozen=True, slots=True)
class Launch:
    """A command by its absolute path, and the arguments that come before our own."""

    command: str
    before: tuple[str, ...] = ()


def launch(
    executable: str = sys.executable, find: Callable[[str], str | None] = shutil.which
) -> Launch:
    """The command of this installation; what `uvx` or `pipx run` made is started by them again.

    Their environments are kept in caches that they clear, so a path into one would break one day.
    """
    if runner := _runner(Path(executable), find):
        return runner
    folder = Path(executable).parent
    for name in _NAMES:
        if (folder / name).exists():
            return Launch(str(folder / name))
    return Launch(find("fivetabs") or str(Path(sys.argv[0]).resolve()))


def _runner(executable: Path, find: Callable[[str], str | None]) -> Launch | None:
    parts = set(executable.parts)
    if parts & {"archive-v0", "environments-v2", "builds-v0"} and (uvx := find("uvx")):
        return Launch(os.path.abspath(uvx), ("fivetabs",))  # noqa: PTH100  (links stay links)
    if {"pipx", ".cache"} <= parts and (pipx := find("pipx")):
        return Launch(os.path.abspath(pipx), ("run", "fivetabs"))  # noqa: PTH100
    return None
