"""How a client starts this very command: by absolute paths, from wherever it was installed."""

import json
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

_UV_CACHE = frozenset(("archive-v0", "environments-v2", "builds-v0"))
_FROM = (("--from",), ("--spec",))
_NAMES = ("fivetabs.exe", "fivetabs") if sys.platform == "win32" else ("fivetabs",)


@dataclass(frozen=True, slots=True)
class Launch:
    """A command by its absolute path, and the arguments that come before our own."""

    command: str
    before: tuple[str, ...] = ()


def launch(
    executable: str = sys.executable,
    find: Callable[[str], str | None] = shutil.which,
    origin: str = "",
) -> Launch:
    """The command of this installation; what `uvx` or `pipx run` made is started by them again.

    Their environments are kept in caches that they clear, so a path into one would break one day.
    `origin` is where it was installed from, if that was not the package registry.
    """
    if runner := _runner(Path(executable), find, origin):
        return runner
    folder = Path(executable).parent
    for name in _NAMES:
        if (folder / name).exists():
            return Launch(str(folder / name))
    return Launch(find("fivetabs") or str(Path(sys.argv[0]).resolve()))


def installed_from() -> str:
    """The address this was installed from, as PEP 610 has it noted; empty for a registry."""
    try:
        noted = distribution("fivetabs").read_text("direct_url.json")
    except PackageNotFoundError:
        return ""
    if not noted:
        return ""
    told = json.loads(noted)
    kept = told.get("vcs_info")
    return f"{kept['vcs']}+{told['url']}@{kept['commit_id']}" if kept else str(told["url"])


def own_arguments(args: Sequence[str]) -> tuple[str, ...]:
    """What a person added: the arguments after those that only start the command."""
    words = tuple(args)
    if words[:1] == ("run",):
        words = words[1:]
    if words[:1] in _FROM:
        words = words[2:]
    return words[1:] if words[:1] == ("fivetabs",) else tuple(args)


def _runner(executable: Path, find: Callable[[str], str | None], origin: str) -> Launch | None:
    parts = set(executable.parts)
    if parts & _UV_CACHE and (uvx := find("uvx")):
        start = ("--from", origin, "fivetabs") if origin else ("fivetabs",)
        return Launch(os.path.abspath(uvx), start)  # noqa: PTH100  (links stay links)
    if {"pipx", ".cache"} <= parts and (pipx := find("pipx")):
        start = ("--spec", origin, "fivetabs") if origin else ("fivetabs",)
        return Launch(os.path.abspath(pipx), ("run", *start))  # noqa: PTH100
    return None
