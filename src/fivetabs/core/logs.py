"""Choosing lines of a log: a filter that cannot be made to hang, and honest counts.

Patterns are RE2 (linear time, no back-references): whatever a caller writes, a line costs a bounded
time.
"""

from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from fivetabs.core.faults import Invalid

LONGEST_LINE = 2000


@dataclass(frozen=True, slots=True)
class Selection:
    """The chosen lines, newest last, and how many were read and matched to choose them."""

    lines: tuple[str, ...]
    read: int
    matched: int


async def select(
    chunks: AsyncIterator[bytes], *, most: int, grep: str = "", exclude: str = ""
) -> Selection:
    """The last `most` lines that match `grep` and do not match `exclude`, in constant memory.

    Raises:
        Invalid: If a pattern is not RE2.
    """
    wanted, unwanted = compile_pattern(grep), compile_pattern(exclude)
    kept: deque[str] = deque(maxlen=most)
    read = matched = 0
    async for line in _lines(chunks):
        read += 1
        if (wanted is None or wanted(line)) and not (unwanted is not None and unwanted(line)):
            matched += 1
            kept.append(line)
    return Selection(tuple(kept), read, matched)


def compile_pattern(pattern: str) -> Callable[[str], bool] | None:
    """A test for a line, or None for no pattern.

    Raises:
        Invalid: If the pattern is not RE2.
    """
    if not pattern:
        return None
    # The library ships no types; it is imported at the first pattern, not at start.
    re2: Any = import_module("re2")
    options = re2.Options()
    options.log_errors = False
    try:
        compiled = re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0].decode() if error.args else "not RE2"
        raise Invalid(
            f"{pattern!r} is not a usable pattern: {reason}",
            hint="patterns are RE2: no look-around and no back-references",
        ) from error
    return lambda line: compiled.search(line) is not None


async def _lines(chunks: AsyncIterator[bytes]) -> AsyncIterator[str]:
    rest = b""
    cut = False
    async for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            if not cut:
                yield _text(line)
            cut = False
        if len(rest) > LONGEST_LINE:
            if not cut:
                yield _text(rest)
            cut, rest = True, b""
    if rest and not cut:
        yield _text(rest)


def _text(line: bytes) -> str:
    text = line[: LONGEST_LINE + 1].decode("utf-8", "replace").rstrip("\r")
    return text if len(line) <= LONGEST_LINE else f"{text[:LONGEST_LINE]} [line cut]"
