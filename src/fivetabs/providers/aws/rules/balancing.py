"""What is wrong with load balancers and the targets behind them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fivetabs.core import Evidence, Found, Severity, quoted, rule
from fivetabs.providers.aws.shapes.balancing import UNHEALTHY, Balancer, Target, TargetGroup
from fivetabs.providers.aws.shapes.guarding import SecurityGroup
from fivetabs.providers.aws.shapes.instances import Instance

_SOURCE = "elasticloadbalancing:DescribeTargetHealth"
_MOST = 4


@dataclass(frozen=True, slots=True)
class Behind:
    """A target group in use, with the instances and security groups that were read."""

    group: TargetGroup
    balancers: tuple[Balancer, ...]
    instances: tuple[Instance, ...]
    guards: tuple[SecurityGroup, ...] | None


@rule("AWS501", Severity.CRITICAL)
def nothing_healthy(behind: Behind) -> Iterator[Found]:
    """A load balancer has not one healthy target behind it.

    Look at the targets by their reason codes: the application, its port, or the health check.
    """
    group = behind.group
    bad = group.of(*UNHEALTHY)
    if _in_use(behind) and bad and not group.of("healthy", "initial"):
        cause = f"no target of {group.name} is healthy ({len(bad)} of {len(group.targets or ())} "
        cause += "unhealthy)"
        yield _found(behind, f"{cause}{_by(behind)}: {_reasons(bad)}; it checks {group.check}", bad)


@rule("AWS502", Severity.WARNING)
def some_unhealthy(behind: Behind) -> Iterator[Found]:
    """Some targets behind a load balancer are unhealthy.

    Compare them with the healthy ones: what differs is the cause; the reason codes say how they
    fail.
    """
    group = behind.group
    bad = group.of(*UNHEALTHY)
    if _in_use(behind) and bad and group.of("healthy", "initial"):
        which = ", ".join(_label(behind, t) for t in bad[:_MOST])
        more = f" and {len(bad) - _MOST} more" if len(bad) > _MOST else ""
        is_ = "is" if len(bad) == 1 else "are"
        cause = f"{len(bad)} of {len(group.targets or ())} targets of {group.name} {is_} unhealthy"
        yield _found(behind, f"{cause}{_by(behind)}: {which}{more}: {_reasons(bad)}", bad)


@rule("AWS503", Severity.WARNING)
def nothing_registered(behind: Behind) -> Iterator[Found]:
    """A load balancer routes to a target group in which nothing is registered.

    Register the targets (or let the scaling group or controller do it); until then callers get 503.
    """
    group = behind.group
    if _in_use(behind) and group.targets == ():
        cause = f"{group.name} has no registered target at all{_by(behind)}"
        yield Found(group.subject, cause, (Evidence(quote="no targets", source=_SOURCE),))


@rule("AWS504", Severity.CRITICAL)
def port_closed(behind: Behind) -> Iterator[Found]:
    """The security groups of a target let nobody in at the port that is checked.

    Add a rule that lets the load balancer's security group in at that port.
    """
    group, guards = behind.group, behind.guards
    late = [t for t in group.of("unhealthy") if t.reason == "Target.Timeout" and t.port]
    if not _in_use(behind) or group.kind != "instance" or not late or not guards:
        return
    closed = [t for t in late if (own := _guards_of(t, guards)) and not _open(own, t.port)]
    if closed:
        first = closed[0]
        names = ", ".join(f"{g.id} ({g.name})" for g in _guards_of(first, guards))
        cause = f"{_count(closed)} of {group.name} time out: no rule of their security groups "
        cause += f"({names}) lets anything in at port {first.port}{_by(behind)}"
        yield _found(behind, cause, tuple(closed))


@rule("AWS505", Severity.CRITICAL)
def balancer_failed(balancer: Balancer) -> Iterator[Found]:
    """A load balancer could not be set up, or is impaired.

    Read the reason; most often its subnets have no free addresses.
    """
    if balancer.state in {"failed", "active_impaired"}:
        why = f": {quoted(balancer.reason)}" if balancer.reason else ""
        cause = f"load balancer {balancer.name} is {balancer.state}{why}"
        source = "elasticloadbalancing:DescribeLoadBalancers"
        yield Found(balancer.subject, cause, (Evidence(quote=balancer.state, source=source),))


def _count(targets: Sequence[Target]) -> str:
    return f"{len(targets)} target{'' if len(targets) == 1 else 's'}"


def _in_use(behind: Behind) -> bool:
    return bool(behind.balancers)


def _by(behind: Behind) -> str:
    return f" (behind {', '.join(b.name for b in behind.balancers)})"


def _label(behind: Behind, target: Target) -> str:
    known = next((i.label for i in behind.instances if i.id == target.id), target.id)
    return f"{known} at port {target.port}" if target.port else known


def _reasons(bad: tuple[Target, ...]) -> str:
    """`3 Target.ResponseCodeMismatch (Health checks failed with these codes: [502])`."""
    counts = Counter((t.reason, t.words) for t in bad)
    told = (
        f"{count} {reason}" + (f" ({quoted(words)})" if words else "")
        for (reason, words), count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    )
    return ", ".join(told)


def _guards_of(target: Target, guards: tuple[SecurityGroup, ...]) -> tuple[SecurityGroup, ...]:
    return tuple(g for g in guards if target.id in g.guards)


def _open(guards: tuple[SecurityGroup, ...], port: int) -> bool:
    return any(o.lets_in(port) for g in guards for o in g.openings)


def _found(behind: Behind, cause: str, bad: tuple[Target, ...]) -> Found:
    quotes = (f"{t.id}:{t.port} {t.state} {t.reason} {t.words}".strip() for t in bad[:_MOST])
    evidence = (Evidence(quote=quote, source=_SOURCE) for quote in quotes)
    return Found(behind.group.subject, cause, tuple(evidence))
