"""What is asked of a log, and how much of it is read at most."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fivetabs.core.logs.patterns import compile_pattern
from fivetabs.core.times import parse_time

LINES = 40
"""Lines of a page, unless another number is asked for."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most that one question reads: lines, bytes, seconds. What is beyond is said."""

    lines: int = 2_000_000
    bytes: int = 512 * 1024 * 1024
    seconds: float = 42.0


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a log.

    `lines` are shown a page (0: as many as suit the log), and page 1 holds the newest. `grep` and
    `exclude` are RE2 patterns, applied to the line as its program wrote it. Lines before `since`
    or after `until` are left out, as far as their times are known; with `until` pages stay the
    same while the log grows.
    """

    lines: int = 0
    grep: str = ""
    exclude: str = ""
    page: int = 1
    since: datetime | None = None
    until: datetime | None = None
    timestamps: bool = False
    bounds: Bounds = field(default_factory=Bounds)

    def check(self) -> None:
        """Refuse wrong patterns before anything is read.

        Raises:
            Invalid: If a pattern is not RE2.
        """
        compile_pattern(self.grep)
        compile_pattern(self.exclude)


def parse_until(text: str) -> datetime | None:
    """A time up to which lines count; None for no text.

    A time of whole seconds means that whole second, as answers are stamped: lines that were shown
    are then not left out when the same log is read again.

    Raises:
        ValueError: If the text is not a time.
    """
    if not text:
        return None
    try:
        when = parse_time(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a time; write it like 2026-03-12T10:00:00Z") from None
    return when if when.microsecond else when + timedelta(seconds=1, microseconds=-1)
