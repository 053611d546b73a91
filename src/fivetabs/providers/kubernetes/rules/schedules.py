"""Jobs and CronJobs that fail, hang or do not start."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from types import MappingProxyType

from fivetabs.core import Found, Severity, age, rule
from fivetabs.providers.kubernetes.rules.saying import from_event, quote
from fivetabs.providers.kubernetes.rules.witness import (
    accuse_thing,
    cases_of,
    from_condition,
    from_state,
    older,
    told_of,
)
from fivetabs.providers.kubernetes.shapes.controllers import CronJob, Job
from fivetabs.providers.kubernetes.shapes.cron import previous_run
from fivetabs.providers.kubernetes.shapes.owners import Owner
from fivetabs.providers.kubernetes.shapes.pods import Condition
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot

_LATE = timedelta(minutes=2)  # the controller looks every ten seconds
_ANY_ZONE = timedelta(hours=14)
_REASONS = MappingProxyType(
    {
        "BackoffLimitExceeded": "it is out of tries",
        "DeadlineExceeded": "it ran longer than its activeDeadlineSeconds",
        "PodFailurePolicy": "its podFailurePolicy ended it",
        "FailedIndexes": "too many of its indexes failed",
        "MaxFailedIndexesExceeded": "too many of its indexes failed",
    }
)


@rule("K8S821", Severity.WARNING)
def job_gave_up(snapshot: Snapshot) -> Iterator[Found]:
    """A Job has failed for good.

    Mend what its pods complain of and create the Job again; a CronJob makes the next one itself.
    """
    podless = {(c.workload.namespace, c.workload.name) for c in snapshot.shortages}
    for job in snapshot.all(Job):
        failed = _failed(job)
        if failed is None or not _latest(snapshot, job) or (job.namespace, job.name) in podless:
            continue
        tries = job.status.get("failed") or 0
        why = _REASONS.get(failed.reason, failed.reason or "it failed")
        limit = f" (backoffLimit {job.spec.get('backoffLimit', 6)}, {tries} tries failed)"
        whose = f" of CronJob/{job.owner.name}" if job.owner and job.owner.kind == "CronJob" else ""
        yield accuse_thing(
            snapshot,
            job,
            f"{job.told}{whose} has failed: {why}{limit if 'tries' in why else ''}"
            f"{_left(snapshot, job)}",
            from_condition(job, failed),
            since=failed.since,
            fold=f"{job.namespace}/{job.owner or job.name}",
        )


@rule("K8S822", Severity.INFO)
def job_suspended(snapshot: Snapshot) -> Iterator[Found]:
    """A Job is suspended before it is done.

    Resume it (spec.suspend: false) when it should run.
    """
    for job in snapshot.all(Job):
        done = job.status.get("completionTime") or _failed(job) is not None
        late = older(snapshot, job.created, snapshot.grace)
        if job.suspended and not done and late and job.owner is None:
            yield accuse_thing(
                snapshot,
                job,
                f"{job.told} is suspended by its owner and has not completed",
                from_state(job, "suspend: true"),
            )


@rule("K8S823", Severity.WARNING)
def schedule_blocked(snapshot: Snapshot) -> Iterator[Found]:
    """A CronJob skips its runs because an earlier one has not ended.

    See why that run does not end; give its Job an activeDeadlineSeconds, or allow concurrency.
    """
    for cron in snapshot.all(CronJob):
        running = _running(snapshot, cron)
        due = previous_run(cron.schedule, cron.zone, snapshot.now)
        forbids = cron.spec.get("concurrencyPolicy") == "Forbid"
        if cron.suspended or not forbids or not running or due is None:
            continue
        first = running[0]
        started = first.created
        if started is not None and due - started > _LATE:
            yield accuse_thing(
                snapshot,
                cron,
                f"{cron.told} ({quote(cron.schedule)}) has not run for "
                f"{age(started, snapshot.now)}: concurrencyPolicy is Forbid and its "
                f"Job {first.name} still runs",
                from_state(first, f"active: {first.status.get('active')}", started),
                since=started,
            )


@rule("K8S824", Severity.WARNING)
def schedule_missed(snapshot: Snapshot) -> Iterator[Found]:
    """A CronJob has not started a run that was due.

    See its events: too many missed starts, a deadline too short, or the controller being down.
    """
    for cron in snapshot.all(CronJob):
        if cron.suspended or cron.deleted is not None or _running(snapshot, cron):
            continue
        event = told_of(snapshot, cron, "TooManyMissedTimes", "FailedNeedsStart", "MissSchedule")
        due = previous_run(cron.schedule, cron.zone, snapshot.now - _doubt(cron))
        known = cron.scheduled or cron.created
        late = due is not None and known is not None and known < due
        if late and due is not None:
            said = f": {quote(event.message)}" if event else ""
            yield accuse_thing(
                snapshot,
                cron,
                f"{cron.told} ({quote(cron.schedule)}) should have run "
                f"{age(due, snapshot.now)} ago and did not{said}",
                from_event(event) if event else from_state(cron, _last(cron), known),
                since=due,
            )


@rule("K8S825", Severity.WARNING, basic=True)
def schedule_unusable(snapshot: Snapshot) -> Iterator[Found]:
    """A CronJob's schedule or time zone cannot be understood.

    Correct spec.schedule and spec.timeZone; the zone must be one of the IANA database.
    """
    for cron in snapshot.all(CronJob):
        event = told_of(snapshot, cron, "UnknownTimeZone", "UnparseableSchedule", "InvalidSchedule")
        if event is not None and not cron.suspended:
            yield accuse_thing(
                snapshot,
                cron,
                f"{cron.told} never runs: {quote(event.message)}",
                from_event(event),
                since=event.first,
            )


@rule("K8S826", Severity.WARNING)
def runs_refused(snapshot: Snapshot) -> Iterator[Found]:
    """A CronJob cannot make its Jobs.

    Mend what the API server refuses: quota, admission or the CronJob's own template.
    """
    for cron in snapshot.all(CronJob):
        event = told_of(snapshot, cron, "FailedCreate")
        if event is not None and not cron.suspended:
            yield accuse_thing(
                snapshot,
                cron,
                f"{cron.told} cannot make its Job: {quote(event.message)}",
                from_event(event),
                since=event.first,
            )


def _doubt(cron: CronJob) -> timedelta:
    """How late a run must be to be missed: without a zone the control plane's own is not known."""
    hourly = cron.schedule.startswith("@hourly") or cron.schedule.split()[1:2] == ["*"]
    return _LATE if cron.zone or hourly else _LATE + _ANY_ZONE


