"""What a log said: exact counts, the lines of one page, and what all of it was clustered into."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fivetabs.core.answers import Log, Table
from fivetabs.core.faults import Fault


@dataclass(frozen=True, slots=True)
class Template:
    """Entries of one shape. `words` is the shape, `example` one of them, verbatim but cut.

    `level` is error, warning, info, debug or empty; `odd`: its words look worse than its level.
    `new`: all of them are of the present run or rollout. `before` and `after` are the lines
    beside the first one.
    """

    words: str
    example: str
    level: str
    odd: bool
    count: int
    first: datetime | None
    last: datetime | None
    new: bool
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """A source that could not be read, or (`begun`) not to its end."""

    label: str
    fault: Fault
    begun: bool

    def __str__(self) -> str:
        name = f"the log of {self.label}" if self.label else "the log"
        return f"{name} broke off: {self.fault}" if self.begun else f"{name}: {self.fault}"


@dataclass(frozen=True, slots=True)
class Digest:
    """The whole of what a reading found out.

    `read` and `matched` count lines, `cut` bytes of overlong lines that are not shown, `shown`
    the lines in `text`; `first` and `last` are the times of the lines read. `spoken` are the
    labels of the sources that gave lines that matched, `by_source` the lines read of each. `older`
    counts the matching lines before this page. `said` are sentences about what was left out or
    odd, `gaps` about what was not read since it is more than is read at most.
    """

    read: int
    matched: int
    shown: int
    older: int
    cut: int
    text: str
    first: datetime | None
    last: datetime | None
    spoken: tuple[str, ...]
    by_source: tuple[tuple[str, int], ...]
    templates: tuple[Template, ...]
    tables: tuple[Table, ...]
    said: tuple[str, ...]
    gaps: tuple[str, ...]
    faults: tuple[Failure, ...]

    def log(
        self,
        *,
        summary: str,
        source: str,
        notes: Sequence[str] = (),
        missing: Sequence[str] = (),
    ) -> Log:
        """The answer of a tool; its own notes and gaps come before the reader's."""
        return Log(
            summary=summary,
            source=source,
            text=self.text,
            read=self.read,
            matched=self.matched,
            shown=self.shown,
            tables=self.tables,
            notes=(*notes, *self.said),
            missing=(*missing, *self.gaps, *map(str, self.faults)),
        )
