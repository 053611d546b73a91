"""Pods as `kubectl get pods` shows them, the sick first, and which of them are alike."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence

from fivetabs.core import Cell, Listing, read
from fivetabs.providers.kubernetes.port import Cluster
from fivetabs.providers.kubernetes.shapes.tables import PodRow
from fivetabs.providers.kubernetes.tools.arguments import Everywhere, SomeName
from fivetabs.providers.kubernetes.tools.locating import WELL, belongs, severity
from fivetabs.providers.kubernetes.tools.namespaces import require_namespace
from fivetabs.providers.kubernetes.tools.reading import in_turns, pod_rows
from fivetabs.providers.kubernetes.tools.telling import count, counted, somewhere

_COLUMNS = ("name", "ready", "status", "restarts", "last restart", "age", "node")
_FOLD_ON = ("ready", "status")
_ALIKE = 5


@read(
    example={"namespace": "shop"},
    questions=(
        "What is the status of the pods in the shop namespace?",
        "Show me all pods and how often they restarted",
        "List pods and the nodes they run on",
    ),
)
async def get_pod_status(
    cluster: Cluster, /, namespace: Everywhere = "", name: SomeName = ""
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
    lines = [*_sick(sick), *await _well(well)]
    place = () if namespace else ("namespace",)
    return Listing(
        summary=_summary(rows, len(sick), namespace, name),
        columns=(*place, *_COLUMNS),
        rows=tuple([cells async for cells in _told(lines, whole=not namespace)]),
        total=len(rows),
        kin=() if name else tuple(kin for _, kin in lines),
        fold_on=() if name else (*place, *_FOLD_ON),
    )


async def _parted(rows: Sequence[PodRow]) -> tuple[list[PodRow], list[PodRow]]:
    """The sick and the well."""
    parted: tuple[list[PodRow], list[PodRow]] = ([], [])
    async for several in in_turns(rows):
        for row in several:
            parted[severity(row) == WELL].append(row)
    return parted


def _summary(rows: Sequence[PodRow], unready: int, namespace: str, name: str) -> str:
    told = counted(Counter(row.status for row in rows))
    of = f" of {name}" if name else ""
    sick = f"; {unready} not well, shown first" if unready else ""
    return f"{count(len(rows), 'pod')}{of} {somewhere(namespace)}: {told or 'none'}{sick}."


def _sick(rows: Sequence[PodRow]) -> list[tuple[PodRow, str]]:
    """Sick pods, worst first; of more than five alike all but the first name what they are of."""
    groups: dict[tuple[str, ...], list[PodRow]] = {}
    for row in rows:
        key = (row.namespace, str(row.owner or row.name), row.status, row.ready)
        groups.setdefault(key, []).append(row)
    for group in groups.values():
        group.sort(key=lambda r: (-r.restart_count, r.name))
    ordered = sorted(
        groups.values(), key=lambda g: (severity(g[0]), -g[0].restart_count, g[0].name)
    )
    return [
        (row, str(row.owner or "") if index and len(group) > _ALIKE else "")
        for group in ordered
        for index, row in enumerate(group)
    ]


async def _well(rows: Sequence[PodRow]) -> list[tuple[PodRow, str]]:
    """Those that run before those that are done, by namespace, each with what it is one of."""
    keyed: list[tuple[tuple[bool, str, str, str], PodRow]] = []
    async for several in in_turns(rows):
        for row in several:
            whose = str(row.owner or "")
            keyed.append(((row.status != "Running", row.namespace, whose, row.name), row))
    keyed.sort(key=lambda pair: pair[0])
    return [(row, key[2]) for key, row in keyed]


async def _told(
    lines: Sequence[tuple[PodRow, str]], *, whole: bool
) -> AsyncIterator[tuple[Cell, ...]]:
    async for several in in_turns(lines):
        for row, _ in several:
            count, last = row.restart_count, row.last_restart
            cells = (row.name, row.ready, row.status, count, last, row.age, row.node)
            yield (row.namespace, *cells) if whole else cells
