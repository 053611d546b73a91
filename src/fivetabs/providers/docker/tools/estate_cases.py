"""A snapshot as cases for the rules: each container with what is around it. Pure."""

from collections.abc import Mapping

from fivetabs.core import Finding, Survey, fold
from fivetabs.core.findings import first_of, run_rules
from fivetabs.providers.docker.rules.containers import LOOP_RESTARTS, Case
from fivetabs.providers.docker.rules.hosts import Host
from fivetabs.providers.docker.rules.order import BESIDE, CONTAINER, HOST
from fivetabs.providers.docker.shapes.beginnings import began
from fivetabs.providers.docker.shapes.containers import Container, Summary
from fivetabs.providers.docker.shapes.neighbourhoods import Around, Peer
from fivetabs.providers.docker.shapes.snapshots import Snapshot

_UP = frozenset({"running", "restarting"})


def survey(snapshot: Snapshot) -> Survey:
    """Every rule over the engine and its containers; what is well, in counted phrases."""
    cases = cases_of(snapshot)
    findings = (*first_of(CONTAINER, cases), *run_rules(BESIDE, cases), *_host(snapshot))
    accused = {s for f in findings for s in (f.subject, *f.symptoms)}
    return Survey(_ordered(findings), _healthy(snapshot, accused), snapshot.missing)


def cases_of(snapshot: Snapshot) -> tuple[Case, ...]:
    """The containers that were looked at in full, by name."""
    held, users, sick = _holders(snapshot), _users(snapshot), _sick(snapshot)
    return tuple(
        Case(c, snapshot.target, snapshot.now, _around(snapshot, c, held, users, sick))
        for c in sorted(snapshot.full.values(), key=lambda c: (c.name, c.id))
    )


def _around(
    snapshot: Snapshot,
    container: Container,
    held: Mapping[int, tuple[str, ...]],
    users: Mapping[tuple[str, str], tuple[Summary, ...]],
    sick: frozenset[str],
) -> Around:
    wiring = snapshot.wirings[container.id]
    ending, request = snapshot.story.ending(container.id, container.finished)
    peers = (
        Peer(need, snapshot.services.get((wiring.project, need.service), ()))
        for need in wiring.needs
    )
    networks, images = snapshot.networks, snapshot.images
    return Around(
        wiring=wiring,
        ending=ending,
        request=request,
        holders=held,
        volumes=snapshot.volumes,
        networks=None if networks is None else frozenset(n.id for n in networks),
        images=None if images is None else _known(snapshot),
        peers=tuple(peers),
        needed_by=users.get((wiring.project, wiring.service), ()) if wiring.project else (),
        sick=sick,
        began=began(container, wiring, snapshot.story),
    )


def _known(snapshot: Snapshot) -> frozenset[str]:
    """Every id, tag and digest of the images; `:latest` may be left out."""
    names = {n for i in snapshot.images or () for n in (i.id, *i.tags, *i.digests)}
    return frozenset(names | {n.removesuffix(":latest") for n in names})


def _holders(snapshot: Snapshot) -> dict[int, tuple[str, ...]]:
    held: dict[int, tuple[str, ...]] = {}
    for row in snapshot.rows:
        ports = {int(p.split("->")[0]) for p in row.ports if "->" in p} if row.state in _UP else ()
        for port in sorted(ports):
            held[port] = (*held.get(port, ()), row.name)
    return held


def _users(snapshot: Snapshot) -> dict[tuple[str, str], tuple[Summary, ...]]:
    """Who runs and depends on a service, by project and service."""
    users: dict[tuple[str, str], tuple[Summary, ...]] = {}
    for row in snapshot.rows:
        if row.state in _UP and row.project:
            for service in row.depends_on:
                key = row.project, service
                users[key] = (*users.get(key, ()), row)
    return users


def _sick(snapshot: Snapshot) -> frozenset[str]:
    """Containers with trouble that everybody sees: looping, unhealthy, ended badly."""
    found = {r.name for r in snapshot.rows if r.unhealthy or r.state in {"restarting", "dead"}}
    for c in snapshot.full.values():
        if (c.state == "exited" and c.exit_code) or (
            c.state == "running" and c.restarts >= LOOP_RESTARTS
        ):
            found.add(c.name)
    return frozenset(found)


def _host(snapshot: Snapshot) -> tuple[Finding, ...]:
    if snapshot.info is None:
        return ()
    running = {r.id for r in snapshot.rows if r.state == "running"}
    networked = sum(
        any(name not in {"host", "none"} for name, _ in wiring.networks)
        for key, wiring in snapshot.wirings.items()
        if key in running
    )
    return run_rules(HOST, (Host(snapshot.engine, snapshot.info, networked),))


def _ordered(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Worst first, each by its own key: nothing is folded that was not folded before."""
    return fold((f, f"{f.code} {f.subject}") for f in findings)


def _healthy(snapshot: Snapshot, accused: set[str]) -> tuple[str, ...]:
    well = [r for r in snapshot.rows if str(snapshot.container(r.name)) not in accused]
    up = [r for r in well if r.state in _UP]
    checked = sum("(healthy)" in r.status for r in up)
    ended = [r for r in well if r.state == "exited"]
    phrases: list[str] = []
    if up:
        phrases.append(f"{_count(up)} running ({checked} with a passing health check)")
    if ended:
        phrases.append(f"{_count(ended)} that ended well, long ago or on request")
    if snapshot.info and str(snapshot.engine) not in accused:
        phrases.append(f"the engine {snapshot.info.version} on {snapshot.info.name}")
    return tuple(phrases)


def _count(rows: list[Summary]) -> str:
    return f"{len(rows)} container{'' if len(rows) == 1 else 's'}"
