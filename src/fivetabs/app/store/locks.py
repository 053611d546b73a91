"""One lock that only one thread of one process on this machine holds, gone with its process."""

import os
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from fivetabs.app.store.private import open_private
from fivetabs.core import TimedOut

_SHORT, _LONG = 0.0002, 0.005


class FileLock:
    """An exclusive lock on a file of its own, which stays open between uses.

    What it guards takes a tenth of a millisecond, so whoever waits asks again very soon: a library
    that asks every 50 ms would make several servers wait on each other for nothing.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = Lock()
        self._opened = -1

    @contextmanager
    def held(self, seconds: float = 5.0) -> Generator[None]:
        """Hold it for the length of a `with`.

        Raises:
            TimedOut: If another holds it for longer than `seconds`.
            Unavailable: If the file cannot be opened.
        """
        if not self._thread.acquire(timeout=seconds):
            raise self._late(seconds)
        try:
            self._take(seconds)
            try:
                yield
            finally:
                _unlock(self._opened)
        finally:
            self._thread.release()

    def close(self) -> None:
        """Close the file."""
        with self._thread:
            self._shut()

    def _take(self, seconds: float) -> None:
        until, pause = time.monotonic() + seconds, _SHORT
        while True:
            if self._opened < 0:
                self._opened = open_private(self._path)
            if _lock(self._opened):
                if self._is_the_one():
                    return
                _unlock(self._opened)
                self._shut()
                continue
            if time.monotonic() > until:
                raise self._late(seconds)
            time.sleep(pause)
            pause = min(2 * pause, _LONG)

    def _is_the_one(self) -> bool:
        """Whether the name still leads to the file that was locked: others lock by the name."""
        try:
            return os.path.samestat(os.stat(self._path), os.fstat(self._opened))  # noqa: PTH116
        except FileNotFoundError:
            return False

    def _shut(self) -> None:
        if self._opened >= 0:
            os.close(self._opened)
        self._opened = -1

    def _late(self, seconds: float) -> TimedOut:
        return TimedOut(
            f"another fivetabs has held {self._path} for more than {seconds:g} s",
            hint="see whether one of them is stopped: ps -C fivetabs",
        )


if sys.platform == "win32":
    import msvcrt

    def _lock(opened: int) -> bool:
        """The first byte stands for the file; locking past its end is allowed."""
        try:
            os.lseek(opened, 0, os.SEEK_SET)
            msvcrt.locking(opened, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(opened: int) -> None:
        os.lseek(opened, 0, os.SEEK_SET)
        msvcrt.locking(opened, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(opened: int) -> bool:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(opened: int) -> None:
        fcntl.flock(opened, fcntl.LOCK_UN)
