"""What is wrong with a state beyond what it says: locks by their age, states that are broken."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from fivetabs.core import Evidence, Found, Severity, Subject, age, parse_time, quoted, rule, term
from fivetabs.providers.terraform.port import SCHEME
from fivetabs.providers.terraform.shapes.locks import Lock
from fivetabs.providers.terraform.shapes.snapshots import Unread
from fivetabs.providers.terraform.shapes.states import State

_LONG = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Held:
    """A state that somebody may hold locked, and the time it was looked at."""

    state: State
    now: datetime


@rule("TF125", Severity.WARNING)
def held_for_long(held: Held) -> Iterator[Found]:
    """A state has been locked for long: its holder may be dead, and nobody else can apply.

    Ask who holds it; terraform force-unlock only when that operation is surely over.
    """
    lock, since = held.state.lock, _since(held)
    if lock and (since is None or held.now - since > _LONG):
        yield _found(held, lock, since)


@rule("TF126", Severity.INFO)
def worked_on(held: Held) -> Iterator[Found]:
    """Somebody works on a state right now: it is locked, and may be about to change.

    Wait for that operation before planning or applying.
    """
    lock, since = held.state.lock, _since(held)
    if lock and since is not None and held.now - since <= _LONG:
        yield _found(held, lock, since)


@rule("TF127", Severity.WARNING)
def cannot_be_read(unread: Unread) -> Iterator[Found]:
    """A directory's state cannot be read by this Terraform: its version, format or configuration.

    Do what Terraform's own words say; most often a newer version wrote the state.
    """
    if not unread.words:
        return
    cause = f"the state of {term(unread.directory)} cannot be read: {quoted(unread.words)}"
    subject = Subject(SCHEME, unread.directory, ())
    yield Found(subject, cause, (Evidence(quote=unread.words, source="terraform state pull"),))


HOLDING_RULES = (held_for_long, worked_on, cannot_be_read)


def _found(held: Held, lock: Lock, since: datetime | None) -> Found:
    long = f" ({age(since, held.now)} ago)" if since else ""
    return Found(
        Subject(SCHEME, held.state.directory, ()),
        f"the state of {held.state.where} is locked by {lock}{long}",
        (Evidence(quote=f"{lock.who} {lock.operation}", source="the state's lock"),),
        since=since,
    )


def _since(held: Held) -> datetime | None:
    try:
        return parse_time(held.state.lock.created) if held.state.lock else None
    except ValueError:
        return None
