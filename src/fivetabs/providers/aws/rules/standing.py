"""Instances that others count on and that do not run."""

from collections.abc import Iterator
from dataclasses import dataclass

from fivetabs.core import Evidence, Found, Severity, quoted, rule
from fivetabs.providers.aws.rules.instances import ended_by_failure
from fivetabs.providers.aws.shapes.instances import Instance

_DOWN = frozenset({"stopped", "stopping", "shutting-down", "terminated"})


@dataclass(frozen=True, slots=True)
class Standing:
    """An instance and, in words, who routes to it or watches it."""

    instance: Instance
    needed_by: tuple[str, ...]


@rule("AWS108", Severity.WARNING)
def needed_and_stopped(standing: Standing) -> Iterator[Found]:
    """An instance is stopped while something still routes to it.

    Start it again, or take it out of what routes to it.
    """
    instance = standing.instance
    if instance.state in _DOWN and standing.needed_by:
        why = f" ({quoted(instance.reason)})" if instance.reason else ""
        who = ", ".join(standing.needed_by)
        cause = f"{instance.label} is {instance.state}{why}, while {who} routes to it"
        evidence = Evidence(quote=f"State {instance.state}", source="ec2:DescribeInstances")
        yield Found(instance.subject, cause, (evidence,))


@rule("AWS109", Severity.INFO, latent=True)
def stopped(standing: Standing) -> Iterator[Found]:
    """An instance is stopped.

    Start it if something needs it; look who stopped it with get_recent_changes.
    """
    instance = standing.instance
    failed = any(True for _ in ended_by_failure(instance))
    if instance.state in _DOWN and not standing.needed_by and not failed:
        why = f" ({quoted(instance.reason)})" if instance.reason else ""
        evidence = Evidence(quote=f"State {instance.state}", source="ec2:DescribeInstances")
        yield Found(instance.subject, f"{instance.label} is {instance.state}{why}", (evidence,))
