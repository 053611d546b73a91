"""For each rule of the house: evidence that fires, and evidence that stays quiet."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any

from fivetabs.core import Subject
from fivetabs.providers.aws.shapes.alarms import Alarm, parse_alarm
from fivetabs.providers.aws.shapes.buckets import Block, Bucket, Exposure
from fivetabs.providers.aws.shapes.costs import Move
from fivetabs.providers.aws.shapes.instances import Instance, parse_checks, parse_instance
from tests.providers.aws.rule_cases_estate import ESTATE_CASES

_WHEN = datetime(2026, 3, 12, 10, 2, tzinfo=UTC)


def instance(status: Mapping[str, Any] | None = None, **raw: Any) -> Instance:
    whole = {"InstanceId": "i-0c3a5f7e9b1d20003", "InstanceType": "t3.small", **raw}
    return parse_instance(
        whole, account="123456789012", region="eu-west-1", checks=parse_checks(status or {})
    )


def check(part: str, status: str) -> Instance:
    return instance({part: {"Status": status, "Details": [{"ImpairedSince": _WHEN}]}})


def event(words: str) -> Instance:
    told = {"Code": "instance-retirement", "Description": words, "NotBefore": _WHEN}
    return instance({"Events": [told]})


def ended(code: str) -> Instance:
    return instance(
        State={"Name": "stopped"}, StateReason={"Code": code, "Message": f"{code}: words"}
    )


def alarm(state: str, **raw: Any) -> Alarm:
    whole = {"AlarmName": "a", "StateValue": state, "StateUpdatedTimestamp": _WHEN, **raw}
    return parse_alarm(whole, account="123456789012", region="eu-west-1")


def exposure(block: Block, *, policy: bool = False, acl: tuple[str, ...] = ()) -> Exposure:
    subject = Subject("aws", "123456789012/eu-west-1", ("s3", "b"))
    return Exposure(subject, Bucket("b", "eu-west-1", _WHEN), block, policy, acl)


def move(cost: float, before: float, share: float) -> Move:
    subject = Subject("aws", "123456789012", ("ce", "EU-DataTransfer-Regional-Bytes"))
    usage, service, first = "EU-DataTransfer-Regional-Bytes", "EC2 - Other", date(2026, 3, 10)
    return Move(subject, service, usage, cost, before, first, share, "USD")


CASES: Mapping[str, tuple[Any, Any]] = MappingProxyType(
    {
        **ESTATE_CASES,
        "AWS101": (check("InstanceStatus", "impaired"), check("InstanceStatus", "initializing")),
        "AWS102": (check("SystemStatus", "impaired"), check("SystemStatus", "ok")),
        "AWS103": (
            check("AttachedEbsStatus", "impaired"),
            check("AttachedEbsStatus", "not-applicable"),
        ),
        "AWS104": (event("The instance will be retired"), event("[Completed] It was retired")),
        "AWS105": (
            ended("Server.InsufficientInstanceCapacity"),
            ended("Client.UserInitiatedShutdown"),
        ),
        "AWS201": (alarm("ALARM"), alarm("ALARM", AlarmName="TargetTracking-x-AlarmLow-y")),
        "AWS202": (alarm("ALARM", AlarmRule="ALARM(b)"), alarm("OK", AlarmRule="ALARM(b)")),
        "AWS203": (alarm("INSUFFICIENT_DATA"), alarm("OK")),
        "AWS204": (alarm("ALARM"), alarm("ALARM", AlarmActions=["arn:aws:sns:x"])),
        "AWS301": (exposure(Block(), policy=True), exposure(Block(True, True), policy=True)),
        "AWS401": (move(22.5, 7.5, 0.06), move(7.6, 7.5, 0.06)),
    }
)
