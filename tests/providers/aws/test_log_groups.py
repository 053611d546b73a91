# ruff: noqa: E501
"""Which log groups there are, and what each is told with."""

from typing import Any

import pytest
from inline_snapshot import snapshot

from fivetabs.core import Denied, Listing
from fivetabs.providers.aws import PROVIDER
from fivetabs.providers.aws.shapes.log_groups import size
from tests.providers.aws.scripted import NOW, Scripted, group

pytestmark = pytest.mark.anyio
TOOL = next(tool for tool in PROVIDER.tools if tool.name == "list_log_groups")


async def demo(target: str | None = None, **arguments: Any) -> Listing:
    async with PROVIDER.demo(target) as connection:
        answer = await TOOL.run(connection.view, **TOOL.parse(arguments))
    assert isinstance(answer, Listing)
    return answer


async def ask(account: Scripted, **arguments: Any) -> Listing:
    answer = await TOOL.run(account, **TOOL.parse(arguments))
    assert isinstance(answer, Listing)
    return answer


async def test_the_largest_group_stands_first_and_what_never_expires_is_counted() -> None:
    answer = await demo()
    assert answer.summary == snapshot(
        "5 CloudWatch log groups in eu-west-1 store 51.3 GiB; 2 never expire (49.1 GiB); largest: /aws/eks/shop-eu/cluster with 48.3 GiB."
    )
    assert answer.rows[:2] == snapshot(
        (
            (
                "/aws/eks/shop-eu/cluster",
                "eu-west-1",
                "48.3 GiB",
                "never expires",
                "STANDARD",
                "2025-09-08T11:02:00Z",
                "184d",
                "4m ago, 2026-03-12T10:10:00Z",
            ),
            (
                "/shop/orders-api",
                "eu-west-1",
                "1.9 GiB",
                "30d",
                "STANDARD",
                "2025-09-09T07:31:00Z",
                "184d",
                "2m40s ago, 2026-03-12T10:11:20Z",
            ),
        )
    )
    assert {row[0]: row[7] for row in answer.rows}["/aws/lambda/image-thumbs"] == "none"


async def test_groups_are_chosen_by_a_part_of_their_name() -> None:
    answer = await demo(name="LAMBDA")
    assert [row[0] for row in answer.rows] == [
        "/aws/lambda/order-events",
        "/aws/lambda/image-thumbs",
    ]
    assert answer.summary.startswith("2 of 5 CloudWatch log groups in eu-west-1")


async def test_a_name_that_nothing_has_is_told_with_the_near_ones() -> None:
    answer = await demo(name="/shop/order-api")
    assert answer.rows == ()
    assert answer.summary == "0 of 5 CloudWatch log groups in eu-west-1."
    assert "'/shop/orders-api'" in answer.notes[0]
    assert (await demo(name="--nothing")).total == 0


async def test_all_covers_both_regions() -> None:
    answer = await demo("all")
    assert "in 2 regions" in answer.summary
    assert answer.total == 5


async def test_last_events_are_asked_of_few_groups_and_never_of_many() -> None:
    few = Scripted({"DescribeLogGroups": [{"logGroups": [group(f"g{n}") for n in range(20)]}]})
    few.says["DescribeLogStreams"] = [
        {"logStreams": [{"logStreamName": "s", "lastEventTimestamp": NOW - 60_000}]}
    ]
    assert {row[7] for row in (await ask(few)).rows} == {"1m ago, 2026-03-12T10:13:00Z"}
    assert few.count("DescribeLogStreams") == 20
    many = Scripted({"DescribeLogGroups": [{"logGroups": [group(f"g{n}") for n in range(21)]}]})
    answer = await ask(many)
    assert many.count("DescribeLogStreams") == 0
    assert "narrow with name" in answer.notes[0]


async def test_streams_that_may_not_be_listed_cost_only_the_last_events() -> None:
    account = Scripted({"DescribeLogStreams": [Denied("AWS refused logs:DescribeLogStreams")]})
    answer = await ask(account)
    assert answer.missing == (
        "last events of 1 of 1 groups: denied: AWS refused logs:DescribeLogStreams",
    )
    assert answer.total == 1


async def test_groups_that_may_not_be_listed_are_denied_and_not_none() -> None:
    with pytest.raises(Denied):
        await ask(Scripted({"DescribeLogGroups": [Denied("no")]}))


async def test_an_account_with_more_groups_than_are_read_is_said_to_be_read_in_part() -> None:
    def page(asked: Any) -> dict[str, Any]:
        number = int(asked.get("nextToken", 0))
        groups = [group(f"g{number}-{n}", storedBytes=number) for n in range(50)]
        return {"logGroups": groups, "nextToken": str(number + 1)}

    answer = await ask(Scripted({"DescribeLogGroups": [page]}))
    assert answer.total == 5000
    assert answer.missing == ("eu-west-1: log groups after the first 5000 by name",)


def test_sizes_are_written_in_binary_units() -> None:
    assert [size(n) for n in (0, 1023, 1024, 1536, 2**30, 2**60)] == snapshot(
        ["0 B", "1023 B", "1.0 KiB", "1.5 KiB", "1.0 GiB", "1024.0 PiB"]
    )
