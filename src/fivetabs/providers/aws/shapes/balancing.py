"""Load balancers, their target groups and the health of each target.

Source: Elastic Load Balancing v2 API, `LoadBalancer`, `TargetGroup`, `TargetHealthDescription`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fivetabs.core import Subject, term

WAITING = frozenset({"initial", "draining", "unused"})
UNHEALTHY = frozenset({"unhealthy", "unavailable"})


@dataclass(frozen=True, slots=True)
class Balancer:
    """A load balancer. `key` is how an alarm's dimension names it (`app/shop/5d0e...`)."""

    subject: Subject
    name: str
    arn: str
    key: str
    host: str
    state: str
    reason: str
    public: bool
    security_groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """One target: an instance's id, an address or a function; `reason` is the API's code."""

    id: str
    port: int
    state: str
    reason: str
    words: str


@dataclass(frozen=True, slots=True)
class TargetGroup:
    """A target group; `targets` is None where their health was not read."""

    subject: Subject
    name: str
    arn: str
    key: str
    kind: str
    port: int
    check: str
    balancers: tuple[str, ...]
    targets: tuple[Target, ...] | None

    def of(self, *states: str) -> tuple[Target, ...]:
        """The targets in one of these states."""
        return tuple(t for t in self.targets or () if t.state in states)


def parse_balancer(raw: Mapping[str, Any], *, account: str, region: str) -> Balancer:
    """Read a load balancer of DescribeLoadBalancers."""
    arn, state = raw["LoadBalancerArn"], raw.get("State", {})
    return Balancer(
        subject=Subject("aws", f"{account}/{region}", ("elb", raw["LoadBalancerName"])),
        name=raw["LoadBalancerName"],
        arn=arn,
        key=arn.partition(":loadbalancer/")[2],
        host=raw.get("DNSName", ""),
        state=state.get("Code", ""),
        reason=state.get("Reason", ""),
        public=raw.get("Scheme") == "internet-facing",
        security_groups=tuple(raw.get("SecurityGroups", ())),
    )


def parse_target_group(
    raw: Mapping[str, Any],
    health: Iterable[Mapping[str, Any]] | None,
    *,
    account: str,
    region: str,
) -> TargetGroup:
    """Read a target group with the health of its targets."""
    arn, name = raw["TargetGroupArn"], raw["TargetGroupName"]
    return TargetGroup(
        subject=Subject("aws", f"{account}/{region}", ("targetgroup", name)),
        name=name,
        arn=arn,
        key=arn.rpartition(":")[2],
        kind=raw.get("TargetType", ""),
        port=int(raw.get("Port") or 0),
        check=_check(raw),
        balancers=tuple(raw.get("LoadBalancerArns", ())),
        targets=None if health is None else tuple(sorted(map(_target, health), key=_order)),
    )


def _check(raw: Mapping[str, Any]) -> str:
    port = raw.get("HealthCheckPort", "traffic-port")
    path = raw.get("HealthCheckPath", "")
    codes = raw.get("Matcher", {}).get("HttpCode", "")
    wants = f" wants {term(codes)}" if codes else ""
    return f"{raw.get('HealthCheckProtocol', '')} {term(path)} on {port}{wants}".replace("  ", " ")


def _target(raw: Mapping[str, Any]) -> Target:
    target, health = raw.get("Target", {}), raw.get("TargetHealth", {})
    return Target(
        id=term(target.get("Id", "")),
        port=int(target.get("Port") or 0),
        state=term(health.get("State", "")),
        reason=term(health.get("Reason", "")),
        words=health.get("Description", ""),
    )


def _order(target: Target) -> tuple[str, int]:
    return target.id, target.port
