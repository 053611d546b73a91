"""Whether the server reaches what it is to read: every house and target, and what mends it."""

from collections import Counter
from collections.abc import Iterator, Sequence

from fivetabs.core import (
    Cell,
    Detail,
    Estate,
    Finding,
    Severity,
    Table,
    Way,
    Ways,
    read,
    run_rules,
    span,
    stamp,
    term,
)
from fivetabs.incident.rules.connections import RULES, Passage

COLUMNS = ("house", "target", "status", "as", "version", "from", "address", "runs out")
_MOST_OTHERS = 12


@read(
    example={},
    questions=(
        "Check the connections: which backends are connected and reachable?",
        "Check connections: is the kubeconfig, AWS profile or Docker host configured wrongly?",
        "As whom are you connected, and when do credentials expire?",
    ),
)
async def check_connections(estate: Estate, /) -> Detail:
    """Check the connections of this server: is each house configured, reachable, and as whom.

    For each target: where it is configured, identity, missing rights, what expires, version, clock;
    of each problem the cause and the command that mends it. For troubles inside them use
    get_health_report.
    """
    told = await estate.ways()
    passages = [Passage(way, ways.now) for ways in told for way in ways.ways]
    found = run_rules(RULES, passages)
    rows = tuple(_row(ways, way) for ways in told for way in ways.ways if _shown(way))
    return Detail(
        summary=_verdict(told, found),
        findings=found,
        tables=(Table(title="connections", columns=COLUMNS, rows=rows, total=len(rows)),),
        missing=tuple(
            f"{way.target}: {each}" for p in passages for way in (p.way,) for each in way.missing
        ),
        notes=tuple(_others(told)),
        observed=stamp(told[0].now) if told else "",
    )


def _verdict(told: Sequence[Ways], found: Sequence[Finding]) -> str:
    counts = Counter(way.status for ways in told for way in ways.ways if way.default)
    states = ", ".join(f"{count} {status}" for status, count in counts.items())
    worst = found[0] if found and found[0].severity is not Severity.INFO else None
    if worst is None:
        return f"No connection is broken: {states}."
    warned = sum(each.severity is Severity.WARNING for each in found)
    broken = sum(each.severity is Severity.CRITICAL for each in found)
    counted = ", ".join(
        f"{n} {word}" for n, word in ((broken, "broken"), (warned, "to look at")) if n
    )
    return f"{counted} ({states}); worst: {worst.subject}: {worst.cause}."


def _shown(way: Way) -> bool:
    return way.default or way.asked or way.fault is not None


def _row(ways: Ways, way: Way) -> tuple[Cell, ...]:
    ends = sorted(way.ends, key=lambda each: each.when)
    first = f"{ends[0].what} in {span(ends[0].when - ways.now)}" if ends else ""
    if ends and ends[0].when <= ways.now:
        first = f"{ends[0].what} ran out {stamp(ends[0].when)}"
    target = way.target if way.default else f"{way.target} (not the default)"
    told = (way.identity, way.version, way.source, way.address)
    return (ways.house, target, way.status, *told, first)


def _others(told: Sequence[Ways]) -> Iterator[str]:
    """Targets that were left alone, since asking each would run every plugin and login."""
    for ways in told:
        names = [term(way.name) for way in ways.ways if not _shown(way) and way.name]
        if names:
            more = f" and {len(names) - _MOST_OTHERS} more" if len(names) > _MOST_OTHERS else ""
            listed = ", ".join(names[:_MOST_OTHERS])
            yield f"{ways.house}, not asked: {listed}{more} (target=all asks them)"
