"""What `kubectl get` would print, as the API server computes it (meta.k8s.io/v1 Table).

The status word, readiness and restarts come ready-made in the cells, so they are kubectl's own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.fields import part, parts
from fivetabs.providers.kubernetes.shapes.owners import Owner, parse_controller, parse_owner
from fivetabs.providers.kubernetes.shapes.times import parse_printed, parse_when


@dataclass(frozen=True, slots=True)
class PodRow:
    """One line of `kubectl get pods -o wide`; what needs thought is worked out when asked for.

    `end` is Succeeded or Failed for a pod that has run to its end: the API server marks its row so,
    whatever the status word is.
    """

    namespace: str
    name: str
    ready: str
    status: str
    restarts: str
    age: str
    node: str
    gates: str
    end: str
    meta: Json

    @property
    def uid(self) -> str:
        """The pod's uid."""
        return self.meta.get("uid", "")

    @property
    def owner(self) -> Owner | None:
        """The workload it belongs to."""
        return parse_owner(self.meta)

    @property
    def controller(self) -> Owner | None:
        """The object that made it."""
        return parse_controller(self.meta)

    @property
    def created(self) -> datetime | None:
        """When it was made."""
        return parse_when(self.meta.get("creationTimestamp"))

    @property
    def deleted(self) -> datetime | None:
        """When it should be gone, if it was deleted."""
        return parse_when(self.meta.get("deletionTimestamp"))

    @property
    def all_ready(self) -> bool:
        """Whether every container is ready."""
        ready, _, wanted = self.ready.partition("/")
        return ready == wanted

    @property
    def restart_count(self) -> int:
        """How often its containers restarted."""
        count = self.restarts.partition(" ")[0]
        return int(count) if count.isdecimal() else 0

    @property
    def restarted(self) -> timedelta | None:
        """How long ago a container last restarted, as far as the cell tells."""
        _, _, told = self.restarts.partition("(")
        return parse_printed(told.removesuffix(" ago)")) if told else None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a Table of anything else: its cells by column name, in lower case."""

    namespace: str
    name: str
    cells: Mapping[str, str]
    meta: Json

    def number(self, column: str) -> int:
        """A cell as a number; 0 where it is none."""
        text = self.cells.get(column, "")
        return int(text) if text.isdecimal() else 0


def parse_pod_rows(table: Json) -> tuple[PodRow, ...]:
    """Every line of a Table of pods. Rows without objects have no namespace and no owner."""
    at = _columns(table)
    name, ready, status = at["name"], at["ready"], at["status"]
    restarts, age, node = at["restarts"], at["age"], at.get("node", -1)
    gates = at.get("readiness gates", -1)
    rows: list[PodRow] = []
    for raw in parts(table, "rows"):
        cells = raw["cells"]
        meta = part(raw, "object", "metadata")
        conditions = raw.get("conditions")
        rows.append(
            PodRow(
                namespace=meta.get("namespace", ""),
                name=cells[name],
                ready=cells[ready],
                status=cells[status],
                restarts=str(cells[restarts]),
                age=cells[age],
                node=_known(cells[node]) if node >= 0 else "",
                gates=_known(cells[gates]) if gates >= 0 else "",
                end=conditions[0].get("reason", "") if conditions else "",
                meta=meta,
            )
        )
    return tuple(rows)


def parse_rows(table: Json) -> Iterator[Row]:
    """Every line of any Table."""
    at = _columns(table)
    for raw in parts(table, "rows"):
        meta = part(raw, "object", "metadata")
        cells = {column: str(raw["cells"][index]) for column, index in at.items()}
        yield Row(meta.get("namespace", ""), meta.get("name", cells["name"]), cells, meta)


def _columns(table: Json) -> dict[str, int]:
    return {
        column["name"].lower(): index
        for index, column in enumerate(parts(table, "columnDefinitions"))
    }


def _known(cell: str) -> str:
    return "" if cell == "<none>" else cell
