"""Patterns that a caller writes: RE2, so whatever it is, a line costs a bounded time."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from fivetabs.core.faults import Invalid

Text = str | bytes
Test = Callable[[Text], bool]


def compile_pattern(pattern: str) -> Test | None:
    """A test for a line, or None for no pattern.

    Pattern and lines are UTF-8; a byte of a line that is no UTF-8 matches nothing but `.`'s like.

    Raises:
        Invalid: If the pattern is not RE2 (linear time, no look-around, no back-references).
    """
    if not pattern:
        return None
    search = compiled(pattern)
    return lambda line: search(line) is not None


def compiled(pattern: str) -> Callable[[Text], Any]:
    """The search of a pattern: a match with `groups()`, or None.

    Raises:
        Invalid: If the pattern is not RE2.
    """
    # The library ships no types; it is imported at the first pattern, not at start.
    re2: Any = import_module("re2")
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options).search
    except re2.error as error:
        reason = error.args[0].decode() if error.args else "not RE2"
        raise Invalid(
            f"{pattern!r} is not a usable pattern: {reason}",
            hint="patterns are RE2: no look-around and no back-references",
        ) from error
