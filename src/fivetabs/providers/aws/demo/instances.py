"""Four instances: one was resized by hand at 09:58 and fails its status check since 10:02."""

from datetime import UTC, datetime, timedelta
from typing import Any

from fivetabs.providers.aws.demo import network

Json = dict[str, Any]
_OWNER = "123456789012"
_STARTED = datetime(2026, 1, 19, 8, 30, 12, tzinfo=UTC)
_RESIZED = datetime(2026, 3, 12, 9, 58, 41, tzinfo=UTC)
_FAILED = datetime(2026, 3, 12, 10, 2, tzinfo=UTC)


def reservations() -> list[Json]:
    """DescribeInstances, `Reservations`."""
    found = [
        _worker("a", "i-0a1b2c3d4e5f60001", "10.0.1.11"),
        _worker("b", "i-0b2c3d4e5f6a70002", "10.0.2.12"),
        _worker("c", "i-0c3a5f7e9b1d20003", "10.0.3.13")
        | {"InstanceType": "t3.small", "LaunchTime": _RESIZED},
        _bastion(),
    ]
    return [_reserved(n, each) for n, each in enumerate(found)]


def statuses() -> list[Json]:
    """DescribeInstanceStatus, `InstanceStatuses`: running instances only."""
    failed = {"Name": "reachability", "Status": "failed", "ImpairedSince": _FAILED}
    return [
        _status("a", "i-0a1b2c3d4e5f60001"),
        _status("b", "i-0b2c3d4e5f6a70002"),
        _status("c", "i-0c3a5f7e9b1d20003")
        | {"InstanceStatus": {"Status": "impaired", "Details": [failed]}},
    ]


def _reserved(number: int, instance: Json) -> Json:
    return {
        "ReservationId": f"r-0{number:016x}",
        "OwnerId": _OWNER,
        "Groups": [],
        "Instances": [instance],
    }


def _worker(letter: str, instance_id: str, address: str) -> Json:
    return {
        "InstanceId": instance_id,
        "ImageId": "ami-0f1e2d3c4b5a69788",
        "InstanceType": "m5.large",
        "LaunchTime": _STARTED + timedelta(minutes="abc".index(letter)),
        "Placement": {"AvailabilityZone": f"eu-west-1{letter}", "Tenancy": "default"},
        "PrivateIpAddress": address,
        "PrivateDnsName": f"ip-{address.replace('.', '-')}.eu-west-1.compute.internal",
        "SecurityGroups": [{"GroupId": network.GUARD, "GroupName": "shop-eu-workers"}],
        "BlockDeviceMappings": [
            {"DeviceName": "/dev/xvda", "Ebs": {"VolumeId": network.volume(letter)}}
        ],
        "State": {"Code": 16, "Name": "running"},
        "StateTransitionReason": "",
        "Tags": [
            {"Key": "Name", "Value": f"worker-{letter}"},
            {"Key": "kubernetes.io/cluster/shop-eu", "Value": "owned"},
        ],
    }


def _bastion() -> Json:
    return {
        "InstanceId": "i-0d4e5f6a7b8c90004",
        "ImageId": "ami-0f1e2d3c4b5a69788",
        "InstanceType": "t3.micro",
        "LaunchTime": datetime(2025, 11, 3, 14, 2, 55, tzinfo=UTC),
        "Placement": {"AvailabilityZone": "eu-west-1a", "Tenancy": "default"},
        "PrivateIpAddress": "10.0.1.10",
        "State": {"Code": 80, "Name": "stopped"},
        "StateReason": {
            "Code": "Client.UserInitiatedShutdown",
            "Message": "Client.UserInitiatedShutdown: User initiated shutdown",
        },
        "StateTransitionReason": "User initiated (2026-02-27 17:41:08 GMT)",
        "Tags": [{"Key": "Name", "Value": "bastion"}],
    }


def _status(letter: str, instance_id: str) -> Json:
    passed: Json = {"Status": "ok", "Details": [{"Name": "reachability", "Status": "passed"}]}
    return {
        "InstanceId": instance_id,
        "AvailabilityZone": f"eu-west-1{letter}",
        "InstanceState": {"Code": 16, "Name": "running"},
        "InstanceStatus": passed,
        "SystemStatus": passed,
    }
