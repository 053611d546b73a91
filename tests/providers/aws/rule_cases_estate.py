"""Cases of the rules over volumes, load balancers, scaling groups, databases, security groups."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from fivetabs.providers.aws.rules.balancing import Behind
from fivetabs.providers.aws.rules.standing import Standing
from fivetabs.providers.aws.shapes.balancing import Balancer, parse_balancer, parse_target_group
from fivetabs.providers.aws.shapes.databases import Database, parse_database
from fivetabs.providers.aws.shapes.guarding import SecurityGroup, parse_security_group
from fivetabs.providers.aws.shapes.instances import Instance, parse_instance
from fivetabs.providers.aws.shapes.placing import Volume, parse_volume
from fivetabs.providers.aws.shapes.scaling import (
    ScalingGroup,
    parse_activity,
    parse_scaling_group,
)

WHEN = datetime(2026, 3, 12, 10, 2, tzinfo=UTC)
WHERE = {"account": "123456789012", "region": "eu-west-1"}
ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:"
BALANCER = f"{ARN}loadbalancer/app/shop/5d0e"
INSTANCE, OTHER = "i-0c3a5f7e9b1d20003", "i-0a1b2c3d4e5f60001"
SUBNET = {"IpRanges": [{"CidrIp": "10.0.0.0/16"}]}
WORLD = {"IpRanges": [{"CidrIp": "0.0.0.0/0"}], "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}
NO_CAPACITY = (
    "We currently do not have sufficient m5.24xlarge capacity in the Availability Zone you "
    "requested (eu-west-1a). Launching EC2 instance failed."
)


def machine(name: str = INSTANCE, state: str = "running") -> Instance:
    raw = {"InstanceId": name, "State": {"Name": state}}
    return parse_instance(raw, account=WHERE["account"], region=WHERE["region"])


def volume(status: str = "ok", state: str = "in-use") -> Volume:
    told = {
        "VolumeStatus": {"Status": status},
        "Events": [{"NotBefore": WHEN, "Description": "Awaiting Action: Enable IO"}],
    }
    raw = {"VolumeId": "vol-1", "State": state, "Attachments": [{"InstanceId": INSTANCE}]}
    return parse_volume(raw, told, **WHERE)


def balancer(state: str = "active", reason: str = "") -> Balancer:
    raw = {
        "LoadBalancerArn": BALANCER,
        "LoadBalancerName": "shop",
        "State": {"Code": state, "Reason": reason},
    }
    return parse_balancer(raw, **WHERE)


def guard(*openings: Mapping[str, Any], guards: tuple[str, ...] = (INSTANCE,)) -> SecurityGroup:
    raw = {"GroupId": "sg-1", "GroupName": "workers", "IpPermissions": list(openings)}
    return parse_security_group(raw, **WHERE, guards=guards)


def opening(first: int, last: int, source: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"IpProtocol": "tcp", "FromPort": first, "ToPort": last, **source}


def target(instance: str, state: str, reason: str = "", words: str = "") -> Mapping[str, Any]:
    health = {"State": state, "Reason": reason, "Description": words}
    return {"Target": {"Id": instance, "Port": 8080}, "TargetHealth": health}


def behind(
    *targets: Mapping[str, Any], used: bool = True, guards: tuple[SecurityGroup, ...] | None = None
) -> Behind:
    raw = {
        "TargetGroupArn": f"{ARN}targetgroup/web/6e1f",
        "TargetGroupName": "web",
        "TargetType": "instance",
        "Port": 8080,
        "HealthCheckProtocol": "HTTP",
        "HealthCheckPath": "/healthz",
        "Matcher": {"HttpCode": "200"},
        "LoadBalancerArns": [BALANCER] if used else [],
    }
    group = parse_target_group(raw, targets, **WHERE)
    return Behind(group, (balancer(),) if used else (), (machine(),), guards)


def scaling(
    wanted: int, in_service: int, *activities: Mapping[str, Any], **raw: Any
) -> ScalingGroup:
    members = [{"InstanceId": f"i-{n}", "LifecycleState": "InService"} for n in range(in_service)]
    whole = {"AutoScalingGroupName": "web", "DesiredCapacity": wanted, "Instances": members, **raw}
    return parse_scaling_group(whole, map(parse_activity, activities), **WHERE)


def launch(status: str, message: str = "", minutes: int = 0) -> Mapping[str, Any]:
    return {
        "AutoScalingGroupName": "web",
        "StatusCode": status,
        "Description": "Launching a new EC2 instance",
        "StatusMessage": message,
        "StartTime": WHEN - timedelta(minutes=minutes),
    }


def database(status: str) -> Database:
    raw = {
        "DBInstanceIdentifier": "orders",
        "DBInstanceStatus": status,
        "Engine": "postgres",
        "EngineVersion": "16.3",
    }
    return parse_database(raw, **WHERE)


BAD = target(INSTANCE, "unhealthy", "Target.ResponseCodeMismatch", "Health checks failed: [502]")
LATE = target(INSTANCE, "unhealthy", "Target.Timeout", "Request timed out")
GOOD = target(OTHER, "healthy")
STARTING = target(OTHER, "initial", "Elb.RegistrationInProgress")
LEAVING = target(INSTANCE, "draining", "Target.DeregistrationInProgress")
SUSPENDED = [{"ProcessName": "Launch", "SuspensionReason": "User suspended"}]

ESTATE_CASES: Mapping[str, tuple[Any, Any]] = MappingProxyType(
    {
        "AWS106": (volume("impaired"), volume("insufficient-data")),
        "AWS107": (volume(state="error"), volume()),
        "AWS108": (
            Standing(machine(state="stopped"), ("target group web",)),
            Standing(machine(state="stopped"), ()),
        ),
        "AWS109": (
            Standing(machine(state="stopped"), ()),
            Standing(machine(), ()),
        ),
        "AWS501": (behind(BAD), behind(BAD, STARTING)),
        "AWS502": (behind(BAD, GOOD), behind(LEAVING, GOOD)),
        "AWS503": (behind(), behind(used=False)),
        "AWS504": (
            behind(LATE, guards=(guard(opening(22, 22, SUBNET)),)),
            behind(LATE, guards=(guard(opening(8000, 9000, SUBNET)),)),
        ),
        "AWS505": (balancer("failed", "no free addresses in subnet-1"), balancer("provisioning")),
        "AWS601": (
            scaling(4, 2, launch("Failed", NO_CAPACITY), launch("Failed", NO_CAPACITY, 9)),
            scaling(4, 4, launch("Successful"), launch("Failed", NO_CAPACITY, 9)),
        ),
        "AWS602": (
            scaling(4, 2, SuspendedProcesses=SUSPENDED),
            scaling(4, 4, SuspendedProcesses=SUSPENDED),
        ),
        "AWS701": (
            guard(opening(0, 65535, WORLD)),
            guard(opening(22, 22, WORLD), guards=()),
        ),
        "AWS801": (database("storage-full"), database("modifying")),
        "AWS802": (database("stopped"), database("available")),
    }
)
