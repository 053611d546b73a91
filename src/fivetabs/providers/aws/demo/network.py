"""What the workers stand in: volumes, their security group, and the load balancer before them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]
GUARD = "sg-0f1e2d3c4b5a69780"
WORKERS = ("i-0a1b2c3d4e5f60001", "i-0b2c3d4e5f6a70002", "i-0c3a5f7e9b1d20003")
_ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:"
_BALANCER = f"{_ARN}loadbalancer/app/shop/5d0e1f2a3b4c5d6e"
_GROUP = f"{_ARN}targetgroup/shop-ingress/6e1f2a3b4c5d6e7f"
_BALANCER_GUARD = "sg-0a9b8c7d6e5f41234"
_MADE = datetime(2026, 1, 19, 8, 55, tzinfo=UTC)
_PORT = 30080
OPERATIONS = (
    *("DescribeVolumes", "DescribeVolumeStatus", "DescribeSecurityGroups"),
    *("DescribeLoadBalancers", "DescribeTargetGroups", "DescribeTargetHealth"),
)


def volume(letter: str) -> str:
    """The id of a worker's root volume."""
    return WORKERS["abc".index(letter)].replace("i-", "vol-")[:-1] + "1"


def answer(operation: str, _params: Mapping[str, Any]) -> Json:
    """What EC2 and Elastic Load Balancing say of it, for each of `OPERATIONS`."""
    match operation:
        case "DescribeVolumes":
            return {"Volumes": [_volume(letter) for letter in "abc"]}
        case "DescribeVolumeStatus":
            passed = {"Status": "ok", "Details": [{"Name": "io-enabled", "Status": "passed"}]}
            ids = (volume(letter) for letter in "abc")
            return {"VolumeStatuses": [{"VolumeId": i, "VolumeStatus": passed} for i in ids]}
        case "DescribeSecurityGroups":
            return {"SecurityGroups": [_workers_guard(), _balancers_guard()]}
        case "DescribeLoadBalancers":
            return {"LoadBalancers": [_balancer()]}
        case "DescribeTargetGroups":
            return {"TargetGroups": [_target_group()]}
        case _:
            return {"TargetHealthDescriptions": [_target(instance) for instance in WORKERS]}


def _volume(letter: str) -> Json:
    instance = WORKERS["abc".index(letter)]
    attached = {"InstanceId": instance, "Device": "/dev/xvda", "State": "attached"}
    return {"VolumeId": volume(letter), "State": "in-use", "Size": 100, "Attachments": [attached]}


def _workers_guard() -> Json:
    pairs = [{"GroupId": _BALANCER_GUARD, "UserId": "123456789012"}]
    from_balancer = {"IpProtocol": "tcp", "FromPort": 30000, "ToPort": 32767}
    inside = {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": GUARD}]}
    openings = [{**from_balancer, "UserIdGroupPairs": pairs}, inside]
    return {"GroupId": GUARD, "GroupName": "shop-eu-workers", "IpPermissions": openings}


def _balancers_guard() -> Json:
    world = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    opening = {**world, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    return {"GroupId": _BALANCER_GUARD, "GroupName": "shop-balancer", "IpPermissions": [opening]}


def _balancer() -> Json:
    return {
        "LoadBalancerArn": _BALANCER,
        "LoadBalancerName": "shop",
        "DNSName": "shop-1508642119.eu-west-1.elb.amazonaws.com",
        "Scheme": "internet-facing",
        "Type": "application",
        "State": {"Code": "active"},
        "CreatedTime": _MADE,
        "SecurityGroups": [_BALANCER_GUARD],
    }


def _target_group() -> Json:
    return {
        "TargetGroupArn": _GROUP,
        "TargetGroupName": "shop-ingress",
        "TargetType": "instance",
        "Protocol": "HTTP",
        "Port": _PORT,
        "HealthCheckProtocol": "HTTP",
        "HealthCheckPath": "/healthz",
        "HealthCheckPort": "traffic-port",
        "Matcher": {"HttpCode": "200"},
        "LoadBalancerArns": [_BALANCER],
    }


def _target(instance: str) -> Json:
    well = {"State": "healthy"}
    late = {
        "State": "unhealthy",
        "Reason": "Target.Timeout",
        "Description": "Request timed out",
    }
    health = late if instance == WORKERS[-1] else well
    return {"Target": {"Id": instance, "Port": _PORT}, "TargetHealth": health}
