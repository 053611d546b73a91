"""Names that were meant: the near ones when a name is not there."""

from collections.abc import Iterable
from difflib import get_close_matches

from fivetabs.core.quoting import quoted, term, unmarked

_MOST = 5


def near(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """At most five known names that somebody who wrote `name` may have meant, the nearest first."""
    names = sorted(set(known))
    close = get_close_matches(name, names, n=_MOST, cutoff=0.6)
    inside = [n for n in names if n not in close and (name in n or n in name)] if name else []
    return tuple((close + inside)[:_MOST])


def did_you_mean(name: str, known: Iterable[str], *, otherwise: str = "") -> str:
    """A hint of the near names, or `otherwise` when none is near."""
    names = near(name, known)
    return f"did you mean {' or '.join(map(spelled, names))}?" if names else otherwise


def spelled(name: str) -> str:
    """A name in quotation marks, marked as foreign where it is more than one plain word."""
    bare = unmarked(name)
    return repr(bare) if term(bare) == bare else quoted(repr(bare))
