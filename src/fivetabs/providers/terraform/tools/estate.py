"""How this house tells its part of the estate: the states below the allowed folders."""

import asyncio
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from fivetabs.core import (
    Chart,
    Closer,
    Evidence,
    Fault,
    Link,
    Match,
    Relation,
    Subject,
    Survey,
    fold,
    run_rules,
    stamp,
    term,
)
from fivetabs.core.matching import Named, Words
from fivetabs.providers.terraform.port import SCHEME, Workspaces
from fivetabs.providers.terraform.rules.holding import (
    Held,
    cannot_be_read,
    held_for_long,
    worked_on,
)
from fivetabs.providers.terraform.rules.states import deposed, failed_checks, tainted
from fivetabs.providers.terraform.shapes.snapshots import Known, Snapshot
from fivetabs.providers.terraform.shapes.states import parse_attributes
from fivetabs.providers.terraform.tools.estate_changes import changes
from fivetabs.providers.terraform.tools.estate_reading import load

_PATIENCE = 4.0
_MOST_ATTRIBUTES = 12
_TELLING = (
    *("instance_type", "ami", "engine", "engine_version", "instance_class", "image", "version"),
    *("desired_capacity", "min_size", "max_size", "replicas", "size", "port", "threshold", "name"),
)
_EMPTY = frozenset({"null", '""', "[]", "{}", "false", "0"})


def survey(snapshot: Snapshot) -> Survey:
    """What the states say of themselves, and those that cannot be read."""
    states = [each.state for each in snapshot.known]
    held = (Held(state, snapshot.now) for state in states)
    findings = (
        *run_rules((cannot_be_read,), snapshot.unread),
        *run_rules((deposed, tainted, failed_checks), states),
        *run_rules((held_for_long, worked_on), held),
    )
    ordered = fold((f, f"{f.code} {f.subject}") for f in findings)
    return Survey(ordered, tuple(_healthy(snapshot)), snapshot.missing)


def links(snapshot: Snapshot) -> tuple[Link, ...]:
    """From each thing that a resource made, by its id or ARN, to the address that makes it."""
    return tuple(
        Link(name, Relation.MANAGED_BY, known.subject(address), "the Terraform state")
        for known in snapshot.known
        for address, names in sorted(known.names.items())
        for name in names
    )


def aliases(snapshot: Snapshot) -> Mapping[str, Subject]:
    """Addresses, with their directory and, where only one directory has them, without."""
    found: dict[str, Subject] = {}
    doubled: set[str] = set()
    for known in snapshot.known:
        found[known.state.directory] = known.subject()
        for resource in known.state.resources:
            subject = known.subject(resource.address)
            found[f"{known.state.directory}/{resource.address}"] = subject
            if resource.address in found:
                doubled.add(resource.address)
            found[resource.address] = subject
    kept = {name: subject for name, subject in found.items() if name not in doubled}
    return MappingProxyType(dict(sorted(kept.items())))


def find(snapshot: Snapshot, text: str) -> tuple[Match, ...]:
    """Addresses and directories by name, by the id of what they made, or by words of them."""
    words = Words.of(text)
    found: list[Match] = []
    for known in snapshot.known:
        directory = known.state.directory
        own = Named((directory, f"{SCHEME}:{directory}"), ("terraform", "state"))
        if score := words.score(own):
            found.append(Match(known.subject(), score))
        for each in known.state.resources:
            subject = known.subject(each.address)
            # The id of what it made is a hint to it, and not its name: that is the thing's own.
            names = (each.address, str(subject), f"{directory}/{each.address}")
            traits = (each.type, "terraform", each.identity, *known.names.get(each.address, ()))
            if score := words.score(Named(names, traits)):
                found.append(Match(subject, score))
    return tuple(sorted(found, key=lambda m: (-m.score, m.subject)))


async def look(workspaces: Workspaces, snapshot: Snapshot, subject: Subject) -> Closer:
    """What the state remembers of one address, masked; of a directory its serial and lock."""
    known = next((k for k in snapshot.known if k.state.directory == subject.target), None)
    if known is None:
        return Closer()
    if not subject.parts:
        return Closer(evidence=(_of_state(known),))
    try:
        async with asyncio.timeout(_PATIENCE):
            raw = await workspaces.state(subject.target)
            values = await asyncio.to_thread(parse_attributes, raw, subject.name)
    except TimeoutError:
        return Closer(missing=(f"{subject}: not read within {_PATIENCE:.0f} s",))
    except Fault as fault:
        return Closer(missing=(f"{subject}: {fault.status}: {fault}",))
    told = [(path, value) for path, value in values if value not in _EMPTY]
    told.sort(key=lambda pair: _TELLING.index(pair[0]) if pair[0] in _TELLING else len(_TELLING))
    quote = ", ".join(f"{path} = {value}" for path, value in told[:_MOST_ATTRIBUTES])
    evidence = (Evidence(quote=quote, source=f"the Terraform state of {known.state.where}"),)
    return Closer(evidence=(*evidence[: bool(quote)], _of_state(known)))


def _of_state(known: Known) -> Evidence:
    state = known.state
    lock = f", locked by {state.lock}" if state.lock else ""
    quote = f"serial {state.serial}, Terraform {state.version}, backend {state.backend}{lock}"
    time = stamp(state.modified) if state.modified else ""
    return Evidence(quote=quote, source=f"the Terraform state of {state.where}", time=time)


def _healthy(snapshot: Snapshot) -> Iterator[str]:
    for known in snapshot.known:
        state = known.state
        if state.serial is None:
            yield f"{term(state.directory)}: no state yet"
        elif not state.lock and not any(each.status for each in state.resources):
            managed = sum(each.mode == "managed" for each in state.resources)
            told = f"{managed} resource{'' if managed == 1 else 's'}"
            yield f"{state.where}: serial {state.serial}, {told}, none tainted, no lock"


def checks() -> str:
    """What the rules look at, in a few words."""
    return (
        "tainted and deposed resources, failed checks, locks and unreadable states, without a plan"
    )


CHART: Chart[Workspaces, Snapshot] = Chart(
    load, survey, links, aliases, find, look, changes, checks
)
