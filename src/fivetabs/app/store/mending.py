"""What a writer does where the end of the file is not what the anchor says. Pure.

The chain always goes on from what can be trusted, and a line of its own says what was found there,
so that nothing is mended in silence. `SIGN` is the event of those lines, `kind` its first fact:

* torn        bytes without an end of line: a write that was cut off by a kill or a power cut
* ahead       whole lines that were never anchored
* foreign     bytes after the end that are no line, and were no write of ours cut off
* broken      the anchored end is not there: cut off, replaced or rewritten
* unanchored  lines are there and nothing anchors them
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from fivetabs.app.store.anchors import Mark
from fivetabs.app.store.lines import Line, ending, read

SIGN = "trail"
TORN, AHEAD, FOREIGN, BROKEN, UNANCHORED = "torn", "ahead", "foreign", "broken", "unanchored"


@dataclass(frozen=True, slots=True)
class Mended:
    """Where the chain goes on, what to say of it, and whether an end of line is wanted first."""

    mark: Mark
    signs: tuple[dict[str, Any], ...]
    ended: bool


def mend(mark: Mark | None, tail: bytes, *, whole: bool, boot: str) -> Mended:
    """Judge the end of a file. `tail`: its last bytes, from its beginning where `whole`."""
    pieces = tail.split(b"\n")
    if not whole:
        pieces = pieces[1:]
    ended = not tail or tail.endswith(b"\n")
    if mark is None:
        return _unanchored(pieces, ended=ended)
    start = _after(mark, pieces, whole=whole)
    if start is None:
        last = next(_lines_back(pieces), None)
        found = {"n": last.n, "hash": last.hash} if last else {}
        return Mended(mark, (_sign(BROKEN, mark, boot, found=found),), ended)
    return _followed(mark, pieces[start:], boot=boot, ended=ended)


def _followed(mark: Mark, pieces: list[bytes], *, boot: str, ended: bool) -> Mended:
    """What stands after the anchored end: lines that go on from it, then perhaps a piece."""
    count, head, position = mark.count, mark.head, 0
    for raw in pieces:
        line = _line(raw)
        if line is None or (line.n, line.prev) != (count + 1, head):
            break
        count, head, position = line.n, line.hash, position + 1
    signs: list[dict[str, Any]] = []
    if rest := b"\n".join(pieces[position:]).removesuffix(b"\n"):
        # First of all, so that it stands right behind what it tells of.
        signs.append(_sign(FOREIGN if ended else TORN, mark, boot, **measure(rest)))
    if count > mark.count and (count, head) != (mark.count + 1, mark.next):
        signs.append(_sign(AHEAD, mark, boot, lines=count - mark.count))
    return Mended(replace(mark, count=count, head=head), tuple(signs), ended)


def _unanchored(pieces: list[bytes], *, ended: bool) -> Mended:
    last = next(_lines_back(pieces), None)
    found = {"n": last.n, "hash": last.hash} if last else {}
    mark = Mark(last.n, last.hash) if last else Mark()
    return Mended(mark, ({"kind": UNANCHORED, "found": found},), ended)


def measure(piece: bytes) -> dict[str, Any]:
    """What is recorded of a piece that is no line."""
    return {"bytes": len(piece), "sha256": sha256(piece).hexdigest()}


def same_boot(then: str, now: str) -> str:
    """Whether the machine has run on since: `yes`, `no`, or `unknown`."""
    if not (then and now):
        return "unknown"
    return "yes" if then == now else "no"


def _sign(kind: str, mark: Mark, boot: str, **facts: Any) -> dict[str, Any]:
    anchored: Mapping[str, Any] = {
        "n": mark.count,
        "hash": mark.head,
        "durable": mark.durable,
        "same_boot": same_boot(mark.boot, boot),
    }
    return {"kind": kind, "anchored": anchored, **facts}


def _after(mark: Mark, pieces: list[bytes], *, whole: bool) -> int | None:
    """Where what follows the anchored line begins, or None where that line is not there."""
    if mark.count == mark.file - 1:
        return 0 if whole else None
    end = ending(mark.head)[:-1]
    for position in range(len(pieces) - 1, -1, -1):
        line = _line(pieces[position]) if pieces[position].endswith(end) else None
        if line is not None and line.n == mark.count:
            return position + 1
    return None


def _lines_back(pieces: list[bytes]) -> Iterator[Line]:
    for raw in reversed(pieces):
        line = _line(raw)
        if line is not None:
            yield line


def _line(raw: bytes) -> Line | None:
    try:
        return read(raw)
    except ValueError:
        return None
