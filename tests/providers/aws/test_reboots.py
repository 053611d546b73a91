"""Reboots: what the plan says, what is done, and how it is known whether it helped."""

# ruff: noqa: E501  (snapshots hold whole sentences)

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from inline_snapshot import snapshot

from fivetabs.core import Conflict, Denied, Invalid, NotFound, Plan, Turn, Unreachable, stamp
from fivetabs.providers.aws import PROVIDER
from fivetabs.providers.aws.auth.targets import parse_target
from fivetabs.providers.aws.demo import CLOCK, HOME, PROFILES, World
from fivetabs.providers.aws.port import Json, Reboot
from fivetabs.providers.aws.shapes.reboots import parse_role
from fivetabs.providers.aws.tools.reboots import restart_instance
from fivetabs.providers.aws.tools.recoveries import came_back
from tests.providers.aws.asking import live
from tests.providers.aws.serving import Behaviour

pytestmark = pytest.mark.anyio
WORKER_C = "i-0c3a5f7e9b1d20003"


@dataclass(frozen=True)
class Changed(World):
    """The demo account with its instances and groups as a test wants them."""

    instance: Json = field(default_factory=dict[str, Any])
    group: Json = field(default_factory=dict[str, Any])
    status: Json = field(default_factory=dict[str, Any])

    async def read(self, service: str, operation: str, region: str = "", **params: Any) -> Json:
        answer = await super().read(service, operation, region, **params)
        if operation == "DescribeInstances":
            for each in answer["Reservations"]:
                if each["Instances"][0]["InstanceId"] == WORKER_C:
                    each["Instances"][0] |= self.instance
        if operation == "DescribeInstanceStatus":
            for each in answer["InstanceStatuses"]:
                each.update(self.status if each["InstanceId"] == WORKER_C else {})
        if operation == "DescribeAutoScalingGroups" and self.group:
            answer = {"AutoScalingGroups": [self.group]}
        return answer


def world(
    instance: Json | None = None, group: Json | None = None, status: Json | None = None
) -> Changed:
    target = parse_target(None, PROFILES, frozenset({HOME}))
    return Changed(target, instance=instance or {}, group=group or {}, status=status or {})


async def plan(account: World, name: str = "worker-c") -> Plan[Reboot]:
    return await restart_instance.run(account, **restart_instance.parse({"instance_id": name}))


async def test_a_plan_says_what_goes_with_the_instance() -> None:
    made = await plan(world())
    assert made.summary == snapshot(
        "Reboot EC2 instance i-0c3a5f7e9b1d20003 (worker-c), t3.small in eu-west-1c"
    )
    assert made.warnings == snapshot(
        (
            "it is a node of Kubernetes cluster shop-eu: its pods go too; first: kubectl drain ip-10-0-3-13.eu-west-1.compute.internal --ignore-daemonsets",
        )
    )
    assert list(map(str, made.touches)) == [f"aws:123456789012/eu-west-1/ec2/{WORKER_C}"]
    assert [each.code for each in made.ailing] == ["AWS101"]
    assert made.steps == (Reboot(WORKER_C, "2026-03-12T09:58:41Z", "123456789012", "eu-west-1"),)
    assert "cannot be taken back" in made.irreversible


async def test_an_id_and_a_name_mean_the_same_plan() -> None:
    by_name, by_id = await plan(world()), await plan(world(), WORKER_C)
    assert by_name.digest("restart_instance", "x") == by_id.digest("restart_instance", "x")


async def test_the_digest_moves_with_a_stop_and_start_and_not_with_the_checks() -> None:
    before = (await plan(world())).digest("restart_instance", "x")
    status: Json = {"SystemStatus": {"Status": "impaired"}}
    assert (await plan(world(status=status))).digest("restart_instance", "x") == before
    again: Json = {"LaunchTime": CLOCK}
    assert (await plan(world(instance=again))).digest("restart_instance", "x") != before


GROUP: Json = {
    "AutoScalingGroupName": "shop-workers",
    "HealthCheckType": "ELB",
    "Instances": [{"InstanceId": WORKER_C, "LifecycleState": "InService"}],
}
IN_GROUP: Json = {"Tags": [{"Key": "aws:autoscaling:groupName", "Value": "shop-workers"}]}


async def test_its_group_spot_and_instance_store_are_warned_of() -> None:
    instance = {**IN_GROUP, "InstanceLifecycle": "spot", "InstanceType": "c5d.large"}
    made = await plan(world(instance=instance, group=GROUP), WORKER_C)
    assert made.warnings == snapshot(
        (
            "Auto Scaling group shop-workers watches it (ELB checks) and may replace it while it boots: put it into standby first to keep it",
            "it is a spot instance: AWS may take it back at any time, also while it boots",
            "its instance store volumes keep their data over a reboot, and lose it at a stop",
        )
    )


@pytest.mark.parametrize(
    "calm",
    [
        {"Instances": [{"InstanceId": WORKER_C, "LifecycleState": "Standby"}]},
        {"SuspendedProcesses": [{"ProcessName": "ReplaceUnhealthy"}]},
    ],
)
async def test_a_group_that_does_not_replace_it_leaves_it_alone(calm: Json) -> None:
    made = await plan(world(instance=IN_GROUP, group={**GROUP, **calm}), WORKER_C)
    assert made.warnings == ("Auto Scaling group shop-workers leaves it alone meanwhile",)


