"""Who did what: worker-c was stopped, resized and started by hand; then its alarm turned."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

Json = dict[str, Any]
_INSTANCE = "i-0c3a5f7e9b1d20003"
_WHO = "arn:aws:iam::123456789012:user/dana"


def at(minute: int, second: int) -> datetime:
    """A time of the incident's morning, from 09:00 on."""
    return datetime(2026, 3, 12, 9, 0, tzinfo=UTC) + timedelta(minutes=minute, seconds=second)


def events(params: Mapping[str, Any]) -> Json:
    """LookupEvents, newest first, as CloudTrail gives them."""
    resize = {"instanceId": _INSTANCE, "instanceType": {"value": "t3.small"}}
    one = {"instancesSet": {"items": [{"instanceId": _INSTANCE}]}}
    found = [
        _event("StartInstances", at(58, 39), one),
        _event("ModifyInstanceAttribute", at(58, 31), resize),
        _event("StopInstances", at(57, 2), one),
    ]
    return {"Events": [e for e in found if e["EventTime"] >= _since(params, "StartTime")]}


def alarm_history(params: Mapping[str, Any]) -> Json:
    """DescribeAlarmHistory: the transitions of one alarm or of all, newest first."""
    turned = [
        _turn("shop-capacity", at(62, 31)),
        _turn("worker-c-status-check", at(62, 24)),
    ]
    name, since = params.get("AlarmName", ""), _since(params, "StartDate")
    chosen = [t for t in turned if name in ("", t["AlarmName"]) and t["Timestamp"] >= since]
    return {"AlarmHistoryItems": chosen}


def metric_data(params: Mapping[str, Any]) -> Json:
    """GetMetricData: the status check of worker-c by the minute, newest first."""
    times = [at(73 - back, 0) for back in range(14)]
    name = params["MetricDataQueries"][0]["MetricStat"]["Metric"]["MetricName"]
    ill = [1.0 if when >= at(62, 0) else 0.0 for when in times]
    values = ill if name == "StatusCheckFailed" else []
    shown = times if values else []
    return {"MetricDataResults": [{"Id": "m", "Timestamps": shown, "Values": values}]}


def _event(name: str, when: datetime, parameters: Json) -> Json:
    record = {
        "eventTime": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventName": name,
        "userIdentity": {"type": "IAMUser", "arn": _WHO, "userName": "dana"},
        "requestParameters": parameters,
    }
    return {
        "EventName": name,
        "EventTime": when,
        "EventSource": "ec2.amazonaws.com",
        "ReadOnly": "false",
        "Username": "dana",
        "Resources": [{"ResourceType": "AWS::EC2::Instance", "ResourceName": _INSTANCE}],
        "CloudTrailEvent": json.dumps(record),
    }


def _turn(name: str, when: datetime) -> Json:
    return {
        "AlarmName": name,
        "Timestamp": when,
        "HistoryItemType": "StateUpdate",
        "HistorySummary": "Alarm updated from OK to ALARM",
    }


def _since(params: Mapping[str, Any], key: str) -> datetime:
    told = params.get(key)
    if told is None:
        return datetime.min.replace(tzinfo=UTC)
    if isinstance(told, datetime):
        return told
    if isinstance(told, int | float):
        return datetime.fromtimestamp(told, UTC)
    return datetime.fromisoformat(str(told))
