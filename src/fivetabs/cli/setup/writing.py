"""Config files as bytes on disk: read whole, written whole or not at all, never without a copy."""

import os
import stat
from collections.abc import Callable, Iterator
from datetime import datetime
from glob import escape
from pathlib import Path
from tempfile import NamedTemporaryFile

from fivetabs.app.store.private import write_folder_through, write_through
from fivetabs.core import Conflict, Invalid

_SIGN = ".fivetabs-"
_OWNER_ONLY = 0o600


def read_text(path: Path) -> str | None:
    """The file's text, line ends as they are; None where there is no file.

    Raises:
        Invalid: If it cannot be read, or is not UTF-8.
    """
    try:
        return path.read_bytes().decode()
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise Invalid(f"{path} is not UTF-8 (byte {error.start}); nothing was changed") from error
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}; nothing was changed") from error


def write_text(path: Path, before: str | None, after: str, now: Callable[[], datetime]) -> str:
    """Put `after` in the place of `before`; where that was copied to (empty if there was none).

    A link stays a link: the file that it leads to is replaced. The mode stays.

    Raises:
        Conflict: If the file is not what was read before.
        Invalid: If it cannot be written.
    """
    real = Path(os.path.realpath(path))
    copy = ""
    try:
        real.parent.mkdir(parents=True, exist_ok=True)
        mode = stat.S_IMODE(real.stat().st_mode) if before is not None else _OWNER_ONLY
        if not mode & stat.S_IWUSR:
            raise Invalid(f"{path} is read-only; nothing was changed")
        if before is not None:
            copy = f"{real}{_SIGN}{now().strftime('%Y%m%dT%H%M%S%fZ')}.bak"
            _place(Path(copy), before, mode)
        if read_text(path) != before:
            raise Conflict(f"{path} was changed by somebody else meanwhile; nothing was written")
        _place(real, after, mode)
    except OSError as error:
        raise Invalid(f"{path} cannot be written: {error.strerror or error}") from error
    return copy


def copies(path: Path) -> Iterator[str]:
    """The text of each earlier copy, the newest first; what cannot be read is left out."""
    real = Path(os.path.realpath(path))
    for copy in sorted(real.parent.glob(f"{escape(real.name)}{_SIGN}*.bak"), reverse=True):
        try:
            text = read_text(copy)
        except Invalid:
            continue
        if text is not None:
            yield text


def _place(path: Path, text: str, mode: int) -> None:
    """Write a whole file beside the place where it belongs, then move it there at once."""
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(text.encode())
            file.flush()
            write_through(file.fileno())
        except OSError:
            temporary.unlink()
            raise
    try:
        temporary.chmod(mode)
        _keep_owner(temporary, path)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    write_folder_through(path.parent)


def _keep_owner(temporary: Path, path: Path) -> None:
    """As root one would otherwise take a person's own file from them."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        owner = path if path.exists() else path.parent
        found = owner.stat()
        os.chown(temporary, found.st_uid, found.st_gid)
