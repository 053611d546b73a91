"""What is said of each place where the audit trail is not as it was written. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from fivetabs.app.store.anchors import Mark
from fivetabs.app.store.lines import Line
from fivetabs.app.store.mending import AHEAD, BROKEN, FOREIGN, TORN, UNANCHORED, same_boot
from fivetabs.app.store.trail import Entry

_HAND = "another hand than this server's"


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something not as it was written, in line `number` of a file (0: in no line of it).

    `broken`: no harmless end of a process explains it.
    """

    file: str
    number: int
    told: str
    broken: bool = True
    hint: str = ""

    @property
    def place(self) -> str:
        """Where it is."""
        return ":".join(filter(None, (self.file, str(self.number or ""))))


def torn(first: Entry, count: object, told_at: str) -> Flaw:
    """A write that was cut off."""
    after = f"; recorded at {told_at}" if told_at else "; the next line will record it"
    told = f"a line torn off after {count} bytes: its writer was killed, or the power was cut"
    return Flaw(first.file, first.number, f"{told}{after}", broken=False)


def no_line(entry: Entry, *, in_place: bool) -> Flaw:
    """Bytes that are no line as it was written."""
    told = (
        "this line was changed or damaged after it was written"
        if in_place
        else f"this is no line of the trail: {_HAND} put it here"
    )
    return Flaw(entry.file, entry.number, told)


def not_next(entry: Entry, line: Line, before: int) -> Flaw:
    """A whole line that does not follow the one before it."""
    if line.n <= before:
        told = f"line {line.n} stands after line {before}: moved, repeated or put in"
    elif line.n == before + 2:
        told = f"line {line.n - 1} is missing before this one"
    elif line.n > before + 1:
        told = f"lines {before + 1} to {line.n - 1} are missing before this one"
    else:
        told = f"line {line.n} follows another line {before} than the one before it: one of the "
        told += "two was rewritten"
    return Flaw(entry.file, entry.number, told)


def flaw_of_sign(entry: Entry, line: Line) -> Flaw:
    """What a writer said of the end that it found."""
    return Flaw(entry.file, entry.number, f"noticed at {line.time}: {sign_told(line)}")


def sign_told(line: Line) -> str:
    """The same, in words."""
    facts, anchored, found = line.facts, _of(line, "anchored"), _of(line, "found")
    count, booted = anchored.get("n"), str(anchored.get("same_boot"))
    power = {"yes": "", "no": " or a power cut"}.get(booted, " or perhaps a power cut")
    lasting = "" if count == anchored.get("durable") else power
    end = f"the last whole line was {found.get('n')}" if found else "no whole line was there"
    return {
        TORN: f"{facts.get('bytes')} bytes before this line are a write that was cut off",
        AHEAD: f"{facts.get('lines')} lines after line {count} had not been anchored: {_HAND} "
        f"wrote them{power and ' (or the power was cut)'}, or an older database was put back",
        BROKEN: f"line {count} was the anchored end and was not there ({end}): {_HAND}{lasting} "
        "cut it off or rewrote it",
        FOREIGN: f"{facts.get('bytes')} bytes before this line are no line: {_HAND} wrote them",
        UNANCHORED: f"nothing anchored the lines before this one ({end}): the database was deleted "
        "or replaced, so their end is not vouched for",
    }.get(str(facts.get("kind")), "a sign of an unknown kind")


def not_anchored(count: int) -> Flaw:
    """No mark at all."""
    told = f"nothing anchors the end, line {count}: the database was deleted or replaced"
    return Flaw("", 0, told)


def rewritten(mark: Mark) -> Flaw:
    """Another line where the anchored one was."""
    told = (
        f"line {mark.count} is another one than was anchored ({mark.head}): the trail, or a part "
    )
    return Flaw("", 0, f"{told}of it up to there, was rewritten or replaced by {_HAND}")


def too_few(count: int, mark: Mark, now: str) -> Flaw:
    """The end is missing."""
    gone = mark.count - count
    what = "the last line is" if gone == 1 else f"the last {gone} lines are"
    told = f"{what} missing: {mark.count} were anchored and {count} are there. A{_HAND[1:]}"
    power = " or a power cut" if _power_may_explain(mark, now) and count >= mark.durable else ""
    return Flaw("", 0, f"{told}{power} took them away")


def too_many(count: int, head: str, mark: Mark, now: str) -> Flaw:
    """Lines after the anchored end."""
    if (count, head) == (mark.count + 1, mark.next):
        told = f"line {count} was written and not yet anchored: its writer ended between the two"
        return Flaw("", 0, told, broken=False)
    extra = count - mark.count
    what = "the last line was" if extra == 1 else f"the last {extra} lines were"
    power = " (or the power was cut)" if _power_may_explain(mark, now) else ""
    told = f"{what} never anchored: {_HAND} wrote them{power}, or an older database was put back"
    return Flaw("", 0, told)


def _of(line: Line, key: str) -> Mapping[str, Any]:
    """A fact that is an object; a forged line may hold anything."""
    value = line.facts.get(key)
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}


def _power_may_explain(mark: Mark, now: str) -> bool:
    return same_boot(mark.boot, now) != "yes"
