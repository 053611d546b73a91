"""Folders that are ours alone: for terraform's data, for plans, and gone when nobody uses them.

Each holds a file that is locked for as long as anybody uses the folder: this process, or a
terraform that it started and that goes on. So what a killed process left behind is known as that.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from fivetabs.core import Misconfigured

_PREFIX = "fivetabs-terraform-"
_LARGEST_FILE = 4 * 1024 * 1024


@dataclass(slots=True)
class Private:
    """One folder, entered by this user alone. `lock` is the descriptor that says it is in use.

    `spared`: somebody else uses it still, so it is left.
    """

    path: Path
    lock: int
    spared: bool = False

    @property
    def data(self) -> Path:
        """Terraform's data folder."""
        return self.path / "data"

    @property
    def plan_file(self) -> Path:
        """Where a plan is written."""
        return self.path / "plan"

    def close(self) -> None:
        """Remove it, unless it is spared."""
        if not self.spared:
            shutil.rmtree(self.path, ignore_errors=True)
        os.close(self.lock)


def new_folder() -> Private:
    """A new folder in the place for temporary files.

    Raises:
        Misconfigured: If none can be made.
    """
    try:
        path = Path(tempfile.mkdtemp(prefix=_PREFIX))
        # Locked before it has its name, so that nobody sees it without its lock.
        lock = os.open(path / "lock.new", os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
        (path / "lock.new").rename(path / "lock")
    except OSError as error:
        raise Misconfigured(
            f"no private folder can be made for Terraform: {error.strerror or error}",
            hint="make TMPDIR writable",
        ) from error
    return Private(path, lock)


@contextmanager
def private_data(data: Path) -> Generator[Private]:
    """A folder with a data folder of our own in it; it is gone afterwards.

    Providers and modules are linked, small files (the backend's settings) are copied, so that
    whatever Terraform writes there is never written into the working directory. The selected
    workspace is left out: it is handed over by name once it is known to exist.

    Raises:
        Misconfigured: If no folder can be made.
    """
    ours = new_folder()
    try:
        ours.data.mkdir(mode=0o700)
        if data.is_dir():
            _mirror(data, ours.data)
        yield ours
    finally:
        ours.close()


def write_private(path: Path, content: bytes) -> None:
    """Write a new file that only this user can read.

    Raises:
        OSError: If it is there already or cannot be written.
    """
    file = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    with os.fdopen(file, "wb") as open_file:
        open_file.write(content)


def sweep() -> None:
    """Remove the folders that processes which were killed have left behind."""
    with suppress(OSError):
        for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
            if _abandoned(path):
                shutil.rmtree(path, ignore_errors=True)


def _abandoned(path: Path) -> bool:
    try:
        if path.is_symlink() or path.stat().st_uid != os.geteuid():
            return False
        lock = os.open(path / "lock", os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(lock)
    return True


def _mirror(data: Path, ours: Path) -> None:
    for each in data.iterdir():
        if each.is_dir():
            (ours / each.name).symlink_to(each.resolve(), target_is_directory=True)
        elif each.name != "environment" and each.stat().st_size <= _LARGEST_FILE:
            shutil.copyfile(each, ours / each.name)