def _failed(job: Job) -> Condition | None:
    return next(
        (c for c in job.state.conditions if c.type == "Failed" and c.status == "True"), None
    )


def _latest(snapshot: Snapshot, job: Job) -> bool:
    """Whether no later Job of its CronJob came to a good end."""
    if job.owner is None:
        return True
    born = job.created or snapshot.now
    siblings = _siblings(snapshot, job.namespace, job.owner)
    return not any(
        each.status.get("completionTime") and each.created is not None and each.created > born
        for each in siblings
    )


def _siblings(snapshot: Snapshot, namespace: str, owner: Owner) -> Iterator[Job]:
    return (j for j in snapshot.all(Job) if j.namespace == namespace and j.owner == owner)


def _running(snapshot: Snapshot, cron: CronJob) -> Sequence[Job]:
    mine = _siblings(snapshot, cron.namespace, Owner("CronJob", cron.name))
    active = (job for job in mine if job.status.get("active") and job.created is not None)
    return sorted(active, key=lambda job: (job.created or snapshot.now, job.name))


def _left(snapshot: Snapshot, job: Job) -> str:
    left = sorted(cases_of(snapshot, job), key=lambda case: case.pod.name)
    return f"; its pod {left[-1].pod.name} is {left[-1].status}" if left else ""


def _last(cron: CronJob) -> str:
    if cron.scheduled is None:
        return f"schedule: {cron.schedule}, lastScheduleTime: none"
    return f"schedule: {cron.schedule}, lastScheduleTime: {cron.scheduled:%Y-%m-%dT%H:%M:%SZ}"
