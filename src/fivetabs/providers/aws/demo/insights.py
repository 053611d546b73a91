"""A small part of the Logs Insights language, answered from the demo world's events.

fields a, b | filter a like /x/ and b = "y" | stats count(*) as n by c, bin(5m) | sort n desc
| limit 9. What is not understood is refused, not left out.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from fivetabs.core import Invalid
from fivetabs.core.logs import compile_pattern
from fivetabs.providers.aws.demo.log_events import Event

Row = Mapping[str, str]
_ACCOUNT = "123456789012"
_PIECE = re.compile(r"""(?:"[^"]*"|'[^']*'|/(?:\\.|[^/\\])*/|[^|])+""")
_FIELD = r"@?[A-Za-z_][A-Za-z0-9_.]*"
_CONDITION = re.compile(
    rf"(?P<field>{_FIELD})\s*(?:(?P<like>(?:not\s+)?like)\s*(?:/(?P<re>(?:\\.|[^/\\])*)/"
    r"|(?P<words>\"[^\"]*\"|'[^']*'))|(?P<sign>!=|=)\s*(?P<value>\"[^\"]*\"|'[^']*'|[0-9.]+))",
    re.IGNORECASE,
)
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_BY = rf"{_FIELD}|bin\(\s*[0-9]+\s*[smhd]\s*\)"
_STATS = re.compile(
    rf"count\(\s*\*?\s*\)(?:\s+as\s+(?P<name>{_FIELD}))?"
    rf"(?:\s+by\s+(?P<by>(?:{_BY})(?:\s*,\s*(?:{_BY}))*))?",
    re.IGNORECASE,
)
_SORT = re.compile(
    rf"(?P<field>{_FIELD}|count\(\*\)|{_BY})(?:\s+(?P<way>asc|desc))?", re.IGNORECASE
)
_SECONDS: Mapping[str, int] = MappingProxyType({"s": 1, "m": 60, "h": 3600, "d": 86400})
_KNOWN = "the demo world's Logs Insights knows fields, filter (like, =, and), stats count(*) by, "


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was understood."""

    fields: tuple[str, ...] = ()
    conditions: tuple[Callable[[Row], bool], ...] = ()
    counted: str = ""
    by: tuple[str, ...] = ()
    sort: str = ""
    ascending: bool = False
    limit: int = 10_000

    @property
    def matching(self) -> "Query":
        """The same query before anything is counted, sorted or left out."""
        return Query(conditions=self.conditions)


def parse(text: str) -> Query:
    """Understand a query.

    Raises:
        Invalid: If it holds anything that is not supported here.
    """
    query = Query()
    for piece in _PIECE.findall(text):
        verb, _, rest = piece.strip().partition(" ")
        step = _STEPS.get(verb.lower())
        understood = step(query, rest.strip()) if step else None
        if understood is None:
            raise Invalid(f"{_KNOWN}sort and limit, and not: {piece.strip()[:120]!r}")
        query = understood
    return query


def run(query: Query, found: Sequence[tuple[str, Event]]) -> list[list[dict[str, str]]]:
    """The rows of a query over events of some groups, in the API's shape."""
    rows = [_row(group, event) for group, event in found]
    rows = [row for row in rows if all(condition(row) for condition in query.conditions)]
    names = query.fields or ("@timestamp", "@message")
    if query.counted:
        rows = _counted(query, rows)
        names = (*query.by, query.counted)
    if query.sort or not query.counted:
        key = query.sort or "@timestamp"
        rows.sort(key=lambda row: _weight(row.get(key, "")), reverse=not query.ascending)
    pointer = () if query.counted else ("@ptr",)
    return [
        [{"field": name, "value": row[name]} for name in (*names, *pointer) if name in row]
        for row in rows[: query.limit]
    ]


def _fields(query: Query, rest: str) -> Query | None:
    names = tuple(name.strip() for name in rest.split(","))
    if query.counted or not all(re.fullmatch(_FIELD, name) for name in names):
        return None
    return replace(query, fields=(*query.fields, *names))


def _filter(query: Query, rest: str) -> Query | None:
    conditions: list[Callable[[Row], bool]] = []
    place = 0
    while match := _CONDITION.match(rest, place):
        conditions.append(_condition(match))
        place = match.end()
        if place == len(rest) and not query.counted:
            return replace(query, conditions=(*query.conditions, *conditions))
        another = _AND.match(rest, place)
        if another is None:
            return None
        place = another.end()
    return None


def _condition(match: re.Match[str]) -> Callable[[Row], bool]:
    field, sign = match["field"], match["sign"]
    if sign:
        value = match["value"].strip("\"'")
        return lambda row: (row.get(field) == value) is (sign == "=")
    wanted = "not" not in match["like"].lower()
    pattern = match["re"]
    source = re.escape(match["words"][1:-1]) if pattern is None else pattern.replace("\\/", "/")
    test = compile_pattern(source)
    return lambda row: (test is None or test(row.get(field, "").encode())) is wanted


def _stats(query: Query, rest: str) -> Query | None:
    match = _STATS.fullmatch(rest)
    if match is None or query.counted:
        return None
    by = tuple("".join(each.split()) for each in (match["by"] or "").split(",") if each.strip())
    return replace(query, counted=match["name"] or "count(*)", by=by)


def _sort(query: Query, rest: str) -> Query | None:
    match = _SORT.fullmatch(rest)
    if match is None:
        return None
    field = "".join(match["field"].split())
    if query.counted and field not in (*query.by, query.counted):
        return None
    return replace(query, sort=field, ascending=(match["way"] or "asc").lower() == "asc")


def _limit(query: Query, rest: str) -> Query | None:
    return replace(query, limit=int(rest)) if re.fullmatch(r"[1-9][0-9]{0,4}", rest) else None


_STEPS: Mapping[str, Callable[[Query, str], Query | None]] = MappingProxyType(
    {"fields": _fields, "filter": _filter, "stats": _stats, "sort": _sort, "limit": _limit}
)


def _row(group: str, event: Event) -> dict[str, Any]:
    return {
        "@timestamp": _moment(event.timestamp),
        "@message": event.message,
        "@logStream": event.stream,
        "@log": f"{_ACCOUNT}:{group}",
        "@ptr": f"Cm{event.timestamp}{event.number:06d}",
    }


def _counted(query: Query, rows: Sequence[Row]) -> list[dict[str, str]]:
    counts: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = tuple(_group(row, name) for name in query.by)
        counts[key] = counts.get(key, 0) + 1
    return [
        dict(zip(query.by, key, strict=True)) | {query.counted: str(count)}
        for key, count in counts.items()
    ]


def _group(row: Row, name: str) -> str:
    if not name.startswith("bin("):
        return row.get(name, "")
    length = int(name[4:-2]) * _SECONDS[name[-2]] * 1000
    when = datetime.fromisoformat(row["@timestamp"]).replace(tzinfo=UTC).timestamp() * 1000
    return _moment(int(when // length * length))


def _moment(milliseconds: int) -> str:
    when = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return f"{when:%Y-%m-%d %H:%M:%S}.{milliseconds % 1000:03d}"


def _weight(value: str) -> tuple[float, str]:
    try:
        return float(value), ""
    except ValueError:
        return 0.0, value
