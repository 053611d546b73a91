"""Streams side by side: each lane reads its sources one after the other, a slice at a time."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from fivetabs.core.faults import Fault
from fivetabs.core.logs.sources import Line, Pieces, Source
from fivetabs.core.logs.streams import EARLIEST, Record, Stream


@dataclass(frozen=True, slots=True)
class Broken:
    """A source that could not be read, or (`begun`) not to its end."""

    source: Source
    fault: Fault
    begun: bool


@dataclass(slots=True, eq=False)
class Lane:
    """Sources that follow each other, such as a container's run before and its present one.

    `most` is how many lines each is asked for. Records up to `after` are dropped: they were read
    before.
    """

    waiting: deque[Source]
    begin: Callable[[Source], Stream]
    most: int
    after: dict[str, Stream] = field(default_factory=dict[str, Stream])
    streams: list[Stream] = field(default_factory=list[Stream])
    queue: deque[Record] = field(default_factory=deque[Record])
    broken: list[Broken] = field(default_factory=list[Broken])
    unread: list[Source] = field(default_factory=list[Source])
    size: int = 0
    _pieces: Pieces | None = None
    _raw: list[bytes | Sequence[Line]] = field(default_factory=list[bytes | Sequence[Line]])
    _ended: bool = False

    @property
    def over(self) -> bool:
        """Whether nothing more is to be read."""
        return self._pieces is None and not self.waiting

    async def fill(self, slice_: int) -> None:
        """Read about so many bytes of the present source, or begin the next."""
        begun = False
        try:
            if self._pieces is None:
                self._ended = False
                self.streams.append(self.begin(self.waiting.popleft()))
                self._pieces = self.streams[-1].source.open(self.most)
            start = self.size
            while self.size - start < slice_:
                piece = await anext(self._pieces, None)
                if piece is None:
                    self._ended = True
                    return
                self._raw.append(piece)
                self.size += len(piece) if isinstance(piece, bytes) else _weight(piece)
        except Fault as fault:
            stream = self.streams[-1]
            begun = bool(self._raw or stream.read)
            self.broken.append(Broken(stream.source, fault, begun))
            self._ended = True

    def parse(self) -> None:
        """Turn what was read into records. Computes only; may run in a thread."""
        if not self.streams:
            return
        stream = self.streams[-1]
        records = stream.parse(self._raw, ended=self._ended)
        self._raw.clear()
        seen = self.after.get(stream.source.label)
        if seen is not None and seen.key > EARLIEST:
            records = [record for record in records if record[0] > seen.key]
        self.queue.extend(records)
        if self._ended:
            self._pieces, self._ended = None, False

    async def aclose(self) -> None:
        """Stop reading; what was not read to its end is `unread`."""
        pieces, self._pieces = self._pieces, None
        self.unread += [self.streams[-1].source] if pieces is not None else []
        self.unread += self.waiting
        self.waiting.clear()
        close = getattr(pieces, "aclose", None)
        if close is not None:
            await close()


def _weight(lines: Sequence[Line]) -> int:
    return sum(len(text) for _, text in lines)


def lanes_of(sources: Sequence[Source]) -> list[deque[Source]]:
    """Sources of one lane together, in their order."""
    lanes: dict[object, deque[Source]] = {}
    for source in sources:
        lanes.setdefault(source.lane or id(source), deque()).append(source)
    return list(lanes.values())


def merged(lanes: Sequence[Lane]) -> Iterator[list[Record]]:
    """What can be told in time order now, in runs of one lane each.

    Ends where a lane has to be read on before it is known what comes next.
    """
    live = [lane for lane in lanes if lane.queue or not lane.over]
    while live and all(lane.queue for lane in live):
        lane = min(live, key=lambda each: each.queue[0][0])
        limit = min((each.queue[0][0] for each in live if each is not lane), default=None)
        run = [lane.queue.popleft()]
        if limit is None:
            run += lane.queue
            lane.queue.clear()
        while lane.queue and lane.queue[0][0] <= (limit or EARLIEST):
            run.append(lane.queue.popleft())
        yield run
        live = [each for each in live if each.queue or not each.over]
