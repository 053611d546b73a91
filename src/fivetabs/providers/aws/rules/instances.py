"""What is wrong with an instance."""

from collections.abc import Iterator

from fivetabs.core import Evidence, Found, Severity, quoted, rule, stamp, term
from fivetabs.providers.aws.shapes.instances import Instance

_FAILURES = (
    "Client.InternalError",
    "Client.InvalidSnapshot.NotFound",
    "Client.VolumeLimitExceeded",
)
_PLANNED = ("Server.ScheduledStop", "Server.SpotInstanceShutdown")
_IMPAIRED = "impaired"


@rule("AWS102", Severity.CRITICAL)
def system_check_failed(instance: Instance) -> Iterator[Found]:
    """The system status check of an instance fails.

    The host below it is at fault: stop and start the instance (not reboot) to move it to another
    host, or wait for AWS.
    """
    if instance.checks.system == _IMPAIRED:
        yield _failing(instance, "system")


@rule("AWS101", Severity.CRITICAL)
def instance_check_failed(instance: Instance) -> Iterator[Found]:
    """The instance status check of an instance fails.

    Its own operating system does not answer: look at its console output, memory and disk, and at
    what was changed just before; then reboot or replace it.
    """
    if instance.checks.instance == _IMPAIRED:
        yield _failing(instance, "instance")


@rule("AWS103", Severity.CRITICAL)
def volumes_check_failed(instance: Instance) -> Iterator[Found]:
    """The volumes of an instance cannot complete their reads and writes.

    Look at the state of the attached EBS volumes; stop and start the instance if they are well.
    """
    if instance.checks.volumes == _IMPAIRED:
        yield _failing(instance, "attached EBS")


@rule("AWS104", Severity.WARNING)
def event_scheduled(instance: Instance) -> Iterator[Found]:
    """AWS has scheduled a reboot, stop or retirement of an instance.

    Stop and start it yourself at a time that suits you, before AWS does.
    """
    for event in instance.checks.events:
        left = f" (in {event.left})" if event.left else ""
        when = f" not before {stamp(event.start)}{left}" if event.start else ""
        yield Found(
            instance.subject,
            f"{instance.label}: {term(event.code)}{when}",
            (Evidence(quote=event.words, source="ec2:DescribeInstanceStatus"),),
        )


@rule("AWS105", Severity.WARNING)
def ended_by_failure(instance: Instance) -> Iterator[Found]:
    """An instance was ended by AWS or by a failure, not by its owner.

    Read the reason; start it again or let its group replace it elsewhere.
    """
    code = instance.reason_code
    if code in _FAILURES or (code.startswith("Server.") and code not in _PLANNED):
        yield Found(
            instance.subject,
            f"{instance.label} is {instance.state}: {quoted(instance.reason) or term(code)}",
            (Evidence(quote=code, source="ec2:DescribeInstances"),),
            fold=f"{instance.group}/{code}" if instance.group else "",
        )


def _failing(instance: Instance, which: str) -> Found:
    since = instance.checks.since
    tail = f" since {stamp(since)}" if since else ""
    return Found(
        instance.subject,
        f"{instance.label}, {instance.type} in {instance.zone}: {which} status check fails{tail}",
        (
            Evidence(
                quote=instance.checks.words,
                source="ec2:DescribeInstanceStatus",
                time=stamp(since) if since else "",
            ),
        ),
        tool="get_cloudwatch_alarms",
        since=since,
    )
