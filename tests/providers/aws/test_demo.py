# ruff: noqa: E501
"""What the four tools say of the demo world."""

from typing import Any

import pytest
from inline_snapshot import snapshot

from fivetabs.core import Answer, Detail, Invalid, Listing, NotFound, quoted
from fivetabs.core.quoting import unmarked
from fivetabs.providers.aws import PROVIDER

pytestmark = pytest.mark.anyio
TOOLS = {tool.name: tool for tool in PROVIDER.tools}


async def ask(tool: str, target: str | None = None, **arguments: Any) -> Answer:
    async with PROVIDER.demo(target) as connection:
        answer = await TOOLS[tool].run(connection.view, **TOOLS[tool].parse(arguments))
    assert isinstance(answer, Answer)
    return answer


async def test_the_impaired_instance_stands_first() -> None:
    answer = await ask("list_ec2_instances")
    assert isinstance(answer, Listing)
    assert answer.summary == snapshot(
        "4 EC2 instances in eu-west-1: 3 running, 1 stopped. 1 needs attention; worst: i-0c3a5f7e9b1d20003 (worker-c), t3.small in eu-west-1c: instance status check fails since 2026-03-12T10:02:00Z."
    )
    assert answer.rows[0] == snapshot(
        (
            "i-0c3a5f7e9b1d20003",
            "worker-c",
            "t3.small",
            "running",
            "instance impaired",
            "eu-west-1c",
            "15m",
            "2026-03-12T09:58:41Z",
            "10.0.3.13",
            "impaired for 12m, since 2026-03-12T10:02:00Z",
        )
    )
    assert [row[1] for row in answer.rows] == ["worker-c", "worker-a", "worker-b", "bastion"]
    assert answer.notes == snapshot(
        (
            "critical AWS101: i-0c3a5f7e9b1d20003 (worker-c), t3.small in eu-west-1c: instance status check fails since 2026-03-12T10:02:00Z. Next: Its own operating system does not answer: look at its console output, memory and disk, and at what was changed just before; then reboot or replace it.",
        )
    )


async def test_instances_are_chosen_by_state_name_and_tag() -> None:
    async def names(**arguments: str) -> list[object]:
        answer = await ask("list_ec2_instances", **arguments)
        assert isinstance(answer, Listing)
        return [row[1] for row in answer.rows]

    assert await names(state="stopped") == ["bastion"]
    assert await names(name="WORKER-B") == ["worker-b"]
    assert await names(name="i-0c3a") == ["worker-c"]
    assert await names(tag="kubernetes.io/cluster/shop-eu=owned", name="er-a") == ["worker-a"]
    assert await names(tag="kubernetes.io/cluster/shop-eu=other") == []


async def test_firing_alarms_come_first_and_the_rest_is_counted() -> None:
    answer = await ask("get_cloudwatch_alarms")
    assert isinstance(answer, Listing)
    assert unmarked(answer.summary) == snapshot(
        "2 of 4 CloudWatch alarms in eu-west-1 are in ALARM; 1 with insufficient data, 1 OK. Worst: worker-c-status-check is in ALARM since 2026-03-12T10:02:24Z: Maximum of AWS/EC2 StatusCheckFailed [InstanceId=i-0c3a5f7e9b1d20003] >= 1 for 1 of 1 x 60s."
    )
    assert [row[:5] for row in answer.rows] == snapshot(
        [
            ("ALARM", "worker-c-status-check", "eu-west-1", "11m", "2026-03-12T10:02:24Z"),
            ("ALARM", "shop-capacity", "eu-west-1", "11m", "2026-03-12T10:02:31Z"),
            ("INSUFFICIENT_DATA", "api-latency-p99", "eu-west-1", "11h", "2026-03-11T22:40:03Z"),
        ]
    )
    assert [unmarked(str(row[5])) for row in answer.rows] == snapshot(
        [
            "Maximum of AWS/EC2 StatusCheckFailed [InstanceId=i-0c3a5f7e9b1d20003] >= 1 for 1 of 1 x 60s",
            'ALARM("worker-c-status-check") OR ALARM("disk-worker-a")',
            "p99 of AWS/ApplicationELB TargetResponseTime [LoadBalancer=app/shop/5d0e1f2a3b4c5d6e] > 1.5 for 3 of 3 x 300s",
        ]
    )
    assert tuple(map(unmarked, answer.notes)) == snapshot(
        (
            "critical AWS201: worker-c-status-check is in ALARM since 2026-03-12T10:02:24Z: Maximum of AWS/EC2 StatusCheckFailed [InstanceId=i-0c3a5f7e9b1d20003] >= 1 for 1 of 1 x 60s. Next: Look at the resource in its dimensions; its reason names the datapoints that crossed.",
            'warning AWS202: shop-capacity is in ALARM since 2026-03-12T10:02:31Z: ALARM("worker-c-status-check") OR ALARM("disk-worker-a"). Next: It follows worker-c-status-check, disk-worker-a.',
            "info AWS203: api-latency-p99 has had no data since 2026-03-11T22:40:03Z: p99 of AWS/ApplicationELB TargetResponseTime [LoadBalancer=app/shop/5d0e1f2a3b4c5d6e] > 1.5 for 3 of 3 x 300s. Next: Check that its metric is still published with exactly these dimensions; until then nothing would ring.",
        )
    )


