"""One source as it is read: its lines, each with its place in time and in its entry."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from fivetabs.core.logs.entries import PART, START, Entries, may_be_raised
from fivetabs.core.logs.sources import Line, Parser, Source
from fivetabs.core.logs.splitting import LONGEST_LINE, Splitter
from fivetabs.core.logs.veils import Veil

EARLIEST = datetime.min.replace(tzinfo=UTC)
_CUT = b" [line cut]"

Record = tuple[datetime, datetime | None, bytes, int, int, "Stream"]
"""Its place in the merged order, its time, the line, what it is to its entry, whether it is hidden
(see `Veil`), and its stream."""


@dataclass(slots=True, eq=False)
class Stream:
    """What is known of a source while it is read. `key` only grows, so its order stays its own."""

    source: Source
    entries: Entries
    parser: Parser
    veil: Veil = field(default_factory=Veil)
    key: datetime = EARLIEST
    latest: datetime = EARLIEST
    read: int = 0
    cut: int = 0
    jumps: int = 0
    untimed: int = 0
    garbled: int = 0
    spoke: bool = False
    pending: Any = None
    """The entry that is still being read; the analysis keeps it here, one for each stream."""

    @classmethod
    def of(cls, source: Source, entries: Entries) -> "Stream":
        """A source that is about to be read."""
        return cls(source, entries, source.parser() if source.parser else Splitter())

    def parse(self, pieces: Sequence[bytes | Sequence[Line]], *, ended: bool) -> list[Record]:
        """The lines in these pieces; with `ended` also the last one, that was not ended."""
        lines: list[Line] = []
        raw: list[bytes] = []
        for piece in pieces:
            if isinstance(piece, bytes):
                raw.append(piece)
            else:
                lines += piece
        if raw:
            lines += self.parser.feed(b"".join(raw))
        if ended:
            lines += self.parser.close()
        whole = b"\n".join([text for _, text in lines])
        self.garbled += _garbled(whole, lines)
        return self._placed(lines, whole)

    def _placed(self, lines: Sequence[Line], whole: bytes) -> list[Record]:
        """`whole` are the lines in one piece: what is nowhere in it is looked for in none."""
        records: list[Record] = []
        key, latest, veil, entries = self.key, self.latest, self.veil, self.entries
        veiled, calm = not veil.idle(whole), not may_be_raised(whole)
        for when, line in lines:
            text = line if len(line) <= LONGEST_LINE else self._clipped(line)
            hidden = veil.hides(text) if veiled and not veil.idle(text) else 0
            kind = PART if hidden else entries.kind(text, calm=calm)
            if when is None:
                self.untimed += 1
            elif when >= latest:
                latest = when
                if kind == START:
                    key = when
            else:
                self.jumps += 1
            records.append((key, when, text, kind, hidden, self))
        self.key, self.latest = key, latest
        self.read += len(records)
        return records

    def _clipped(self, line: bytes) -> bytes:
        self.cut += len(line) - LONGEST_LINE
        return line[:LONGEST_LINE] + _CUT


def _garbled(whole: bytes, lines: Sequence[Line]) -> int:
    """How many lines hold NULs or bytes that are no UTF-8."""
    if whole.isascii() and b"\0" not in whole:
        return 0
    return sum(_is_garbled(text) for _, text in lines)


def _is_garbled(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except ValueError:
        return not line.startswith(b"\xef\xbb\xbf") or b"\0" in line
    return b"\0" in line
