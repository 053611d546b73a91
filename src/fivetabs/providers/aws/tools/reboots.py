"""Reboots: a plan that restarts one instance where it stands."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from fivetabs.core import (
    Blast,
    Call,
    Conflict,
    Delta,
    Fault,
    Finding,
    Invalid,
    NotFound,
    Plan,
    change,
    did_you_mean,
    run_rules,
    stamp,
)
from fivetabs.providers.aws.port import Account, Reboot
from fivetabs.providers.aws.shapes.instances import Instance, parse_instance
from fivetabs.providers.aws.shapes.reboots import Membership, Role, parse_membership, parse_role
from fivetabs.providers.aws.tools.fleets import RULES, checks_in, described
from fivetabs.providers.aws.tools.recoveries import came_back

_LONGEST, _NAMED = 255, 5
_SYSTEM = "AWS102"


def _name(text: str) -> str:
    if not text.isprintable() or not text.strip() or text.startswith("-"):
        raise ValueError("an instance is named by its id (i-...) or its Name tag")
    return text.strip()


InstanceId = Annotated[
    str,
    AfterValidator(_name),
    Field(max_length=_LONGEST, description="Instance id, or a Name that only one has."),
]


@dataclass(frozen=True, slots=True)
class _Scene:
    """An instance before its reboot; `membership` is a fault where its group cannot be read."""

    instance: Instance
    role: Role
    membership: Membership | Fault | None
    ailing: tuple[Finding, ...]


@change(
    example={"instance_id": "worker-c"},
    questions=(
        "Reboot the EC2 instance worker-c",
        "Restart the AWS server i-0c3a5f7e9b1d20003",
        "Can you reboot the AWS machine worker-a? Restart it in its region",
    ),
    title="Restart an EC2 instance",
    verify=came_back,
)
async def restart_instance(account: Account, /, instance_id: InstanceId) -> Plan[Reboot]:
    """Restart (reboot) one running EC2 instance, an AWS server, in the target's region.

    Its id, addresses and volumes stay. Returns a plan with what runs on it; changes nothing until
    approved. Find it with list_ec2_instances.
    """
    seen = await _scene(account, await _region(account), instance_id)
    instance = seen.instance
    step = Reboot(
        instance_id=instance.id,
        launched=stamp(instance.launched) if instance.launched else "",
        account=account.name,
        region=instance.region,
    )
    await account.preview(step)
    return Plan(
        summary=f"Reboot EC2 instance {instance.label}, {instance.type} in {instance.zone}",
        steps=(step,),
        touches=(instance.subject,),
        deltas=(
            Delta("state", "running", "running, after a reboot within a few minutes"),
            Delta("status checks", instance.checks.words, "made anew"),
        ),
        warnings=tuple(_warnings(seen)),
        irreversible="a reboot cannot be taken back: what its memory holds is lost",
        check=Call("list_ec2_instances", {"name": instance.id}),
        blast=Blast(pods=1),
        ailing=seen.ailing,
    )


async def _region(account: Account) -> str:
    regions = await account.regions()
    if len(regions) != 1:
        raise Invalid(
            f"an instance is rebooted in one region, and this target has {len(regions)}; nothing "
            "was done",
            hint="name the region as target",
        )
    return regions[0]


async def _scene(account: Account, region: str, name: str) -> _Scene:
    everything, checks = await asyncio.gather(
        described(account, region), checks_in(account, region)
    )
    raw = _meant(everything, name, region)
    told = checks.get(raw["InstanceId"])
    instance = parse_instance(raw, account=account.name, region=region, checks=told)
    if instance.state != "running":
        raise Conflict(
            f"{instance.label} is {instance.state}: only a running instance can be rebooted; "
            "nothing was done",
            hint="list_ec2_instances tells why it is so",
        )
    membership = await _membership(account, instance) if instance.group else None
    return _Scene(instance, parse_role(raw), membership, run_rules(RULES, (instance,)))


def _meant(everything: Sequence[Mapping[str, Any]], name: str, region: str) -> Mapping[str, Any]:
    """The instance with this id, or the only one that is not terminated with this Name.

    Raises:
        NotFound: If there is none.
        Invalid: If several are called so.
    """
    by_id = [each for each in everything if each["InstanceId"] == name]
    alive = [each for each in everything if each.get("State", {}).get("Name") != "terminated"]
    found = by_id or [each for each in alive if _named(each) == name]
    if len(found) > 1:
        ids = ", ".join(sorted(each["InstanceId"] for each in found)[:_NAMED])
        raise Invalid(
            f"{len(found)} instances in {region} are called {name!r}; nothing was done",
            hint=f"name one by its id: {ids}",
        )
    if not found:
        known = [text for each in alive for text in (each["InstanceId"], _named(each)) if text]
        raise NotFound(
            f"no instance in {region} has the id or Name {name!r}",
            hint=did_you_mean(
                name, known, otherwise="list_ec2_instances(target='all') shows every region"
            ),
        )
    return found[0]


def _named(raw: Mapping[str, Any]) -> str:
    tags = raw.get("Tags", ())
    return next((str(tag.get("Value", "")) for tag in tags if tag["Key"] == "Name"), "")


async def _membership(account: Account, instance: Instance) -> Membership | Fault | None:
    pages = account.pages("autoscaling", "DescribeAutoScalingGroups", instance.region)
    try:
        async for page in pages:
            for group in page.get("AutoScalingGroups", ()):
                if group.get("AutoScalingGroupName") == instance.group:
                    return parse_membership(group, instance.id)
    except Fault as fault:
        return fault
    return None


def _warnings(scene: _Scene) -> Iterator[str]:
    role, instance = scene.role, scene.instance
    if any(each.code == _SYSTEM for each in scene.ailing):
        yield (
            "its system status check fails: a reboot leaves it on the same broken host, a stop and "
            "start moves it to another"
        )
    if role.cluster:
        first = f"kubectl drain {role.node} --ignore-daemonsets" if role.node else "drain it"
        yield f"it is a node of Kubernetes cluster {role.cluster}: its pods go too; first: {first}"
    yield from _of_group(scene.membership)
    if role.spot:
        yield "it is a spot instance: AWS may take it back at any time, also while it boots"
    if role.stored:
        yield "its instance store volumes keep their data over a reboot, and lose it at a stop"
    for event in instance.checks.events:
        yield f"AWS has planned {event.code} for it already: {event.words}"


def _of_group(membership: Membership | Fault | None) -> Iterator[str]:
    match membership:
        case Fault():
            yield f"its Auto Scaling group could not be read ({membership.status}: {membership})"
        case Membership() if membership.state == "Standby" or not membership.replaces:
            yield f"Auto Scaling group {membership.group} leaves it alone meanwhile"
        case Membership():
            yield (
                f"Auto Scaling group {membership.group} watches it ({membership.checks} checks) "
                "and may replace it while it boots: put it into standby first to keep it"
            )
        case None:
            return
