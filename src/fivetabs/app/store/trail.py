"""The files of the audit trail, `audit-000000000001.jsonl` and on, each named by its first line."""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from fivetabs.app.store.lines import LONGEST
from fivetabs.app.store.private import (
    open_private,
    unusable,
    write_folder_through,
    write_through,
)

LOCK = "audit.lock"
_NAME = re.compile(r"audit-(\d{12,18})\.jsonl")
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Span:
    """One file of the trail as it was at a moment: its first line and how many bytes it had."""

    path: Path
    first: int
    size: int


@dataclass(frozen=True, slots=True)
class Entry:
    """The bytes between two ends of line, where they stand, and whether an end of line follows."""

    file: str
    number: int
    raw: bytes
    ended: bool = True


def spans(folder: Path) -> tuple[Span, ...]:
    """The files there are, in the order of their lines.

    Raises:
        Unavailable: If the folder cannot be read.
    """
    try:
        named = [(_NAME.fullmatch(each.name), each) for each in folder.iterdir()]
        found = [Span(each, int(match[1]), each.lstat().st_size) for match, each in named if match]
    except OSError as error:
        raise unusable(folder, error) from error
    return tuple(sorted(found, key=lambda span: (span.first, span.path.name)))


def entries(span: Span) -> Iterator[Entry]:
    """Each line of a file up to its size at that moment. One that has no end comes in pieces.

    Raises:
        NotConfigured: If it is a link, another user's, or open to others.
        Unavailable: If it cannot be read.
    """
    opened = open_private(span.path, make=False)
    with os.fdopen(opened, "rb") as file:
        left, number = span.size, 0
        while left > 0:
            raw = file.readline(min(left, 2 * LONGEST))
            if not raw:
                return
            left -= len(raw)
            number += 1
            yield Entry(span.path.name, number, raw.removesuffix(b"\n"), raw.endswith(b"\n"))


class Trail:
    """The file in use, open for appending. The caller holds the trail's lock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._first = 0
        self._opened = -1

    def open(self, first: int) -> None:
        """Open the file that begins with line `first`, making it where it is missing.

        Raises:
            Unavailable: If it cannot be opened, or is not ours alone.
        """
        path = self._path(first)
        if self._opened >= 0 and self._first == first and _same(path, self._opened):
            return
        self.close()
        fresh = not os.path.lexists(path)
        self._opened, self._first = open_private(path, append=True), first
        if fresh:
            write_folder_through(self.folder)

    def size(self) -> int:
        """How many bytes the file has."""
        return os.fstat(self._opened).st_size

    def tail(self, length: int) -> bytes:
        """The last bytes of the file."""
        size = self.size()
        os.lseek(self._opened, max(0, size - length), os.SEEK_SET)
        read, left = bytearray(), min(size, length)
        while left > 0 and (piece := os.read(self._opened, min(left, _PIECE))):
            read += piece
            left -= len(piece)
        return bytes(read)

    def append(self, data: bytes, *, durable: bool) -> None:
        """Write whole or not at all; where `durable`, return when it is on the disk.

        Raises:
            Unavailable: If it cannot be written.
        """
        before, left = self.size(), data
        try:
            while left:
                left = left[os.write(self._opened, left) :]
            if durable:
                write_through(self._opened)
        except OSError as error:
            self._take_back(before)
            raise unusable(self._path(self._first), error) from error

    def sync(self) -> None:
        """Return when all of the file is on the disk.

        Raises:
            Unavailable: If the disk does not take it.
        """
        try:
            write_through(self._opened)
        except OSError as error:
            raise unusable(self._path(self._first), error) from error

    def close(self) -> None:
        """Close the file."""
        if self._opened >= 0:
            os.close(self._opened)
        self._opened = -1

    def _take_back(self, size: int) -> None:
        """What was begun and could not be ended was never a line. Where it stays, it is told."""
        with suppress(OSError):
            os.ftruncate(self._opened, size)

    def _path(self, first: int) -> Path:
        return self.folder / f"audit-{first:012d}.jsonl"


def _same(path: Path, opened: int) -> bool:
    try:
        return os.path.samestat(os.stat(path, follow_symlinks=False), os.fstat(opened))  # noqa: PTH116
    except OSError:
        return False
