"""How a change of any object turned out."""

from datetime import datetime

from fivetabs.core import Plan, Scope, Turn, Verdict
from fivetabs.providers.kubernetes.port import RESTARTABLE, Cluster, Step
from fivetabs.providers.kubernetes.rules.surveying import survey
from fivetabs.providers.kubernetes.shapes.owners import Owner
from fivetabs.providers.kubernetes.shapes.services import Service
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot
from fivetabs.providers.kubernetes.tools.consequences import about
from fivetabs.providers.kubernetes.tools.loading import load
from fivetabs.providers.kubernetes.tools.verifying import rolled_out, still_there, verdict_of

# An autoscaler's conditions are written when its controller looks again, every 15 s.
_SLOW = frozenset({"HorizontalPodAutoscaler"})


async def turned_out(cluster: Cluster, plan: Plan[Step], since: datetime) -> Verdict:
    """A rollout that has come to its end, or an object of which no rule complains any more."""
    step = plan.steps[0]
    if any(step.kind == each.kind for each in RESTARTABLE):
        return await rolled_out(cluster, plan, since)
    _, gone = await still_there(cluster, step)
    if gone:
        return Verdict(Turn.FAILING, gone)
    owner = Owner(step.kind, step.name)
    snapshot = await load(cluster, Scope(step.namespace))
    findings = about(survey(snapshot).findings, str(plan.touches[0]))
    if not findings:
        return _served(snapshot, step, owner)
    told = verdict_of(plan, findings, str(owner))
    stale = step.kind in _SLOW and findings[0].code in {each.code for each in plan.ailing}
    return Verdict(Turn.UNDER_WAY if stale else Turn.FAILING, told, findings)


def _served(snapshot: Snapshot, step: Step, owner: Owner) -> Verdict:
    """Nothing is wrong with it; a Service that chooses pods is well once one of them is ready."""
    service = snapshot.find(Service, step.namespace, step.name) if step.kind == "Service" else None
    if service is None or not service.selector:
        return Verdict(Turn.WELL, f"{owner} is changed, and no rule complains of it")
    ready = sum(each.ready for each in snapshot.endpoints(service))
    if ready or not any(not user.idle for user in snapshot.chosen(service)):
        return Verdict(Turn.WELL, f"{owner} is changed and has {ready} ready endpoints")
    return Verdict(Turn.UNDER_WAY, f"{owner} is changed and has no ready endpoint yet")
