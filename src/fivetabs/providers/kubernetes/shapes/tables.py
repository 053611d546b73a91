"""What `kubectl get` would print, as the API server computes it (meta.k8s.io/v1 Table).

The status word, readiness and restarts come ready-made in the cells, so they are kubectl's own.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from fivetabs.core import term
from fivetabs.core.patterns import Pattern
from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.fields import part, parts
from fivetabs.providers.kubernetes.shapes.owners import Owner, parse_controller, parse_owner
from fivetabs.providers.kubernetes.shapes.times import parse_printed, parse_when

# How the API server begins the object of a row; another order of fields is read as a whole.
_PLACE = Pattern(
    r'\{"kind":"PartialObjectMetadata","apiVersion":"meta\.k8s\.io/v1","metadata":\{'
    r'"name":"[^"\\]*",(?:"generateName":"[^"\\]*",)?"namespace":"([^"\\]*)"'
)


@dataclass(frozen=True)
class Row:
    """One line of a Table: its cells by column, in lower case, and its object's metadata.

    The object of a row in a large Table is still JSON text (`decode` in live), and is read when
    something asks for more than its namespace: of 5,000 rows that happens to some dozens.
    """

    values: list[Any]
    at: Mapping[str, int]
    object: Json | str

    @property
    def namespace(self) -> str:
        """Where it is; empty for what is in none, and in Tables without objects."""
        if isinstance(self.object, str) and (found := _PLACE.match(self.object)):
            return found[1]
        return self.meta.get("namespace", "")

    @property
    def name(self) -> str:
        """What it is called."""
        return self.values[self.at["name"]]

    @cached_property
    def meta(self) -> Json:
        """Its metadata; empty in Tables without objects."""
        return part(self.whole, "metadata")

    @property
    def whole(self) -> Json:
        """Its object, as far as the Table was asked for it: all of it, or its metadata."""
        return json.loads(self.object) if isinstance(self.object, str) else self.object

    @property
    def deleting(self) -> bool:
        """Whether it has been deleted and is not gone yet."""
        return self.may_hold("deletionTimestamp") and "deletionTimestamp" in self.meta

    def may_hold(self, words: str) -> bool:
        """Whether the metadata may hold these words as one text: False spares reading it."""
        return not isinstance(self.object, str) or f'"{words}"' in self.object

    def cell(self, column: str) -> str:
        """A cell's text; empty where there is no such column."""
        index = self.at.get(column)
        return "" if index is None else str(self.values[index])

    def number(self, column: str) -> int:
        """A cell as a number; 0 where it is none."""
        text = self.cell(column)
        return int(text) if text.isdecimal() else 0


@dataclass(frozen=True)
class PodRow(Row):
    """One line of `kubectl get pods -o wide`.

    `end` is Succeeded or Failed for a pod that has run to its end: the API server marks its row so,
    whatever the status word is.
    """

    end: str

    @property
    def ready(self) -> str:
        """How many of its containers are ready, `1/2`."""
        return self.values[self.at["ready"]]

    @property
    def status(self) -> str:
        """The word that kubectl has for it: at times one that somebody wrote into its status."""
        return term(self.values[self.at["status"]])

    @property
    def restarts(self) -> str:
        """How often its containers restarted, and when last: `3 (5m ago)`."""
        return str(self.values[self.at["restarts"]])

    @property
    def age(self) -> str:
        """How old it is."""
        return self.cell("age")

    @property
    def node(self) -> str:
        """Where it runs; empty before that is known."""
        return term(_known(self.cell("node")))

    @property
    def gates(self) -> str:
        """How many of its readiness gates are open, `0/1`; empty when it has none."""
        return _known(self.cell("readiness gates"))

    @property
    def uid(self) -> str:
        """The pod's uid."""
        return self.meta.get("uid", "")

    @cached_property
    def owner(self) -> Owner | None:
        """The workload it belongs to."""
        return parse_owner(self.meta)

    @cached_property
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
        return parse_printed(self.last_restart) if self.last_restart else None

    @property
    def last_restart(self) -> str:
        """The same in kubectl's words; empty where the cell does not tell."""
        return self.restarts.partition("(")[2].removesuffix(" ago)")


def parse_pod_rows(table: Json) -> Iterator[PodRow]:
    """Every line of a Table of pods. Rows without objects have no namespace and no owner."""
    at = _columns(table)
    for raw in parts(table, "rows"):
        conditions = raw.get("conditions")
        end = conditions[0].get("reason", "") if conditions else ""
        yield PodRow(raw["cells"], at, raw.get("object") or {}, end)


def parse_rows(table: Json) -> Iterator[Row]:
    """Every line of any Table."""
    at = _columns(table)
    for raw in parts(table, "rows"):
        yield Row(raw["cells"], at, raw.get("object") or {})


def _columns(table: Json) -> dict[str, int]:
    return {
        column["name"].lower(): index
        for index, column in enumerate(parts(table, "columnDefinitions"))
    }


def _known(cell: str) -> str:
    return "" if cell == "<none>" else cell
