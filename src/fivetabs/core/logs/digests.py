"""What a log said: exact counts, the lines of one page, and what all of it was clustered into."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fivetabs.core.answers import Log, Table


@dataclass(frozen=True, slots=True)
class Template:
    """Entries of one shape. `example` is the first line of one of them, verbatim.

    `level` is error, warning, info, debug or empty. `new`: none was seen before the rollout.
    """

    text: str
    example: str
    level: str
    count: int
    first: datetime | None
    last: datetime | None
    new: bool
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Digest:
    """The whole of what a reading found out.

    `read` and `matched` count lines, `cut` bytes of overlong lines that are not shown, `shown`
    the lines in `text`; `first` and `last` are the times of the lines read. `said` are the
    sentences about what was left out, odd, or not read.
    """

    read: int
    matched: int
    shown: int
    cut: int
    text: str
    first: datetime | None
    last: datetime | None
    spoken: tuple[str, ...]
    """The labels of the sources that gave lines that matched."""
    templates: tuple[Template, ...]
    tables: tuple[Table, ...]
    said: tuple[str, ...]

    def log(
        self,
        *,
        summary: str,
        source: str,
        notes: Sequence[str] = (),
        missing: Sequence[str] = (),
    ) -> Log:
        """The answer of a tool. `notes` come before what the reader itself has to say."""
        return Log(
            summary=summary,
            source=source,
            text=self.text,
            read=self.read,
            matched=self.matched,
            shown=self.shown,
            tables=self.tables,
            notes=(*notes, *self.said),
            missing=tuple(missing),
        )
