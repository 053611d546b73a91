"""The folder in which the server keeps what must outlive it: the audit trail and the approvals."""

import os
import stat
import sys
from pathlib import Path

from fivetabs.app.store.private import check_private, unusable
from fivetabs.core import Invalid, NotConfigured

_STICKY = stat.S_ISVTX


def state_folder(named: str, *, demo: bool = False) -> Path:
    """Find the folder, make it where it is missing, and see that it is ours alone.

    `named` is the owner's setting; empty, it is `$XDG_STATE_HOME/fivetabs` (by its specification
    `~/.local/state`, and a relative path is ignored), on macOS `~/Library/Application Support`, on
    Windows `%LOCALAPPDATA%`. The demo world has a folder of its own within.

    Raises:
        Invalid: If the setting is no absolute path.
        NotConfigured: If the folder is a link, another user's, or open to others.
        Unavailable: If it cannot be made.
    """
    folder = Path(named).expanduser() if named else _usual()
    if not folder.is_absolute():
        raise Invalid(
            f"state is {named!r}, which is no absolute path: clients start servers anywhere",
            hint="FIVETABS_STATE=/home/me/.local/state/fivetabs",
        )
    wanted = (folder, folder / "demo") if demo else (folder,)
    for each in wanted:
        _make(each)
        check_private(each, each.lstat(), folder=True)
        _check_above(each)
    return wanted[-1]


def found_folder(named: str, *, demo: bool = False) -> Path:
    """The same folder for whoever only reads: never made, not looked at."""
    folder = Path(named).expanduser() if named else _usual()
    return folder / "demo" if demo else folder


def _usual() -> Path:
    home = Path.home()
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "fivetabs"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "fivetabs"
    named = Path(os.environ.get("XDG_STATE_HOME", ""))
    return (named if named.is_absolute() else home / ".local" / "state") / "fivetabs"


def _make(folder: Path) -> None:
    missing = [each for each in (folder, *folder.parents) if not os.path.lexists(each)]
    try:
        for each in reversed(missing):
            each.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise unusable(folder, error) from error


def _check_above(folder: Path) -> None:
    """Where anybody may rename things, a private folder can be replaced by another one."""
    for each in folder.resolve().parents:
        mode = each.stat().st_mode
        if hasattr(os, "geteuid") and mode & stat.S_IWOTH and not mode & _STICKY:
            raise NotConfigured(
                f"anybody may replace {folder}, because {each} can be written by all",
                hint="set FIVETABS_STATE to a folder of your own",
            )