async def test_a_broken_host_is_not_mended_by_a_reboot() -> None:
    made = await plan(world(status={"SystemStatus": {"Status": "impaired"}}))
    assert "leaves it on the same broken host" in made.warnings[0]


@pytest.mark.parametrize(
    ("kind", "stored"),
    [
        *(("m5d.large", True), ("c6gd.xlarge", True), ("i3.large", True), ("d3en.2xlarge", True)),
        *(("m5.large", False), ("t3.small", False), ("r6g.large", False), ("inf1.large", False)),
    ],
)
def test_which_types_have_instance_store_volumes(kind: str, *, stored: bool) -> None:
    assert parse_role({"InstanceType": kind}).stored is stored


async def test_what_is_not_running_or_not_one_is_refused() -> None:
    with pytest.raises(Conflict, match=r"bastion.* is stopped: only a running instance"):
        await plan(world(), "bastion")
    with pytest.raises(NotFound) as missing:
        await plan(world(), "worker-d")
    assert "'worker-c'" in missing.value.hint
    twin = {"Tags": [{"Key": "Name", "Value": "worker-a"}]}
    with pytest.raises(Invalid, match="2 instances in eu-west-1 are called 'worker-a'") as several:
        await plan(world(instance=twin), "worker-a")
    assert WORKER_C in several.value.hint
    async with PROVIDER.demo("all") as everywhere:
        with pytest.raises(Invalid, match="one region, and this target has 2"):
            await plan(everywhere.view, "worker-c")  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", ["", " ", "-worker", "a\nb", "x" * 300])
def test_a_name_is_one_line_and_no_option(wrong: str) -> None:
    with pytest.raises(Invalid):
        restart_instance.parse({"instance_id": wrong})


async def test_a_reboot_that_helps_and_one_that_does_not() -> None:
    async with PROVIDER.demo(None) as connection:
        for name, turn in (("worker-a", Turn.WELL), ("worker-c", Turn.FAILING)):
            made = await plan(connection.view, name)  # type: ignore[arg-type]
            since = connection.now()
            await connection.commit(made.steps[0])
            verdict = await came_back(connection.view, made, since)
            assert verdict.turn is turn, verdict
    assert "still failing as before" in verdict.told
    assert "instance status check fails" in verdict.told
    assert "a reboot does not help" in verdict.told


async def test_checks_that_may_be_from_before_the_reboot_prove_nothing() -> None:
    account = world()
    made = await plan(account, "worker-a")
    seconds = timedelta(seconds=80)
    verdict = await came_back(account, made, CLOCK - seconds)
    assert verdict.turn is Turn.UNDER_WAY
    assert verdict.told.endswith("they may be from before the reboot")
    assert (await came_back(account, made, CLOCK - seconds * 2)).turn is Turn.WELL
    sick = await plan(account)
    assert (await came_back(account, sick, CLOCK - seconds * 2)).turn is Turn.UNDER_WAY


@pytest.mark.parametrize("state", ["stopped", "terminated", "shutting-down"])
async def test_one_that_went_down_instead_failed(state: str) -> None:
    made = await plan(world())
    gone = world(instance={"State": {"Name": state}})
    verdict = await came_back(gone, made, CLOCK)
    assert verdict.turn is Turn.FAILING
    assert f"is {state}" in verdict.told


async def test_the_service_itself_is_asked_before_anybody_agrees(aws: Behaviour) -> None:
    aws.errors["RebootInstances"] = (403, "UnauthorizedOperation", "not for you")
    async with live() as connection:
        with pytest.raises(Denied, match="AWS refused ec2:RebootInstances") as refused:
            await plan(connection.view)  # type: ignore[arg-type]
    assert "allow ec2:RebootInstances" in refused.value.hint
    asked = [each for each in aws.asked if each.operation == "RebootInstances"]
    assert [each.params["DryRun"] for each in asked] == ["true"]


async def test_over_the_wire_exactly_one_instance_is_rebooted_once(aws: Behaviour) -> None:
    async with live() as connection:
        made = await plan(connection.view)  # type: ignore[arg-type]
        aws.asked.clear()
        said = await connection.commit(made.steps[0])
    assert said == f"asked EC2 to reboot {WORKER_C}; it does so within a few minutes"
    asked = [each for each in aws.asked if each.operation == "RebootInstances"]
    assert [each.params.get("InstanceId.1") for each in asked] == [WORKER_C]
    assert "DryRun" not in asked[0].params
    assert asked[0].region == "eu-west-1"


async def test_an_answer_that_is_lost_leaves_it_unknown_and_is_not_tried_again(
    aws: Behaviour,
) -> None:
    async with live() as connection:
        made = await plan(connection.view)  # type: ignore[arg-type]
        aws.asked.clear()
        aws.garbage.add("RebootInstances")
        with pytest.raises(Unreachable, match="whether i-0c3a5f7e9b1d20003 was rebooted is not"):
            await connection.commit(made.steps[0])
    assert [e.operation for e in aws.asked].count("RebootInstances") == 1


async def test_an_instance_that_is_another_by_now_is_left_alone(aws: Behaviour) -> None:
    async with live() as connection:
        for step, why in (
            (Reboot(WORKER_C, stamp(CLOCK), "", HOME), "stopped and started since"),
            (Reboot("i-0d4e5f6a7b8c90004", "", "", HOME), "is stopped by now"),
            (Reboot("i-0000000000000dead", "", "", HOME), "is gone by now"),
        ):
            with pytest.raises(Conflict, match=why):
                await connection.commit(step)
    assert "ec2:RebootInstances" not in aws.operations()
