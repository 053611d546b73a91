"""Deployments, StatefulSets and DaemonSets that do not become what they should be."""

from collections.abc import Iterator
from datetime import datetime

from fivetabs.core import Found, Severity, rule, term
from fivetabs.providers.kubernetes.rules.saying import quote
from fivetabs.providers.kubernetes.rules.witness import (
    accuse_thing,
    cases_of,
    from_condition,
    from_state,
    older,
)
from fivetabs.providers.kubernetes.shapes.controllers import (
    Controller,
    DaemonSet,
    Deployment,
    StatefulSet,
)
from fivetabs.providers.kubernetes.shapes.pods import Condition
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot


@rule("K8S811", Severity.WARNING)
def rollout_stuck(snapshot: Snapshot) -> Iterator[Found]:
    """A Deployment's rollout has not come to its end in its time.

    Mend why the new pods do not become available, or roll back to the revision that still serves.
    """
    for made in snapshot.all(Deployment):
        progress = _condition(made, "Progressing")
        if progress is None or progress.status != "False" or made.deleted is not None:
            continue
        if progress.reason == "ProgressDeadlineExceeded" and not made.state.paused:
            ready, wanted = made.state.ready, made.state.wanted
            new = _count(made, "updatedReplicas")
            yield accuse_thing(
                snapshot,
                made,
                f"the rollout of {made.told} is stuck: {new} of {wanted} pods are of the new "
                f"revision {term(made.state.revision or '?')}, {_serving(ready, wanted)}"
                f"{_blamed(snapshot, made)}",
                from_condition(made, progress),
                since=progress.since,
            )


@rule("K8S812", Severity.WARNING)
def rollout_paused(snapshot: Snapshot) -> Iterator[Found]:
    """A paused rollout holds a change back.

    Resume the rollout, or undo the change that waits.
    """
    for made in snapshot.all(Deployment):
        progress = _condition(made, "Progressing")
        if not made.state.paused or made.state.wanted == 0:
            continue
        updated, since = _count(made, "updatedReplicas"), _since(made, progress)
        if updated < made.state.wanted and older(snapshot, since, snapshot.grace):
            yield accuse_thing(
                snapshot,
                made,
                f"the rollout of {made.told} is paused with a change that waits: {updated} of "
                f"{made.state.wanted} pods are of the newest template",
                from_state(
                    made, f"paused: true, updatedReplicas: {updated}", _since(made, progress)
                ),
                since=_since(made, progress),
                words="Resume it (kubectl rollout resume) when the change is wanted.",
            )


@rule("K8S813", Severity.CRITICAL)
def ordinal_stuck(snapshot: Snapshot) -> Iterator[Found]:
    """A StatefulSet waits for one of its pods, and does not go on to the next.

    Mend that pod: with the policy OrderedReady the ones after it are not touched before.
    """
    for made in snapshot.all(StatefulSet):
        if made.spec.get("podManagementPolicy") == "Parallel" or made.deleted is not None:
            continue
        sick = sorted(cases_of(snapshot, made), key=lambda c: _ordinal(c.pod.name))
        behind = _behind(made)
        if not sick or not behind or not _lasting(snapshot, made, sick[0].began()):
            continue
        pod = sick[0]
        yield accuse_thing(
            snapshot,
            made,
            f"{made.told} is stuck at pod {pod.pod.name} ({pod.status}): {behind}",
            from_state(made, f"readyReplicas: {made.state.ready}, replicas: {made.state.wanted}"),
            since=pod.began(),
            tool="describe_pod",
            arguments={"pod_name": pod.pod.name, "namespace": made.namespace},
        )


@rule("K8S814", Severity.WARNING)
def daemons_missing(snapshot: Snapshot) -> Iterator[Found]:
    """A DaemonSet does not run on every node that it should.

    Mend the pods that are not ready, or the nodes that they are on.
    """
    for made in snapshot.all(DaemonSet):
        wanted, ready = made.state.wanted, made.state.ready
        sick = list(cases_of(snapshot, made))
        if ready >= wanted or not sick or made.deleted is not None:
            continue
        oldest = min((b for c in sick if (b := c.began())), default=None)
        if not older(snapshot, oldest, snapshot.grace):
            continue
        nodes = sorted({case.pod.node for case in sick if case.pod.node})
        on = f" on {', '.join(nodes[:3])}" if nodes else ""
        yield accuse_thing(
            snapshot,
            made,
            f"{made.told} is ready on {ready} of {wanted} nodes: {sick[0].pod.name} is "
            f"{sick[0].status}{on}",
            from_state(made, f"numberReady: {ready}, desiredNumberScheduled: {wanted}"),
            since=oldest,
        )


@rule("K8S815", Severity.WARNING)
def template_ignored(snapshot: Snapshot) -> Iterator[Found]:
    """A workload's new template reaches no pod, because its update strategy is OnDelete.

    Delete the old pods one by one, or change the strategy to RollingUpdate.
    """
    for made in (*snapshot.all(StatefulSet), *snapshot.all(DaemonSet)):
        late = _outdated(made)
        if made.state.strategy == "OnDelete" and late:
            yield accuse_thing(
                snapshot,
                made,
                f"{late} of {made.state.wanted} pods of {made.told} still run an older template: "
                "its update strategy is OnDelete",
                from_state(made, "updateStrategy: OnDelete"),
                since=None,
            )


def _condition(made: Controller, kind: str) -> Condition | None:
    return next((c for c in made.state.conditions if c.type == kind), None)


def _count(made: Controller, field: str) -> int:
    return made.status.get(field) or 0


def _serving(ready: int, wanted: int) -> str:
    if ready == 0:
        return "none is ready"
    return f"{ready} ready ones still serve, old and new together, {wanted} are wanted"


def _blamed(snapshot: Snapshot, made: Controller) -> str:
    """Which of its pods keeps it, as words to add; where no pod exists, what its sets say."""
    sick = sorted(
        cases_of(snapshot, made), key=lambda c: (c.pod.created or snapshot.now, c.pod.name)
    )
    if sick:
        newest = sick[-1]
        return f"; new pod {newest.pod.name} is {newest.status}"
    for case in snapshot.shortages:
        if case.whose == f"{made.KIND}/{made.name}" and case.workload.namespace == made.namespace:
            return f"; its pods cannot be created: {quote(case.message)}"
    return ""


def _since(made: Controller, progress: Condition | None) -> datetime | None:
    return progress.since if progress is not None else made.created


def _ordinal(name: str) -> int:
    last = name.rpartition("-")[2]
    return int(last) if last.isdecimal() else 0


def _behind(made: StatefulSet) -> str:
    """What has not happened yet: pods that do not exist, or still have the old revision."""
    exist, wanted = _count(made, "replicas"), made.state.wanted
    if exist < wanted:
        return f"{wanted - exist} of {wanted} pods have not been made"
    old = _outdated(made)
    if old and made.state.strategy != "OnDelete":
        return f"{old} of {wanted} pods still have the old revision"
    return ""


def _outdated(made: Controller) -> int:
    if isinstance(made, DaemonSet):
        return made.state.wanted - _count(made, "updatedNumberScheduled")
    current, update = made.status.get("currentRevision"), made.status.get("updateRevision")
    if not update or current == update:
        return 0
    kept = made.spec.get("updateStrategy", {}).get("rollingUpdate", {}).get("partition") or 0
    return max(0, made.state.wanted - kept - _count(made, "updatedReplicas"))


def _lasting(snapshot: Snapshot, made: Controller, began: datetime | None) -> bool:
    return older(snapshot, began or made.created, snapshot.grace)
