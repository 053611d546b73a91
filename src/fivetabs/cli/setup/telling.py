"""What a person is shown of a change before it is made, without the secrets around it."""

from collections.abc import Callable, Iterator
from difflib import unified_diff
from itertools import takewhile

from fivetabs.cli.setup.reading import place

_WIDEST = 400
_NO_END = "\\ no line end at the end of the file"


def diff(name: str, before: str | None, after: str, veil: Callable[[str], str]) -> str:
    """A unified diff. `veil` hides secrets; of a line too wide to read only the change is shown."""
    old, new = _lines(before or ""), _lines(after)
    start = "(no file)" if before is None else name
    told = list(unified_diff(old, new, fromfile=start, tofile=name, lineterm=""))
    if any(len(line) > _WIDEST for line in told):
        told = [_shortened(line) for line in told]
        told += _changed(before or "", after)
    return veil("\n".join(told))


def _lines(text: str) -> list[str]:
    """Lines without their ends; what else is not to be seen is written out."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines[-1]:
        lines.append(_NO_END)
    else:
        lines.pop()
    return ["".join(_shown(line)) for line in lines]


def _shown(line: str) -> Iterator[str]:
    for letter in line:
        yield letter if letter.isprintable() or letter == "\t" else f"\\u{ord(letter):04x}"


def _shortened(line: str) -> str:
    return line if len(line) <= _WIDEST else f"{line[:80]} ... ({len(line)} characters)"


def _changed(before: str, after: str) -> Iterator[str]:
    """What goes and what comes, without the same beginning and end of both."""
    first = _alike(before, after)
    last = _alike(before[first:][::-1], after[first:][::-1])
    line, column = place(before, first)
    yield f"in line {line}, from column {column}:"
    for mark, text in (("-", before), ("+", after)):
        part = text[first : len(text) - last]
        yield from (f"{mark}{each}" for each in _lines(f"{part}\n") if part)


def _alike(one: str, other: str) -> int:
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
