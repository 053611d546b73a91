"""CloudWatch Logs of the demo account: five groups, of which one tells the incident's cause."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from fivetabs.core import Invalid, NotFound
from fivetabs.providers.aws.demo import insights
from fivetabs.providers.aws.demo.log_events import Event, events

Json = dict[str, Any]
_ARN = "arn:aws:logs:eu-west-1:123456789012:log-group:"
_PAGE = 200
"""Events a page. The service's pages are of any size too, up to 10,000 events."""

_GROUPS: Mapping[str, tuple[int, int, datetime]] = MappingProxyType(
    {
        "/aws/eks/shop-eu/cluster": (0, 51_870_113_792, datetime(2025, 9, 8, 11, 2, tzinfo=UTC)),
        "/aws/lambda/image-thumbs": (7, 0, datetime(2026, 3, 11, 15, 40, tzinfo=UTC)),
        "/aws/lambda/order-events": (0, 812_334_080, datetime(2025, 10, 21, 8, 15, tzinfo=UTC)),
        "/shop/orders-api": (30, 2_040_109_465, datetime(2025, 9, 9, 7, 31, tzinfo=UTC)),
        "/shop/storefront": (14, 365_211_648, datetime(2025, 9, 9, 7, 31, tzinfo=UTC)),
    }
)
"""Retention in days (0: for ever), bytes stored, made when; in the order of their names."""


def answer(operation: str, params: Mapping[str, Any], *, here: bool) -> Json:
    """What CloudWatch Logs says, in its home region or in one where there is nothing.

    A query's id is the question itself, so that the world need not remember it.

    Raises:
        NotFound: If there is no such group or query.
        Invalid: If a query is not among those the demo world understands.
    """
    match operation:
        case "DescribeLogGroups":
            return {"logGroups": [*map(_group, _chosen(params))] if here else []}
        case "StartQuery":
            for name in params["logGroupNames"]:
                _check(name, here=here)
            insights.parse(params["queryString"])
            return {"queryId": urlsafe_b64encode(json.dumps(dict(params)).encode()).decode()}
        case "GetQueryResults":
            return _results(params["queryId"])
        case "StopQuery":
            return {"success": True}
        case _:
            name = params["logGroupName"]
            _check(name, here=here)
            return _streams(name, params) if "Streams" in operation else _filtered(name, params)


def _check(name: str, *, here: bool) -> None:
    if not here or name not in _GROUPS:
        raise NotFound(f"logs: the log group {name} does not exist")


def _chosen(params: Mapping[str, Any]) -> list[str]:
    prefix, part = params.get("logGroupNamePrefix", ""), params.get("logGroupNamePattern", "")
    return [name for name in _GROUPS if name.startswith(prefix) and part in name]


def _group(name: str) -> Json:
    retention, stored, made = _GROUPS[name]
    told: Json = {
        "logGroupName": name,
        "creationTime": round(made.timestamp() * 1000),
        "metricFilterCount": 0,
        "arn": f"{_ARN}{name}:*",
        "storedBytes": stored,
        "logGroupClass": "STANDARD",
    }
    return told | ({"retentionInDays": retention} if retention else {})


def _streams(group: str, params: Mapping[str, Any]) -> Json:
    last: dict[str, int] = {}
    for event in events(group):
        last[event.stream] = event.timestamp
    prefix = params.get("logStreamNamePrefix", "")
    named = sorted(name for name in last if name.startswith(prefix))
    if params.get("orderBy") == "LastEventTime":
        named.sort(key=lambda name: last[name], reverse=params.get("descending", False))
    return {
        "logStreams": [
            {"logStreamName": name, "lastEventTimestamp": last[name], "storedBytes": 0}
            for name in named[: params.get("limit", 50)]
        ]
    }


def _filtered(group: str, params: Mapping[str, Any]) -> Json:
    found = _within(group, params.get("startTime", 0), params.get("endTime"))
    streams = params.get("logStreamNames")
    found = [event for event in found if streams is None or event.stream in streams]
    if not params.get("startFromHead", True):
        found.reverse()
    start = int(params.get("nextToken", 0))
    end = start + min(params.get("limit", _PAGE), _PAGE)
    page: Json = {"events": [_event(event) for event in found[start:end]]}
    return page | ({"nextToken": str(end)} if end < len(found) else {})


def _within(group: str, start: int, end: int | None) -> list[Event]:
    every = events(group)
    return [e for e in every if e.timestamp >= start and (end is None or e.timestamp <= end)]


def _event(event: Event) -> Json:
    return {
        "logStreamName": event.stream,
        "timestamp": event.timestamp,
        "message": event.message,
        "ingestionTime": event.timestamp + 900,
        "eventId": f"39{event.timestamp}{event.number:09d}",
    }


def _results(name: str) -> Json:
    try:
        asked = json.loads(urlsafe_b64decode(name))
        groups: Sequence[str] = asked["logGroupNames"]
        start, end = asked["startTime"] * 1000, asked["endTime"] * 1000
        query = insights.parse(asked["queryString"])
    except (ValueError, KeyError, TypeError, Invalid) as error:
        raise NotFound("logs:GetQueryResults: there is no such query") from error
    found = [(group, event) for group in groups for event in _within(group, start, end)]
    rows = insights.run(query, found)[: asked.get("limit", 10_000)]
    matched = insights.run(query.matching, found)
    return {
        "status": "Complete",
        "results": rows,
        "statistics": {
            "recordsMatched": float(len(matched)),
            "recordsScanned": float(len(found)),
            "bytesScanned": float(sum(len(event.message) for _, event in found)),
            "resultCount": float(len(rows)),
        },
    }
