"""The way to one target: what a house found out about it, for people who ask why it is closed.

A house tells its ways through a `Checkup`: `found` only reads what is on this machine, and `ask`
asks the backend itself. What is wrong with a way is judged above the houses, alike for all of them.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from fivetabs.core.faults import Fault

V = TypeVar("V")
EVERYWHERE = "all"
Names = Sequence[str | None]
Spread = Callable[[str, Names], Names]
"""Of a caller's target and the names of all targets those that are meant; none: it is just one."""
NO_NOTICE = timedelta(days=-3650)
"""For what renews itself: nobody needs to know of its end."""


@dataclass(frozen=True, slots=True)
class Ending:
    """Something that runs out: a token, a certificate, a session. `mend` renews it.

    `notice` is how long before its end somebody should know (`NO_NOTICE`: never).
    """

    what: str
    when: datetime
    mend: str = ""
    notice: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that is wrong beside the way itself, in one sentence, and what mends it."""

    words: str
    mend: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One target as it was found, and as it answered when it was asked.

    `target` is as a `Subject` would name it, `name` what a caller gives as target (None: what is
    meant when none is named). `source` says which file or variable it comes from, `identity` as
    whom the backend knows us. `behind` is how far this machine's clock is behind the backend's.
    `lacks` are rights the tools will miss, and `grant` gives them; `withheld` and `grant_changes`
    are the same for rights that only changes need. `fault` is why it is closed.
    """

    target: str
    name: str | None = None
    default: bool = True
    asked: bool = False
    source: str = ""
    address: str = ""
    identity: str = ""
    version: str = ""
    behind: timedelta = timedelta()
    ends: tuple[Ending, ...] = ()
    lacks: tuple[str, ...] = ()
    grant: str = ""
    withheld: tuple[str, ...] = ()
    grant_changes: str = ""
    flaws: tuple[Flaw, ...] = ()
    missing: tuple[str, ...] = ()
    fault: Fault | None = None

    @property
    def status(self) -> str:
        """`ready`, the status of its fault, or that it was not asked."""
        if self.fault is not None:
            return self.fault.status
        return "ready" if self.asked else "not asked"


@dataclass(frozen=True, slots=True)
class Checkup(Generic[V]):
    """How a house looks at its ways.

    `found` blocks, reads files and variables only, runs nothing, and gives the default target
    first, or all of them where unset means several; what it cannot even read is a way with a fault.
    `ask` asks one open target.

    Raises (both):
        Fault: What is wrong with all of it.
    """

    found: Callable[[Any], tuple[Way, ...]]
    ask: Callable[[V, Way], Awaitable[Way]]


@dataclass(frozen=True, slots=True)
class Ways:
    """One house's ways; `now` is the time that ends are counted from."""

    house: str
    now: datetime
    ways: tuple[Way, ...]


def alone(_: str, __: Names) -> Names:
    """No words of a caller mean several targets."""
    return ()


def each_by_name(target: str, names: Names) -> Names:
    """`all` means every target, unless one of them is called that."""
    return names if target == EVERYWHERE and EVERYWHERE not in names else ()
