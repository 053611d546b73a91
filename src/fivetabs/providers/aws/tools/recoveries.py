"""How an instance took its reboot: back with its checks passed, still failing, or gone."""

from datetime import datetime, timedelta

from fivetabs.core import Plan, Turn, Verdict, quoted, run_rules, span
from fivetabs.providers.aws.port import Account, Reboot
from fivetabs.providers.aws.shapes.instances import Instance
from fivetabs.providers.aws.tools.fleets import RULES, instances_in

_FRESH = timedelta(seconds=90)
"""AWS makes status checks once a minute: what is said before may be from before the reboot."""
_LONG = timedelta(minutes=4)
"""EC2 forces a reboot that the system does not do by itself within four minutes.

Source: EC2 user guide, "Reboot your instance".
"""


async def came_back(account: Account, plan: Plan[Reboot], since: datetime) -> Verdict:
    """Its state and its status checks, once they can be newer than the reboot."""
    step, passed = plan.steps[0], account.now() - since
    found = await instances_in(account, step.region)
    instance = next((each for each in found if each.id == step.instance_id), None)
    if instance is None:
        return Verdict(Turn.FAILING, f"{step.instance_id} is gone: it was terminated since")
    if instance.state != "running":
        why = f": {quoted(instance.reason)}" if instance.reason else ""
        return Verdict(Turn.FAILING, f"{instance.label} is {instance.state}{why}")
    if instance.checks.words == "ok":
        return _passing(instance, passed)
    findings = run_rules(RULES, (instance,))
    if not findings or passed < _LONG:
        told = f"{instance.label}: status checks {instance.checks.words} {span(passed)} after it"
        return Verdict(Turn.UNDER_WAY, told)
    first = findings[0]
    told = first.cause
    if first.code in {each.code for each in plan.ailing}:
        words = first.next_step.words
        told = f"still failing as before: {told}; a reboot does not help. {words}"
    return Verdict(Turn.FAILING, told, findings)


def _passing(instance: Instance, passed: timedelta) -> Verdict:
    told = f"{instance.label} is running and its status checks pass, {span(passed)} after it"
    if passed < _FRESH:
        return Verdict(Turn.UNDER_WAY, f"{told}; they may be from before the reboot")
    return Verdict(Turn.WELL, told)
