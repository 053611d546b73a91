"""The audit trail: one line for each call and each decision, chained by hashes, only appended to.

A line is written in three steps under one lock: its hash is announced in the anchor, the line is
appended, the anchor is moved on. Whatever ends the process in between, the next writer and
`fivetabs audit verify` can tell which step was the last.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fivetabs.app.store.anchors import Anchor, Mark, boot
from fivetabs.app.store.lines import ENDING, LONGEST, Line, bounded, ending, sealed
from fivetabs.app.store.locks import FileLock
from fivetabs.app.store.mending import SIGN, mend
from fivetabs.app.store.trail import LOCK, Trail, spans

_LARGEST = 64 * 1024 * 1024
_LOOK_BACK = 64 * LONGEST
_EVENT = re.compile(r"[a-z][a-z_ ]{0,31}")


class Audit:
    """Writes the trail of a folder. May be used by several threads, processes and servers at once.

    `server` is a random id of this process, `now` the clock, `largest` the size in bytes at which
    a new file is begun. Nothing is opened before the first line.
    """

    def __init__(
        self,
        folder: Path,
        *,
        server: str,
        now: Callable[[], datetime],
        anchor: Anchor,
        largest: int = _LARGEST,
    ) -> None:
        self._server = server
        self._now = now
        self._anchor = anchor
        self._largest = largest
        self._trail = Trail(folder)
        self._lock = FileLock(folder / LOCK)
        self._boot: str | None = None

    def add(self, event: str, facts: Mapping[str, Any], *, durable: bool = False) -> None:
        """Write one line. `facts` hold no secret; what is too long in them is shortened.

        With `durable` the line is on the disk when this returns, and with it all lines before.
        Not to be called inside a transaction on the approvals: the anchor is in that database.

        Raises:
            Unavailable: If the line cannot be written, or not anchored (then it may stand, and the
                next writer takes it up).
        """
        if not _EVENT.fullmatch(event):
            raise ValueError(f"{event!r} is no name of an event")
        fit = bounded(facts)
        with self._lock.held():
            mark = self._end(durable=durable)
            self._write(mark, event, fit, durable=durable)

    def close(self) -> None:
        """Close every file."""
        self._trail.close()
        self._anchor.close()
        self._lock.close()

    def _end(self, *, durable: bool) -> Mark:
        """Where the trail ends, after saying what is not as it should be there."""
        mark = self._anchor.read()
        last = mark.file if mark else _latest(self._trail.folder)
        self._trail.open(last)
        size = self._trail.size()
        if mark is None and size == 0:
            return Mark()
        if mark is not None and self._fits(mark, size):
            return mark
        tail = self._trail.tail(_LOOK_BACK)
        mended = mend(mark, tail, whole=len(tail) == size, boot=self._id_of_boot())
        mark, prefix = replace(mended.mark, file=last, next=""), b"" if mended.ended else b"\n"
        if prefix and not mended.signs:
            self._trail.append(prefix, durable=False)
        for sign in mended.signs:
            mark = self._write(mark, SIGN, sign, durable=durable, prefix=prefix)
            prefix = b""
        return mark

    def _fits(self, mark: Mark, size: int) -> bool:
        if size == 0:
            return mark.count == mark.file - 1
        return self._trail.tail(ENDING) == ending(mark.head)

    def _write(
        self,
        mark: Mark,
        event: str,
        facts: Mapping[str, Any],
        *,
        durable: bool,
        prefix: bytes = b"",
    ) -> Mark:
        n, file = mark.count + 1, mark.file
        if not prefix and self._trail.size() >= self._largest:
            self._trail.sync()
            file = n
        data, made = sealed(Line(n, self._time(), self._server, event, facts, mark.head, ""))
        coming = replace(mark, file=file, next=made, boot=self._id_of_boot())
        self._anchor.put(coming, durable=durable)
        self._trail.open(file)
        self._trail.append(prefix + data, durable=durable)
        lasting = n if durable else mark.durable
        written = replace(coming, count=n, head=made, next="", durable=lasting)
        self._anchor.put(written, durable=durable)
        return written

    def _time(self) -> str:
        time = self._now().astimezone(UTC).isoformat(timespec="milliseconds")
        return time.replace("+00:00", "Z")

    def _id_of_boot(self) -> str:
        if self._boot is None:
            self._boot = boot()
        return self._boot


def _latest(folder: Path) -> int:
    return max((each.first for each in spans(folder) if each.size), default=1)
