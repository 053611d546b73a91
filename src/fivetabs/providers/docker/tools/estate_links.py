"""What a container needs, and under which names other houses know it. Pure."""

from collections.abc import Iterator
from types import MappingProxyType

from fivetabs.core import Link, Relation, Subject, term
from fivetabs.core.patterns import Pattern
from fivetabs.providers.docker.shapes.containers import Summary
from fivetabs.providers.docker.shapes.snapshots import Snapshot
from fivetabs.providers.docker.shapes.wiring import Wiring

_SHORT = 12
_NAMES = Pattern(r"(?<![\w.-])(?:[a-z][a-z0-9.-]*[a-z0-9]|(?:\d{1,3}\.){3}\d{1,3})(?::\d{2,5})?")
_TELLING = Pattern(r"[.:-]")
_INSIDE = "host.docker.internal"


def links(snapshot: Snapshot) -> tuple[Link, ...]:
    """Every container to its engine, image, volumes, Compose peers, and what its settings name."""
    return tuple(link for row in snapshot.rows for link in _of(snapshot, row))


def aliases(snapshot: Snapshot) -> MappingProxyType[str, Subject]:
    """Names, ids, Compose services, published host:port, image references and digests."""
    known: dict[str, Subject] = {}
    for row in snapshot.rows:
        subject = snapshot.container(row.name)
        for name in (row.name, row.id, row.id[:_SHORT], row.compose):
            if name:
                known.setdefault(name, subject)
        for address in _addresses(snapshot, row):
            known.setdefault(address, subject)
    for (_, service), rows in sorted(snapshot.services.items()):
        if len(rows) == 1:
            known.setdefault(service, snapshot.container(rows[0].name))
    for image in snapshot.images or ():
        subject = _image(snapshot, image.tags[0] if image.tags else image.id)
        for name in (image.id, *image.tags, *image.digests):
            known.setdefault(name, subject)
    if snapshot.info and snapshot.info.name:
        known.setdefault(snapshot.info.name, snapshot.engine)
    return MappingProxyType(dict(sorted(known.items())))


def named_in(snapshot: Snapshot, row: Summary, text: str, via: str) -> Iterator[Link]:
    """What a program's own words name: neighbours here, or things of other houses by their name.

    Words alone are not names: it takes a dot, a dash or a port, or a neighbour's very name.
    """
    subject = snapshot.container(row.name)
    for name in dict.fromkeys(_NAMES.findall(text.lower())):
        host = name.partition(":")[0]
        if neighbour := _neighbour(snapshot, row, host):
            if neighbour != subject:
                yield Link(subject, Relation.DEPENDS_ON, neighbour, via)
        elif _TELLING.search(name):
            yield from (
                Link(subject, Relation.DEPENDS_ON, n, via) for n in dict.fromkeys((name, host))
            )


def _of(snapshot: Snapshot, row: Summary) -> Iterator[Link]:
    subject, wiring = snapshot.container(row.name), snapshot.wirings.get(row.id)
    yield Link(subject, Relation.RUNS_ON, snapshot.engine)
    for service in row.depends_on:
        via = f"depends_on in the Compose project {row.project}"
        for peer in snapshot.services.get((row.project, service), ()):
            yield Link(subject, Relation.DEPENDS_ON, snapshot.container(peer.name), via)
    if wiring is None:
        return
    tag = _tag(snapshot, wiring)
    if tag:
        yield Link(subject, Relation.USES_IMAGE, _image(snapshot, tag))
    for mount in wiring.mounts:
        place = "volume" if mount.kind == "volume" else "path"
        target = Subject("docker", snapshot.target, (place, mount.source))
        yield Link(subject, Relation.MOUNTS, target, f"mounted at {term(mount.destination)}")
    yield from _configured(snapshot, row, wiring)
    full = snapshot.full.get(row.id)
    if full and full.health == "unhealthy" and full.last_check:
        yield from named_in(snapshot, row, full.last_check.output, "its health check's output")


def _configured(snapshot: Snapshot, row: Summary, wiring: Wiring) -> Iterator[Link]:
    subject = snapshot.container(row.name)
    for each in wiring.references:
        via = f"env {term(each.variable)}"
        neighbour = _neighbour(snapshot, row, each.name)
        if neighbour is not None:
            if neighbour != subject:
                yield Link(subject, Relation.DEPENDS_ON, neighbour, via)
            continue
        for alias in each.aliases:
            yield Link(subject, Relation.DEPENDS_ON, alias, via)


def _neighbour(snapshot: Snapshot, row: Summary, name: str) -> Subject | None:
    """Who answers to a name inside Docker: a service of the project, else a container so called."""
    for peer in snapshot.services.get((row.project, name), ()):
        return snapshot.container(peer.name)
    found = any(other.name == name for other in snapshot.rows)
    return snapshot.container(name) if found else None


def _tag(snapshot: Snapshot, wiring: Wiring) -> str:
    for image in snapshot.images or ():
        if image.id == wiring.image_id:
            return image.tags[0] if image.tags else image.id
    return wiring.image_id


def _image(snapshot: Snapshot, name: str) -> Subject:
    return Subject("docker", snapshot.target, ("image", name))


def _addresses(snapshot: Snapshot, row: Summary) -> Iterator[str]:
    hosts = [_INSIDE]
    if snapshot.info and snapshot.info.name:
        hosts.insert(0, snapshot.info.name)
    for port in row.ports:
        outside, arrow, _ = port.partition("->")
        if arrow:
            yield from (f"{host}:{outside}" for host in hosts)