async def test_alarms_that_are_ok_are_listed_when_asked_for() -> None:
    answer = await ask("get_cloudwatch_alarms", state="ok")
    assert isinstance(answer, Listing)
    assert [row[1] for row in answer.rows] == ["disk-worker-a"]


async def test_the_buckets_and_why_none_is_public() -> None:
    answer = await ask("list_s3_buckets")
    assert isinstance(answer, Listing)
    assert answer.summary == snapshot("3 S3 buckets, 0 public.")
    assert answer.rows == snapshot(
        (
            (
                "shop-assets-123456789012",
                "eu-west-1",
                "2025-09-08T11:20:05Z",
                "184d",
                "no",
                "public access is blocked",
            ),
            (
                "shop-backups-123456789012",
                "eu-west-1",
                "2025-09-08T11:20:09Z",
                "184d",
                "no",
                "no public policy or grant",
            ),
            (
                "shop-tfstate-123456789012",
                "eu-west-1",
                "2025-09-08T10:58:47Z",
                "184d",
                "no",
                "public access is blocked",
            ),
        )
    )
    assert answer.missing == ()


async def test_the_cost_rose_since_the_tenth_by_traffic_between_zones() -> None:
    answer = await ask("get_aws_cost", days=7)
    assert isinstance(answer, Detail)
    assert unmarked(answer.summary) == snapshot(
        "298.32 USD in 7 complete days (2026-03-05 to 2026-03-11), +15.02 (+5%) on the same weekdays before. Worst: EU-DataTransfer-Regional-Bytes (EC2 - Other) rose by 15.02 since 2026-03-10: 22.57 USD, 7.56 before."
    )
    assert answer.facts == snapshot(
        {
            "total": 298.32,
            "before": 283.3,
            "change": "+15.02 (+5%)",
            "per day": 42.62,
            "currency": "USD",
            "metric": "UnblendedCost",
            "today so far (unfinished, UTC)": 17.59,
            "days AWS still calls estimated": "7 of 7",
        }
    )
    daily, services, moved = answer.tables
    assert daily.rows == snapshot(
        (
            ("Thu 2026-03-12", 17.59, "", "unfinished"),
            ("Wed 2026-03-11", 48.95, 41.01, "+7.94 (+19%)"),
            ("Tue 2026-03-10", 48.03, 40.95, "+7.08 (+17%)"),
            ("Mon 2026-03-09", 40.98, 40.98, "+0.00 (+0%)"),
            ("Sun 2026-03-08", 39.21, 39.21, "+0.00 (+0%)"),
            ("Sat 2026-03-07", 39.2, 39.2, "+0.00 (+0%)"),
            ("Fri 2026-03-06", 41.0, 41.0, "+0.00 (+0%)"),
            ("Thu 2026-03-05", 40.95, 40.95, "+0.00 (+0%)"),
        )
    )
    other = quoted("EC2 - Other")
    assert services.rows[0] == (other, 66.74, 51.73, "+15.02 (+29%)")
    assert moved.rows[0] == (
        "EU-DataTransfer-Regional-Bytes",
        other,
        22.57,
        7.56,
        "+15.02",
        "2026-03-10",
    )
    assert [finding.code for finding in answer.findings] == ["AWS401"]
    assert answer.notes == snapshot(
        (
            "Cost Explorer bills 0.01 USD for each request: this answer took 3",
            "before = 7 days on the same weekdays, from 2026-02-26",
        )
    )


async def test_thirty_days_are_compared_with_the_same_weekdays_before() -> None:
    answer = await ask("get_aws_cost", days=30)
    assert isinstance(answer, Detail)
    assert answer.notes[1] == "before = 30 days on the same weekdays, from 2026-01-06"
    assert answer.tables[0].total == 31


async def test_ninety_days_are_told_by_weeks_and_then_each() -> None:
    answer = await ask("get_aws_cost", days=90)
    assert answer.missing == ()
    assert isinstance(answer, Detail)
    weeks, *_, days = answer.tables
    assert (weeks.title, weeks.total) == ("per seven days, newest first", 14)
    assert (days.title, days.total) == ("per day, newest first", 91)


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("get_aws_cost", {"days": 0}, "days"),
        ("get_aws_cost", {"days": 91}, "days"),
        ("list_ec2_instances", {"state": "dead"}, "pending, running"),
        ("get_cloudwatch_alarms", {"state": "red"}, "ALARM, INSUFFICIENT_DATA or OK"),
        ("list_s3_buckets", {"nmae": "x"}, "nmae"),
    ],
)
async def test_bad_arguments_are_told(name: str, arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        await ask(name, **arguments)


async def test_all_covers_both_regions() -> None:
    answer = await ask("list_ec2_instances", "all")
    assert isinstance(answer, Listing)
    assert "in 2 regions" in answer.summary
    assert answer.total == 4


@pytest.mark.parametrize(("target", "near"), [("eu-west-2", "eu-west-1"), ("defualt", "default")])
async def test_an_unknown_target_is_told_the_near_names(target: str, near: str) -> None:
    with pytest.raises(NotFound) as caught:
        await ask("list_ec2_instances", target)
    assert near in caught.value.hint
