"""A private temporary file for kept answers that memory has no room for.

Nobody else can open it and it is gone with the process, however that ends: where the system allows
it the file has no name at all.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import IO


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the file something is."""

    start: int
    length: int


@dataclass(slots=True)
class Spill:
    """An append-only file, made when it is first needed."""

    make: Callable[[], IO[bytes]] = TemporaryFile
    file: IO[bytes] | None = field(default=None)
    size: int = 0

    def put(self, data: bytes) -> Place:
        """Write at the end.

        Raises:
            OSError: If the disk is full or the folder for temporary files cannot be written.
        """
        self.file = self.file or self.make()
        place = Place(self.size, len(data))
        self.file.seek(place.start)
        self.file.write(data)
        self.size += len(data)
        return place

    def get(self, place: Place) -> bytes:
        """What was written there."""
        if self.file is None:
            return b""
        self.file.seek(place.start)
        return self.file.read(place.length)

    def clear(self) -> None:
        """Give the disk back when nothing in the file is wanted any more."""
        if self.file is not None:
            self.file.close()
        self.file, self.size = None, 0
