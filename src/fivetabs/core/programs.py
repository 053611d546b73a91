"""Programs that a house starts, or has started for it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Program:
    """One program, as the configuration names it: a word that PATH is searched for, or a path.

    `reason` says who wants it. One that is not `needed` is only handy: nobody misses it.
    """

    name: str
    reason: str
    needed: bool = True
