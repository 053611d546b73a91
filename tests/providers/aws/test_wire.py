"""The live account against the demo world served as AWS serves it."""

import asyncio
from contextlib import suppress
from threading import Event

import pytest

from fivetabs.core import (
    AnyTool,
    Denied,
    Listing,
    NotFound,
    quoted,
)
from fivetabs.providers.aws import PROVIDER
from fivetabs.providers.aws.port import CHANGES, READS, Account
from fivetabs.providers.aws.shapes.permissions import iam_action, iam_policy
from tests.providers.aws.asking import PATIENT, QUICK, TOOLS, ask, fault, live, until
from tests.providers.aws.serving import Behaviour

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("tool", PROVIDER.tools, ids=lambda t: t.name)
async def test_live_and_demo_answer_alike(aws: Behaviour, tool: AnyTool[Account]) -> None:
    arguments = tool.parse(tool.example)
    async with PROVIDER.demo(None) as demo, live() as connection:
        assert connection.target == demo.target
        assert await tool.run(connection.view, **arguments) == await tool.run(
            demo.view, **arguments
        )


async def test_every_region_is_asked_when_the_target_is_all(aws: Behaviour) -> None:
    async with PROVIDER.demo("all") as demo, live("all") as connection:
        assert connection.target == "aws:123456789012/all"
        tool = TOOLS["list_ec2_instances"]
        expected = await tool.run(demo.view, **tool.parse({}))
        assert await tool.run(connection.view, **tool.parse({})) == expected
    regions = {r.region for r in aws.asked if r.operation == "DescribeInstances"}
    assert regions == {"eu-west-1", "us-east-1"}


async def test_a_region_that_refuses_is_named_and_the_others_answer(
    aws: Behaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws.once["DescribeAlarms"] = (403, "AccessDenied", "no")
    answer = await ask("get_cloudwatch_alarms", "all")
    assert len(answer.missing) == 1
    refused = f"denied: AWS refused cloudwatch:DescribeAlarms in the region: {quoted('no')}"
    assert refused in answer.missing[0]


async def test_only_the_closed_set_is_asked_and_the_policy_allows_all_of_it(
    aws: Behaviour,
) -> None:
    async with live() as connection:
        for tool in PROVIDER.tools:
            await tool.run(connection.view, **tool.parse(tool.example))
    allowed = set(iam_policy()["Statement"][0]["Action"])
    for each in aws.asked:
        if each.operation in CHANGES.get(each.service, ()):
            assert each.params["DryRun"] == "true"
        else:
            assert each.operation in READS[each.service]
            assert iam_action(each.service, each.operation) in allowed


async def test_the_live_account_refuses_what_is_outside_the_closed_set(aws: Behaviour) -> None:
    async with live() as connection:
        with pytest.raises(Denied, match="ec2:TerminateInstances is not among"):
            await connection.view.read("ec2", "TerminateInstances", InstanceIds=["i-1"])
        with pytest.raises(Denied):
            await connection.view.read("iam", "ListUsers")
    assert "ec2:TerminateInstances" not in aws.operations()


async def test_cost_explorer_is_asked_in_its_own_region_and_as_seldom_as_can_be(
    aws: Behaviour,
) -> None:
    await ask("get_aws_cost", days=7)
    asked = [each for each in aws.asked if each.service == "ce"]
    assert {each.region for each in asked} == {"us-east-1"}
    tokens = [each.params.get("NextPageToken") for each in asked]
    assert tokens == [None, "7", "14"]


async def test_identical_reads_in_flight_share_one_request(aws: Behaviour) -> None:
    async with live() as connection:
        tool = TOOLS["list_ec2_instances"]
        await asyncio.gather(*(tool.run(connection.view, **tool.parse({})) for _ in range(5)))
    assert aws.operations().count("ec2:DescribeInstances") == 1


async def test_a_throttled_call_is_tried_again(aws: Behaviour) -> None:
    aws.once["DescribeAlarms"] = (400, "ThrottlingException", "Rate exceeded")
    answer = await ask("get_cloudwatch_alarms")
    assert isinstance(answer, Listing)
    assert answer.total == 3
    assert aws.operations().count("cloudwatch:DescribeAlarms") == 2


async def test_a_bucket_that_may_not_be_looked_at_is_unknown_not_private(aws: Behaviour) -> None:
    aws.errors["GetBucketAcl"] = (403, "AccessDenied", "no")
    answer = await ask("list_s3_buckets")
    assert isinstance(answer, Listing)
    assert answer.rows[0][0] == "shop-backups-123456789012"
    assert answer.rows[0][4] == "unknown"
    assert "AWS refused s3:GetBucketAcl" in answer.missing[0]


async def test_an_identity_that_is_hidden_leaves_the_profiles_name(aws: Behaviour) -> None:
    aws.errors["GetCallerIdentity"] = (403, "AccessDenied", "no")
    async with live() as connection:
        assert connection.target == "aws:default/eu-west-1"


async def test_a_slow_call_whose_endpoint_lives_still_succeeds(aws: Behaviour) -> None:
    aws.held["DescribeAlarms"] = Event()
    asking = asyncio.ensure_future(ask("get_cloudwatch_alarms", settings=QUICK))
    await until(lambda: aws.knocks >= 2)
    aws.held["DescribeAlarms"].set()
    assert (await asking).summary.startswith("2 of 4")


async def test_a_cancelled_call_gives_its_place_back_and_asks_no_more_pages(aws: Behaviour) -> None:
    settings = PATIENT.model_copy(update={"concurrent_calls": 1})
    async with live(settings=settings) as connection:
        aws.held["GetCostAndUsage"] = Event()
        cost = TOOLS["get_aws_cost"]
        asking = asyncio.ensure_future(cost.run(connection.view, **cost.parse({})))
        await until(lambda: "ce:GetCostAndUsage" in aws.operations())
        asking.cancel()
        with suppress(asyncio.CancelledError):
            await asking
        alarms = TOOLS["get_cloudwatch_alarms"]
        answer = await alarms.run(connection.view, **alarms.parse({}))
        assert isinstance(answer, Listing)
        aws.held["GetCostAndUsage"].set()
    assert aws.operations().count("ce:GetCostAndUsage") == 1


async def test_an_unknown_target_is_told_the_near_names_without_any_request(aws: Behaviour) -> None:
    caught = await fault(target="eu-wst-1")
    assert isinstance(caught, NotFound)
    assert "'eu-west-1'" in caught.hint
    assert "'prod'" in (await fault(target="prdo")).hint
    assert aws.asked == []
