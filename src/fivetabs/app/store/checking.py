"""Whether the audit trail is whole: each line follows the one before, the end is the anchor's."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from fivetabs.app.store.anchors import Mark, anchored, boot
from fivetabs.app.store.database import NAME
from fivetabs.app.store.flaws import (
    Flaw,
    flaw_of_sign,
    no_line,
    not_anchored,
    not_next,
    rewritten,
    too_few,
    too_many,
    torn,
)
from fivetabs.app.store.lines import NOTHING, Line, read
from fivetabs.app.store.locks import FileLock
from fivetabs.app.store.mending import SIGN, TORN, measure
from fivetabs.app.store.trail import LOCK, Entry, Span, entries, spans
from fivetabs.core import Fault

_MOST_FLAWS = 1000


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The trail at one moment: the files with their sizes, the anchor, and this start."""

    files: tuple[Span, ...]
    mark: Mark | None
    fault: str
    boot: str


def snapshot(folder: Path) -> Snapshot:
    """Take it while nobody writes. Nothing is made but the lock's file in a folder that is there.

    Raises:
        Unavailable: If the lock cannot be had.
    """
    if not folder.is_dir():
        return Snapshot((), None, "", "")
    lock = FileLock(folder / LOCK)
    try:
        with lock.held():
            try:
                mark, fault = anchored(folder / NAME), ""
            except Fault as error:
                mark, fault = None, str(error)
            return Snapshot(spans(folder), mark, fault, boot())
    finally:
        lock.close()


@dataclass(slots=True)
class Check:
    """What was found so far. `n` and `head`: the end of the chain as it was followed to here."""

    mark: Mark | None
    noted: str = ""
    lines: int = 0
    n: int = 0
    head: str = NOTHING
    first_time: str = ""
    last_time: str = ""
    flaws: list[Flaw] = field(default_factory=list[Flaw])
    more_flaws: int = 0
    noted_at: int = 0
    _at_mark: str = ""
    _pieces: list[Entry] = field(default_factory=list[Entry])

    @property
    def whole(self) -> bool:
        """Whether nothing was found that only another hand, or a lost write, explains."""
        return bool(self.lines) and not self.more_flaws and not any(f.broken for f in self.flaws)

    def feed(self, entry: Entry) -> Line | None:
        """Follow the chain by one line; the line, if it is whole."""
        try:
            line = read(entry.raw)
        except ValueError:
            self._pieces.append(entry)
            return None
        if self._pieces:
            self._judge_pieces(line)
        self._follow(line, entry)
        if line.event == SIGN and line.facts.get("kind") != TORN:
            self._say(flaw_of_sign(entry, line))
        return line

    def end(self, now: str) -> None:
        """Compare the end with the anchor. `now` is this start of the machine."""
        if self._pieces:
            self._judge_last_piece()
        mark = self.mark
        if mark is None:
            if self.lines:
                self._say(not_anchored(self.n))
        elif self.n < mark.count:
            self._say(too_few(self.n, mark, now))
        elif self._at_mark != mark.head and mark.count:
            self._say(rewritten(mark))
        elif self.n > mark.count:
            self._say(too_many(self.n, self.head, mark, now))

    def _follow(self, line: Line, entry: Entry) -> None:
        if line.n <= self.n or (line.n, line.prev) != (self.n + 1, self.head):
            self._say(not_next(entry, line, self.n))
        self.lines += 1
        self.first_time = self.first_time or line.time
        if line.n <= self.n:
            return
        self.n, self.head, self.last_time = line.n, line.hash, line.time
        if self.mark and line.n == self.mark.count:
            self._at_mark = line.hash
        if self.noted and line.hash.startswith(self.noted):
            self.noted_at = line.n

    def _judge_pieces(self, line: Line) -> None:
        """What stands before this line and is no line: torn and told of, or another hand's."""
        pieces, self._pieces = self._pieces, []
        follows = (line.n, line.prev) == (self.n + 1, self.head)
        told = {key: line.facts.get(key) for key in ("bytes", "sha256")}
        if follows and line.event == SIGN and told == measure(_joined(pieces)):
            if line.facts.get("kind") == TORN:
                self._say(torn(pieces[0], told["bytes"], line.time))
            return
        for each in pieces:
            self._say(no_line(each, in_place=not follows))
        if line.n == self.n + len(pieces) + 1:
            # They stand where lines are missing; the next line knows the last one's true hash.
            self.n, self.head = line.n - 1, line.prev

    def _judge_last_piece(self) -> None:
        pieces, self._pieces = self._pieces, []
        at_end = self.mark and (self.n, self.head) == (self.mark.count, self.mark.head)
        if at_end and not pieces[-1].ended:
            self._say(torn(pieces[0], len(_joined(pieces)), ""))
            return
        in_place = self.mark is not None and self.n < self.mark.count
        for each in pieces:
            self._say(no_line(each, in_place=in_place))
        if self.mark and self.n < self.mark.count <= self.n + len(pieces):
            self.n, self._at_mark = self.mark.count, self.mark.head  # That is told already.

    def _say(self, flaw: Flaw) -> None:
        if len(self.flaws) < _MOST_FLAWS:
            self.flaws.append(flaw)
        else:
            self.more_flaws += 1


def follow(taken: Snapshot, made: Check) -> Iterator[Line]:
    """Every whole line of the trail; after the last one `made` says whether it is whole."""
    for span in taken.files:
        try:
            for entry in entries(span):
                line = made.feed(entry)
                if line is not None:
                    yield line
        except Fault as fault:
            made.flaws.append(Flaw(span.path.name, 0, f"{fault}", hint=fault.hint))
    if taken.fault:
        made.flaws.append(Flaw("", 0, f"the anchor cannot be read: {taken.fault}"))
    else:
        made.end(taken.boot)


def check(folder: Path, noted: str = "") -> Check:
    """Read the whole trail. `noted`: a head, or its beginning, that was written down elsewhere.

    Raises:
        Unavailable: If it cannot be read just now.
    """
    taken = snapshot(folder)
    made = Check(taken.mark, noted)
    deque(follow(taken, made), maxlen=0)
    return made


def lines(folder: Path, *, about: str = "") -> Iterator[Line]:
    """Every whole line; with `about`, only those of one change, and the trail's own signs.

    Raises:
        Unavailable: If the trail cannot be read.
    """
    wanted = f'"id":"{about}"'.encode("ascii", "backslashreplace")
    sign = f'"event":"{SIGN}"'.encode("ascii")
    for entry in chain.from_iterable(entries(span) for span in snapshot(folder).files):
        if about and wanted not in entry.raw and sign not in entry.raw:
            continue
        try:
            yield read(entry.raw)
        except ValueError:
            continue


def _joined(pieces: list[Entry]) -> bytes:
    whole = b"".join(each.raw + (b"\n" if each.ended else b"") for each in pieces)
    return whole.removesuffix(b"\n") if pieces[-1].ended else whole
