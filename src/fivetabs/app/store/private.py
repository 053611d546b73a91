"""Files and folders that are ours alone: no link, no other owner, open to nobody else."""

import errno
import os
import shlex
import stat
from contextlib import suppress
from pathlib import Path

from fivetabs.core import NotConfigured, Unavailable

_OTHERS = 0o077
_FLAGS = (
    os.O_RDWR
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NONBLOCK", 0)  # A pipe put in the file's place must not hold us up.
    | getattr(os, "O_BINARY", 0)
)


def open_private(path: Path, *, make: bool = True, append: bool = False) -> int:
    """A descriptor of a private file of ours, for reading and writing.

    Raises:
        NotConfigured: If it is a link, no plain file, another user's, or open to others.
        Unavailable: If it cannot be opened.
    """
    flags = _FLAGS | (os.O_CREAT if make else 0) | (os.O_APPEND if append else 0)
    try:
        opened = os.open(path, flags, 0o600)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise _linked(path) from error
        raise unusable(path, error) from error
    try:
        check_private(path, os.fstat(opened))
    except BaseException:
        os.close(opened)
        raise
    return opened


def make_private(path: Path) -> None:
    """An empty private file, where nothing has that name yet. Its descriptor is never closed.

    Raises:
        Unavailable: If it cannot be made.
    """
    try:
        os.open(path, _FLAGS | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    except OSError as error:
        raise unusable(path, error) from error


def check_private(path: Path, seen: os.stat_result, *, folder: bool = False) -> None:
    """Pass, or say what is wrong and the command that mends it.

    Windows has no such bits: there the profile's access list keeps others out.

    Raises:
        NotConfigured: If it is a link, of another kind, another user's, or open to others.
    """
    if stat.S_ISLNK(seen.st_mode):
        raise _linked(path)
    if not (stat.S_ISDIR if folder else stat.S_ISREG)(seen.st_mode):
        kind = "folder" if folder else "plain file"
        raise NotConfigured(f"{path} is no {kind}", hint=f"move it away: mv {_to_old(path)}")
    if hasattr(os, "geteuid"):
        _check_others(path, seen, folder=folder)


def _check_others(path: Path, seen: os.stat_result, *, folder: bool) -> None:
    if seen.st_uid != os.geteuid():
        raise NotConfigured(
            f"{path} belongs to another user (uid {seen.st_uid}), so what it says proves nothing",
            hint="set FIVETABS_STATE to a folder of your own",
        )
    if seen.st_mode & _OTHERS:
        mode = "700" if folder else "600"
        raise NotConfigured(
            f"{path} is open to other users ({stat.filemode(seen.st_mode)})",
            hint=f"chmod {mode} {shlex.quote(str(path))}",
        )
    if not folder and seen.st_nlink > 1:
        raise NotConfigured(
            f"{path} has a second name (a hard link), by which others may reach it",
            hint=f"keep a copy that has none: cp -p {_to_old(path)} && rm {path} && "
            f"mv {shlex.quote(f'{path}.old')} {shlex.quote(str(path))}",
        )


def write_through(opened: int) -> None:
    """Return when what was written is on the disk itself.

    On macOS `fsync` leaves it in the drive's cache; F_FULLFSYNC does not (fsync(2) there).
    """
    with suppress(ImportError, AttributeError, OSError):
        import fcntl  # noqa: PLC0415  (POSIX only)

        fcntl.fcntl(opened, fcntl.F_FULLFSYNC)  # type: ignore[attr-defined]
        return
    os.fsync(opened)


def write_folder_through(folder: Path) -> None:
    """Return when a new name in a folder is on the disk. Windows cannot and need not."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def unusable(path: Path, error: OSError) -> Unavailable:
    """What to say when the system refuses."""
    hints = {
        errno.ENOSPC: f"the disk is full: make room on the one that holds {path.parent}",
        errno.EDQUOT: f"your disk quota is used up: make room in {path.parent}",
        errno.EROFS: "the file system is read-only: set FIVETABS_STATE to another folder",
        errno.EACCES: f"give it back to yourself: chmod u+rwX {shlex.quote(str(path.parent))}",
    }
    told = error.strerror or type(error).__name__
    return Unavailable(f"{path}: {told}", hint=hints.get(error.errno or 0, ""))


def _linked(path: Path) -> NotConfigured:
    return NotConfigured(
        f"{path} is a symbolic link, and whoever made it could send what is written elsewhere",
        hint=f"put the real one in its place, or remove it: rm {shlex.quote(str(path))}",
    )


def _to_old(path: Path) -> str:
    return f"{shlex.quote(str(path))} {shlex.quote(f'{path}.old')}"
