"""Pods as `kubectl get pods` shows them, the many equal ones folded."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from fivetabs.core import Listing, read
from fivetabs.providers.kubernetes.port import Cluster
from fivetabs.providers.kubernetes.shapes.tables import PodRow
from fivetabs.providers.kubernetes.tools.arguments import Everywhere, SomeName
from fivetabs.providers.kubernetes.tools.locating import WELL, belongs, severity
from fivetabs.providers.kubernetes.tools.namespaces import require_namespace
from fivetabs.providers.kubernetes.tools.reading import in_turns, pod_rows
from fivetabs.providers.kubernetes.tools.telling import count, somewhere

_COLUMNS = ("name", "ready", "status", "restarts", "age", "node")
_NODES = 3
_ALIKE = 5

Cells = tuple[str | int | float, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the answer: a pod, or several under one name. Made into text when it is shown."""

    pods: Sequence[PodRow]
    name: str = ""

    def cells(self) -> Cells:
        """What the line shows, its namespace first."""
        return _folded(self.pods, self.name) if self.name else _cells(self.pods[0])


@read(
    example={"namespace": "shop"},
    questions=(
        "What is the status of the pods in the shop namespace?",
        "Show me all pods and how often they restarted",
        "List pods and the nodes they run on",
    ),
)
async def get_pod_status(
    cluster: Cluster,
    /,
    namespace: Everywhere = "",
    name: SomeName = "",
    limit: Annotated[int, Field(ge=1, le=200, description="Most rows.")] = 30,
) -> Listing:
    """List all pods with their status, readiness, how often they restarted, age and node.

    As kubectl get pods shows them, of a namespace or the cluster; sick pods first, the well ones
    of one workload in one row. Gives no reasons: for why pods fail use get_failing_pods.
    """
    rows = await pod_rows(cluster, namespace)
    if namespace and not rows:
        await require_namespace(cluster, namespace)
    if name:
        rows = tuple(r for r in rows if r.name == name or belongs(r, name))
    sick, well = await _parted(rows)
    lines = _sick(sick) + ([_Line([row]) for row in well] if name else await _well(well))
    shown = [line.cells() if not namespace else line.cells()[1:] for line in lines[:limit]]
    return Listing(
        summary=_summary(rows, len(sick), namespace, name),
        columns=_COLUMNS if namespace else ("namespace", *_COLUMNS),
        rows=tuple(shown),
        total=len(rows),
        notes=_notes(lines, limit),
    )


async def _parted(rows: Sequence[PodRow]) -> tuple[list[PodRow], list[PodRow]]:
    """The sick and the well."""
    parted: tuple[list[PodRow], list[PodRow]] = ([], [])
    async for several in in_turns(rows):
        for row in several:
            parted[severity(row) == WELL].append(row)
    return parted


def _summary(rows: Sequence[PodRow], unready: int, namespace: str, name: str) -> str:
    words = Counter(row.status for row in rows)
    told = ", ".join(f"{number} {word}" for word, number in words.most_common(8))
    of = f" of {name}" if name else ""
    sick = f"; {unready} not well, shown first" if unready else ""
    return f"{count(len(rows), 'pod')}{of} {somewhere(namespace)}: {told or 'none'}{sick}."


def _notes(lines: Sequence[_Line], limit: int) -> tuple[str, ...]:
    if len(lines) <= limit:
        return ()
    return (
        f"{len(lines) - limit} more rows are left out; narrow by namespace or name, or raise limit",
    )


def _sick(rows: Sequence[PodRow]) -> list[_Line]:
    """Sick pods singly; of more than five of one workload in one state, the others as one row."""
    groups: dict[tuple[str, ...], list[PodRow]] = {}
    for row in rows:
        owner = row.owner
        key = (row.namespace, str(owner) if owner else row.name, row.status, row.ready)
        groups.setdefault(key, []).append(row)
    ordered = sorted(
        groups.values(), key=lambda g: (severity(g[0]), -g[0].restart_count, g[0].name)
    )
    lines: list[_Line] = []
    for group in ordered:
        group.sort(key=lambda r: (-r.restart_count, r.name))
        alone = group if len(group) <= _ALIKE else group[:1]
        lines += [_Line([row]) for row in alone]
        if len(group) > _ALIKE:
            lines.append(_Line(group[1:], f"{len(group) - 1} more of {group[0].owner}"))
    return lines


async def _well(rows: Sequence[PodRow]) -> list[_Line]:
    groups: dict[tuple[str, str, bool], list[PodRow]] = {}
    async for several in in_turns(rows):
        for row in several:
            key = (row.namespace, str(row.owner or row.name), row.status == "Running")
            groups.setdefault(key, []).append(row)
    ordered = sorted(groups.items(), key=lambda g: (not g[0][2], g[0]))
    return [
        _Line(several, f"{of} x{len(several)}" if len(several) > 1 else "")
        for (_, of, _), several in ordered
    ]


def _cells(row: PodRow) -> Cells:
    return (row.namespace, row.name, row.ready, row.status, row.restarts, row.age, row.node)


def _folded(rows: Sequence[PodRow], name: str) -> Cells:
    ready = sum(row.all_ready for row in rows)
    words = "/".join(word for word, _ in Counter(row.status for row in rows).most_common(3))
    ages = [row for row in rows if row.created]
    oldest = min(ages, key=lambda r: r.meta["creationTimestamp"]).age if ages else rows[0].age
    newest = max(ages, key=lambda r: r.meta["creationTimestamp"]).age if ages else oldest
    age = oldest if oldest == newest else f"{newest}..{oldest}"
    running = rows[0].status == "Running"
    shown = f"{ready}/{len(rows)} pods" if running else rows[0].ready
    return (rows[0].namespace, name, shown, words, _restarts(rows), age, _nodes(rows))


def _restarts(rows: Sequence[PodRow]) -> str:
    total = sum(row.restart_count for row in rows)
    times = [ago for row in rows if (ago := row.restarted) is not None]
    if not total or not times:
        return str(total)
    last = min(times, default=timedelta())
    newest = next(row for row in rows if row.restarted == last)
    return f"{total} {newest.restarts.partition(' ')[2].replace('(', '(last ')}"


def _nodes(rows: Sequence[PodRow]) -> str:
    names = sorted({row.node for row in rows if row.node})
    more = f" +{len(names) - _NODES}" if len(names) > _NODES else ""
    return f"{','.join(names[:_NODES])}{more}"
