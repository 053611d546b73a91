"""How a change of a workload turned out: its controller has seen it, and the new pods are well."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from fivetabs.core import Call, Finding, NotFound, Plan, Turn, Verdict, shortened
from fivetabs.core.patterns import Pattern
from fivetabs.providers.kubernetes.port import (
    REPLICA_SETS,
    REVISIONS,
    Cluster,
    Edit,
    Json,
    Restart,
    Step,
    path_of,
    path_to,
)
from fivetabs.providers.kubernetes.shapes.fields import part, parts
from fivetabs.providers.kubernetes.shapes.identity import taken_back
from fivetabs.providers.kubernetes.shapes.owners import Owner
from fivetabs.providers.kubernetes.shapes.progress import Progress, parse_progress
from fivetabs.providers.kubernetes.shapes.revisions import current_of, parse_revisions
from fivetabs.providers.kubernetes.shapes.tables import PodRow
from fivetabs.providers.kubernetes.shapes.times import parse_printed
from fivetabs.providers.kubernetes.tools.patients import examined, pods_of, selector_of

_STEADY = timedelta(seconds=6)  # a program that ends at once has ended by then
_CALM = timedelta(seconds=20)
_OFTEN = 2
# First ends may heal by themselves, and a node may come; these go on being looked at.
_PASSING = Pattern(r"(Init:)?(Error|Completed|OOMKilled|ExitCode:\d+|Signal:\d+)|Pending")
_CHANGES = frozenset({"update_resource", "rollback_deployment", "scale_deployment"})
_LONGEST = 300


async def rolled_out(cluster: Cluster, plan: Plan[Step], _since: datetime) -> Verdict:
    """Whether the newest pods of a workload are there, ready, and stay so for some seconds."""
    step = plan.steps[0]
    raw, gone = await still_there(cluster, step)
    if gone:
        return Verdict(Turn.FAILING, gone)
    owner = Owner(step.kind, step.name)
    progress = parse_progress(raw, step.kind)
    if not progress.seen:
        return Verdict(Turn.UNDER_WAY, f"{owner}: its controller has not looked at it yet")
    if progress.held and not isinstance(step, Restart):
        return Verdict(Turn.WELL, f"{owner} is changed; {progress.held}")
    rows = await _newest(cluster, raw)
    if rows is None:
        return Verdict(Turn.UNDER_WAY, f"{owner}: no pod of the newest template yet")
    return await _judged(cluster, plan, raw, progress, rows)


async def still_there(cluster: Cluster, step: Step) -> tuple[Json, str]:
    """The object that was changed, and why the change no longer stands; empty where it does."""
    owner = Owner(step.kind, step.name)
    try:
        raw: Json = {**await cluster.get(path_of(step)), "kind": step.kind}
    except NotFound:
        return {}, f"{owner} has been deleted since"
    if part(raw, "metadata").get("uid") != step.uid:
        return raw, f"{owner} has been deleted and made anew since"
    if isinstance(step, Edit) and (place := taken_back(raw, step)):
        return raw, f"somebody has changed {place} of {owner} again since"
    return raw, ""


async def _judged(
    cluster: Cluster, plan: Plan[Step], raw: Json, progress: Progress, rows: Sequence[PodRow]
) -> Verdict:
    owner = Owner(raw["kind"], raw["metadata"]["name"])
    steady = sum(map(_is_steady, rows))
    count = f"{steady} of {progress.wanted} pods of {owner} are of the newest template and ready"
    if progress.done and steady == len(rows):
        if not rows:
            return Verdict(Turn.WELL, f"{owner} has no pods now, as it was asked for")
        return Verdict(Turn.WELL, f"{count}, and stay so")
    health = await examined(cluster, raw, rows)
    if not health.findings:
        late = f"; {progress.stuck.message}" if progress.stuck else ""
        turn = Turn.FAILING if progress.stuck else Turn.UNDER_WAY
        return Verdict(turn, f"{count}{late}")
    told = verdict_of(plan, health.findings, str(owner))
    if progress.stuck or any(_is_final(each, rows) for each in health.findings):
        return Verdict(Turn.FAILING, told, health.findings)
    cause = shortened(health.findings[0].cause, _LONGEST)
    return Verdict(Turn.UNDER_WAY, f"{count}: {cause}", health.findings)


def verdict_of(plan: Plan[Step], findings: Sequence[Finding], what: str) -> str:
    """What to say of a change after which something is wrong: the same as before, or new."""
    before = {each.code for each in plan.ailing}
    cause = shortened(findings[0].cause, _LONGEST)
    same = findings[0].code in before
    restart = isinstance(plan.steps[0], Restart)
    if same and restart:
        told = f"the restart did not help: {what} still fails with the same cause: {cause}"
    else:
        told = f"{what} {'still fails with the same cause' if same else 'fails'}: {cause}"
    return f"{told}. {advice(findings)}"


def advice(findings: Sequence[Finding]) -> str:
    """The change that would help, as the very call where a rule could work it out."""
    for each in findings:
        step = each.next_step
        if step.tool in _CHANGES:
            return f"What would help: {Call(step.tool, step.arguments)}"
    return f"Next: {findings[0].next_step.words}"


async def _newest(cluster: Cluster, raw: Json) -> tuple[PodRow, ...] | None:
    """The pods of the newest template; None while the controller has not recorded that."""
    hashed = await _hash(cluster, raw)
    if hashed is None:
        return None
    label = "pod-template-hash" if raw["kind"] == "Deployment" else "controller-revision-hash"
    rows = await pods_of(cluster, raw)
    return tuple(row for row in rows if part(row.meta, "labels").get(label) == hashed)


async def _hash(cluster: Cluster, raw: Json) -> str | None:
    """What tells the pods of the newest template from the others."""
    if raw["kind"] == "StatefulSet":
        return part(raw, "status").get("updateRevision")
    resource = REPLICA_SETS if raw["kind"] == "Deployment" else REVISIONS
    path = path_to(resource, raw["metadata"]["namespace"])
    listed = await cluster.get(path, labelSelector=selector_of(raw))
    known = parse_revisions(raw["kind"], raw["metadata"]["uid"], parts(listed, "items"))
    current = current_of(part(raw, "spec", "template"), known)
    return current.hash if current else None


def _is_steady(row: PodRow) -> bool:
    """Whether a pod is ready, and has been for long enough that it is no start before a crash."""
    age = parse_printed(row.age) or timedelta()
    ago = row.restarted
    calm = row.restart_count == 0 or ago is None or ago >= _CALM
    return row.all_ready and not row.deleting and age >= _STEADY and calm


def _is_final(finding: Finding, rows: Sequence[PodRow]) -> bool:
    """Whether a finding will not go away by waiting a little."""
    accused = {finding.subject, *finding.symptoms}
    mine = list(_accused(accused, rows))
    return not mine or any(
        not _PASSING.fullmatch(row.status) or row.restart_count >= _OFTEN for row in mine
    )


def _accused(subjects: set[str], rows: Sequence[PodRow]) -> Iterator[PodRow]:
    names = {subject.rpartition("/")[2] for subject in subjects}
    yield from (row for row in rows if row.name in names)
