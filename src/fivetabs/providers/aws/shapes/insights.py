"""The answer of a Logs Insights query: rows of fields, and what it cost to find them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fivetabs.core import Cell, quoted, term
from fivetabs.core.patterns import Pattern

GIB = 1024**3
PRICE = 0.005
"""USD for each GB scanned, in us-east-1: https://aws.amazon.com/cloudwatch/pricing/ (Logs)."""

RUNNING = frozenset({"Scheduled", "Running", "Unknown"})
_POINTER = "@ptr"
_FIELD = Pattern(r"[A-Za-z0-9_@.()*,-]{1,60}")
_WHOLE = Pattern(r"-?(0|[1-9][0-9]{0,15})")
# Numbers, the service's own times, and a group's name behind its account: they hold no sentence.
_PLAIN = Pattern(
    r"[-+]?[0-9.]{1,30}([eE][-+]?[0-9]{1,3})?"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:.]{8,15}"
    r"|[0-9]{12}:[A-Za-z0-9._/#-]{1,512}"
)


@dataclass(frozen=True, slots=True)
class Found:
    """One state of a query. `status` is the API's word; counts are of log events, sizes of bytes.

    Not everything that speaks this API has `counted` what it scanned: then these are 0. `columns`
    and `rows` are as the query asked for them, with the values of other programs marked; `odd` says
    for columns that could not be called like their field, which one each is.
    """

    status: str
    columns: tuple[str, ...]
    odd: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    counted: bool
    matched: int
    scanned: int
    bytes: int
    total: int

    @property
    def cost(self) -> float:
        """USD, at us-east-1's price."""
        return self.bytes / GIB * PRICE


def parse_found(pages: Sequence[Mapping[str, Any]]) -> Found:
    """Read the pages of one GetQueryResults; fields that a row lacks are empty."""
    raw = [
        {each["field"]: each.get("value", "") for each in row if each.get("field") != _POINTER}
        for page in pages
        for row in page.get("results", ())
    ]
    names = tuple(dict.fromkeys(name for row in raw for name in row))
    columns = tuple(column(name, place) for place, name in enumerate(names, 1))
    told: Mapping[str, Any] = pages[-1].get("statistics", {}) if pages else {}
    return Found(
        status=term(pages[-1].get("status", "Unknown")) if pages else "Unknown",
        columns=columns,
        odd=tuple(
            f"{shown} is the field {quoted(name)}"
            for name, shown in zip(names, columns, strict=True)
            if name != shown
        ),
        rows=tuple(tuple(cell(name, row.get(name, "")) for name in names) for row in raw),
        counted=bool(told),
        matched=int(told.get("recordsMatched", 0)),
        scanned=int(told.get("recordsScanned", 0)),
        bytes=int(told.get("bytesScanned", 0)),
        total=max(len(raw), int(told.get("resultCount", 0))),
    )


def column(name: str, place: int) -> str:
    """A field's name, or its number: fields are named by whoever wrote the log."""
    return name if _FIELD.fullmatch(name) else f"field {place}"


def cell(name: str, value: str) -> Cell:
    """A field's value: a whole number as one, free text as what it is."""
    if _WHOLE.fullmatch(value):
        return int(value)
    if name == "@logStream":
        return term(value)
    return value if _PLAIN.fullmatch(value) else quoted(value)
