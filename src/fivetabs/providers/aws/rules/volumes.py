"""What is wrong with EBS volumes and RDS databases."""

from collections.abc import Iterator

from fivetabs.core import Evidence, Found, Severity, quoted, rule, stamp, term
from fivetabs.providers.aws.shapes.databases import BUSY, OFF, WELL, Database
from fivetabs.providers.aws.shapes.placing import Volume


@rule("AWS106", Severity.CRITICAL)
def volume_impaired(volume: Volume) -> Iterator[Found]:
    """An EBS volume is impaired: its input and output may be switched off or its data wrong.

    Stop what writes to it, check the file system, then enable its I/O again.
    """
    if volume.status == "impaired":
        on = f" of {', '.join(volume.instances)}" if volume.instances else ""
        since = f" since {stamp(volume.since)}" if volume.since else ""
        why = f": {quoted(volume.words)}" if volume.words else ""
        yield Found(
            volume.subject,
            f"volume {volume.id}{on} is impaired{since}{why}",
            (Evidence(quote=volume.words or volume.status, source="ec2:DescribeVolumeStatus"),),
            since=volume.since,
        )


@rule("AWS107", Severity.WARNING)
def volume_in_error(volume: Volume) -> Iterator[Found]:
    """The hardware below an EBS volume has failed, or its encryption key is gone.

    Restore it from its last snapshot; an error state does not mend itself.
    """
    if volume.state == "error":
        on = f" of {', '.join(volume.instances)}" if volume.instances else ""
        evidence = Evidence(quote="State error", source="ec2:DescribeVolumes")
        yield Found(volume.subject, f"volume {volume.id}{on} is in the state error", (evidence,))


@rule("AWS801", Severity.CRITICAL)
def database_failing(database: Database) -> Iterator[Found]:
    """A database does not serve, by its own status.

    storage-full: grow its storage; incompatible-*: correct what the name says; else look at its
    events.
    """
    status = database.status
    if status and status not in WELL | OFF | BUSY:
        yield _of(database)


@rule("AWS802", Severity.INFO)
def database_off(database: Database) -> Iterator[Found]:
    """A database is stopped.

    Start it if something needs it; AWS starts it by itself after seven days.
    """
    if database.status in {"stopped", "stopping"}:
        yield _of(database)


def _of(database: Database) -> Found:
    status = database.status
    cause = f"database {database.name} ({term(database.engine)}) is {term(status)}"
    evidence = Evidence(quote=f"DBInstanceStatus {status}", source="rds:DescribeDBInstances")
    return Found(database.subject, cause, (evidence,))
