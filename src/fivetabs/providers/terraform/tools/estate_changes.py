"""What Terraform wrote since a time: the serial of each state, and what the write touched."""

from collections.abc import Iterator
from datetime import datetime

from fivetabs.core import Change, Fault, History, Scope, Subject, stamp, term
from fivetabs.providers.terraform.port import SCHEME, StateRaw, Workspaces
from fivetabs.providers.terraform.shapes.locks import parse_lock
from fivetabs.providers.terraform.shapes.snapshots import rewritten
from fivetabs.providers.terraform.shapes.values import place
from fivetabs.providers.terraform.tools.estate_reading import ready_of, states_of

_NAMED = 4


async def changes(workspaces: Workspaces, since: datetime, _scope: Scope) -> History:
    """The last write of every local state, and locks that were taken since then.

    A remote backend tells no time of a write: its states are named in `checked` with their serial.

    Raises:
        Fault: If the folders cannot be looked through.
    """
    ready, missing = ready_of(await workspaces.directories())
    got, late = await states_of(workspaces, ready)
    found: list[Change] = []
    checked: list[str] = []
    for directory, raw in got:
        if isinstance(raw, Fault):
            missing.append(f"the state of {term(directory)}: {raw.status}: {raw}")
            continue
        found += (change for change in _of(raw) if change.when >= since)
        checked.append(_told(raw))
    found.sort(key=lambda c: (c.when, str(c.subject), c.what))
    return History(tuple(found), tuple(checked), (*missing, *late))


def _of(raw: StateRaw) -> Iterator[Change]:
    subject = Subject(SCHEME, raw.directory, ())
    if raw.state is not None and raw.modified is not None:
        touched = [*rewritten(raw.before or {}, raw.state)] if raw.before else []
        told = ", ".join(f"{place(address)} {how}" for address, how in touched[:_NAMED])
        more = f" and {len(touched) - _NAMED} more" if len(touched) > _NAMED else ""
        yield Change(
            subject=_touched(raw, [address for address, _ in touched]),
            when=raw.modified,
            what="the state was written" + (f": {told}{more}" if told else ""),
            source="the state file",
            before=f"serial {raw.before.get('serial')}" if raw.before else "",
            after=f"serial {raw.state.get('serial')}",
        )
    lock = parse_lock(raw.lock)
    if lock:
        try:
            when = datetime.fromisoformat(lock.created)
        except ValueError:
            return
        what = f"the state was locked for {term(lock.operation)}"
        yield Change(subject, when, what, "the state's lock", who=term(lock.who))


def _touched(raw: StateRaw, addresses: list[str]) -> Subject:
    """The one address that a write touched, else the directory."""
    parts = tuple(addresses) if len(addresses) == 1 else ()
    return Subject(SCHEME, raw.directory, parts)


def _told(raw: StateRaw) -> str:
    if raw.state is None:
        return f"{term(raw.directory)}: no state"
    when = f"written {stamp(raw.modified)}" if raw.modified else "when it was written is not told"
    return f"{term(raw.directory)}: serial {raw.state.get('serial')} in {term(raw.backend)}, {when}"
