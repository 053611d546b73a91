"""What is wrong with the way to a target, in which words, and what mends it.

A house's faults name their own cause and mending command; here they get their code and weight.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from fivetabs.core import (
    Denied,
    Expired,
    Fault,
    Found,
    Misconfigured,
    NotConfigured,
    NotFound,
    Severity,
    TimedOut,
    Unauthorised,
    Unreachable,
    Way,
    rule,
    span,
    stamp,
)
from fivetabs.core.clocks import TOLERANCE
from fivetabs.core.faults import Invalid

_NAMED = 8


@dataclass(frozen=True, slots=True)
class Passage:
    """A way at a time: what the rules look at."""

    way: Way
    now: datetime


def _told(passage: Passage, *kinds: type[Fault]) -> Iterator[Found]:
    fault = passage.way.fault
    if passage.way.default and isinstance(fault, kinds):
        yield _as_found(passage.way, fault)


def _as_found(way: Way, fault: Fault) -> Found:
    return Found(way.target, str(fault), words=fault.hint)


@rule("CON101", Severity.CRITICAL, basic=True)
def misconfigured(passage: Passage) -> Iterator[Found]:
    """What is configured cannot be used.

    Correct the file or variable that the sentence names.
    """
    yield from _told(passage, Misconfigured, NotFound, Invalid)


@rule("CON102", Severity.INFO, basic=True)
def not_configured(passage: Passage) -> Iterator[Found]:
    """Nothing is configured here.

    Nothing to mend, unless you want this house: then configure it as its own tools do.
    """
    if type(passage.way.fault) is NotConfigured:
        yield from _told(passage, NotConfigured)


@rule("CON103", Severity.CRITICAL, basic=True)
def unreachable(passage: Passage) -> Iterator[Found]:
    """Nothing answers at the address, or not in time.

    See that it is up, and that this machine reaches it: name, network, VPN, proxy, certificate.
    """
    yield from _told(passage, Unreachable, TimedOut)


@rule("CON104", Severity.CRITICAL, basic=True)
def expired(passage: Passage) -> Iterator[Found]:
    """The credential has run out.

    Log in again; no restart of this server is needed.
    """
    yield from _told(passage, Expired)


@rule("CON105", Severity.CRITICAL, basic=True)
def unauthorised(passage: Passage) -> Iterator[Found]:
    """The backend does not accept who we are.

    Log in as somebody it knows; no restart of this server is needed.
    """
    yield from _told(passage, Unauthorised, Denied)


@rule("CON106", Severity.CRITICAL)
def failed(passage: Passage) -> Iterator[Found]:
    """The target was asked and failed in another way.

    Ask again; if it stays so, the server's log (stderr) has more.
    """
    known = (NotConfigured, NotFound, Invalid, Unreachable, TimedOut, Expired, Unauthorised, Denied)
    fault = passage.way.fault
    if passage.way.default and fault is not None and not isinstance(fault, known):
        yield _as_found(passage.way, fault)


@rule("CON201", Severity.WARNING)
def other_target(passage: Passage) -> Iterator[Found]:
    """A target that is not the default one cannot be used.

    It matters only to a call that names this target: mend it, or remove it.
    """
    fault = passage.way.fault
    if not passage.way.default and fault is not None:
        yield _as_found(passage.way, fault)


@rule("CON202", Severity.WARNING)
def running_out(passage: Passage) -> Iterator[Found]:
    """A credential runs out soon.

    Renew it before that; no restart of this server is needed.
    """
    if isinstance(passage.way.fault, Expired):
        return
    for each in passage.way.ends:
        left = each.when - passage.now
        if left <= each.notice:
            when = f"in {span(left)}" if left > timedelta() else f"{span(-left)} ago"
            cause = f"{each.what} runs out at {stamp(each.when)}, {when}"
            if left <= timedelta():
                cause = f"{each.what} ran out at {stamp(each.when)}, {when}"
            yield Found(passage.way.target, cause, words=each.mend, fold=cause)


@rule("CON203", Severity.WARNING)
def clock(passage: Passage) -> Iterator[Found]:
    """The clocks of this machine and of the backend differ.

    Set this machine's clock, if it is the wrong one: sudo timedatectl set-ntp true
    """
    behind = passage.way.behind
    if abs(behind) > TOLERANCE:
        side = "behind" if behind > timedelta() else "ahead of"
        cause = f"this machine's clock is {span(abs(behind))} {side} that of {passage.way.target}"
        yield Found(passage.way.target, cause)


@rule("CON204", Severity.WARNING)
def rights(passage: Passage) -> Iterator[Found]:
    """Rights are missing that the tools need.

    What needs them says `denied` and the rest works; ask the owner for exactly these.
    """
    way = passage.way
    if way.lacks:
        yield Found(way.target, _may_not(way, way.lacks), words=way.grant)


@rule("CON206", Severity.INFO)
def rights_of_changes(passage: Passage) -> Iterator[Found]:
    """Rights are missing that only changes need.

    Nothing to mend if fivetabs is to read only: a change is refused by the backend then.
    """
    way = passage.way
    if way.withheld:
        cause = f"{_may_not(way, way.withheld)}; only changes need it"
        yield Found(way.target, cause, words=way.grant_changes)


def _may_not(way: Way, rights: tuple[str, ...]) -> str:
    more = f" and {len(rights) - _NAMED} more" if len(rights) > _NAMED else ""
    who = way.identity or "the credential in use"
    return f"{who} may not: {', '.join(rights[:_NAMED])}{more}"


@rule("CON205", Severity.WARNING)
def flaws(passage: Passage) -> Iterator[Found]:
    """Something beside the way is not as it should be.

    It works for now; the sentence says what is in doubt.
    """
    for each in passage.way.flaws:
        yield Found(passage.way.target, each.words, words=each.mend, fold=each.words)


RULES = (
    misconfigured,
    not_configured,
    unreachable,
    expired,
    unauthorised,
    failed,
    other_target,
    running_out,
    clock,
    rights,
    flaws,
    rights_of_changes,
)
