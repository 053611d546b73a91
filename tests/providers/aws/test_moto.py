"""The live account against moto: somebody else's idea of AWS, seeded with the same incident.

moto invents ids and times, and has no failed status checks; names, states and relations are
compared.
"""

import re
import subprocess
import sys
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from fivetabs.app.calls import open_app
from fivetabs.app.settings import AppSettings
from fivetabs.core import Answer, Conflict, Detail, Listing, Log, NotFound, Turn
from fivetabs.core.tool import AnyTool
from fivetabs.providers.aws import PROVIDER
from fivetabs.providers.aws.demo import CLOCK
from fivetabs.providers.aws.demo.log_events import events
from fivetabs.providers.aws.live import connect
from fivetabs.providers.aws.settings import Settings
from tests.rig.aws import SERVER, seed
from tests.rig.ports import free_ports, listens
from tests.rig.waiting import until

pytestmark = pytest.mark.anyio
TOOLS: dict[str, AnyTool[Any]] = {tool.name: tool for tool in PROVIDER.tools}
PATIENT = Settings(sign_in_seconds=30, quiet_seconds=20, list_seconds=60)


@pytest.fixture(scope="module")
def moto() -> Generator[str]:
    (port,) = free_ports(1)
    command = [sys.executable, str(SERVER), "-H", "127.0.0.1", "-p", str(port)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet) as server:
        until(lambda: listens(port), "moto", 60)
        seed.sow(seed.Account(f"http://127.0.0.1:{port}"))
        yield f"http://127.0.0.1:{port}"
        server.kill()


@pytest.fixture(autouse=True)
def _on_moto(moto: str, configured: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", moto)


async def both(tool: str, target: str | None = None, **arguments: Any) -> tuple[Answer, Answer]:
    parsed = TOOLS[tool].parse(arguments)
    async with PROVIDER.live(PATIENT, target) as live, PROVIDER.demo(None) as demo:
        found = await TOOLS[tool].run(live.view, **parsed)
        told = await TOOLS[tool].run(demo.view, **parsed)
    assert isinstance(found, Answer)
    assert isinstance(told, Answer)
    return found, told


def column(answer: Answer, *names: str) -> set[tuple[object, ...]]:
    assert isinstance(answer, Listing)
    places = [answer.columns.index(name) for name in names]
    return {tuple(row[place] for place in places) for row in answer.rows}


def lateness(moto: str) -> timedelta:
    """How much later than in the demo everything happened on moto."""
    name = "/shop/orders-api"
    told = seed.Account(moto).client("logs").describe_log_streams(logGroupName=name)
    newest = max(each["lastEventTimestamp"] for each in told["logStreams"])
    return timedelta(milliseconds=newest - events(name)[-1].timestamp)


def counted(answer: Log) -> list[tuple[object, ...]]:
    """The tables' rows without the times in them."""
    at = re.compile(r"^((\d{4}-)?\d\d-\d\d )?\d\d:\d\d:\d\d(\.\d+)?$|^\d{4}-\d\d-\d\dT.*Z$")
    return [
        tuple(str(cell) for cell in row if not at.match(str(cell)))
        for table in answer.tables
        for row in table.rows
    ]


async def test_the_same_instances_are_there() -> None:
    live, demo = await both("list_ec2_instances")
    same = ("name", "state", "zone")
    assert column(live, *same) == column(demo, *same)


async def test_every_region_is_seen_with_all() -> None:
    live, _ = await both("list_ec2_instances", "all")
    assert ("build-1", "us-east-1a") in column(live, "name", "zone")
    assert live.missing == ()


async def test_the_same_alarms_ring() -> None:
    live, demo = await both("get_cloudwatch_alarms")
    same = ("alarm", "state", "region")
    assert column(live, *same) == column(demo, *same)


async def test_the_same_buckets_are_there_and_none_is_public() -> None:
    live, demo = await both("list_s3_buckets")
    same = ("bucket", "region", "public")
    assert column(live, *same) == column(demo, *same)


async def test_the_same_log_groups_are_there() -> None:
    live, demo = await both("list_log_groups")
    same = ("log group", "region", "retention", "class")
    assert column(live, *same) == column(demo, *same)
    assert ("/aws/lambda/image-thumbs", "none") in column(live, "log group", "last event")


@pytest.mark.parametrize(
    "arguments",
    [
        {"log_group": "/shop/orders-api", "since": "2h"},
        {"log_group": "order-events", "since": "2h", "lines": 50},
        {"log_group": "/shop/orders-api", "since": "1d", "grep": "FATAL", "lines": 9},
        {"log_group": "orders-api", "stream": "x2k4p", "since": "30m", "exclude": "INFO"},
        {"log_group": "image-thumbs"},
    ],
)
async def test_the_same_events_are_read(moto: str, arguments: dict[str, Any]) -> None:
    tool = TOOLS["get_cloudwatch_logs"]
    given = tool.parse(arguments)
    late = lateness(moto)
    seeded = connect(PATIENT, None, now=lambda: CLOCK + late)
    async with seeded as there, PROVIDER.demo(None) as here:
        live = await tool.run(there.view, **given)
        demo = await tool.run(here.view, **given)
    assert isinstance(live, Log)
    assert isinstance(demo, Log)
    assert live.text == demo.text
    assert (live.read, live.matched, live.shown) == (demo.read, demo.matched, demo.shown)
    assert sorted(counted(live)) == sorted(counted(demo))
    assert live.missing == ()


async def test_more_events_than_a_page_holds_are_read_to_the_last(moto: str) -> None:
    store = seed.Account(moto).client("logs")
    now = round(datetime.now(UTC).timestamp() * 1000)
    store.create_log_group(logGroupName="many#events")
    for stream in ("a", "b"):
        store.create_log_stream(logGroupName="many#events", logStreamName=stream)
        told = [
            {"timestamp": now - 13_000 + n, "message": f"event {n} of stream {stream}"}
            for n in range(12_500)
        ]
        names = {"logGroupName": "many#events", "logStreamName": stream}
        store.put_log_events(**names, logEvents=told)
    async with PROVIDER.live(PATIENT, None) as live:
        tool = TOOLS["get_cloudwatch_logs"]
        answer = await tool.run(live.view, **tool.parse({"log_group": "many#events", "lines": 4}))
    store.delete_log_group(logGroupName="many#events")
    assert isinstance(answer, Log)
    assert answer.read == 25_000
    assert answer.text.split("\n") == [
        f"event {n} of stream {stream}" for n in (12_498, 12_499) for stream in ("a", "b")
    ]
    assert answer.missing == ()


async def test_a_query_is_started_and_its_rows_are_read() -> None:
    """moto's Insights knows fields, sort and limit, so these alone are asked."""
    query = "fields @message, @logStream | sort @timestamp desc | limit 3"
    live, demo = await both("run_logs_query", log_groups="/shop/storefront", query=query)
    same = ("@message", "@logStream")
    assert column(live, *same) == column(demo, *same)


async def test_a_group_that_is_not_there_is_not_found() -> None:
    with pytest.raises(NotFound, match="there is no log group 'nothing'") as caught:
        await both("get_cloudwatch_logs", log_group="nothing")
    assert "list_log_groups" in caught.value.hint or "/shop/" in caught.value.hint


async def test_costs_come_with_their_moves() -> None:
    live, _ = await both("get_aws_cost", days=7)
    assert isinstance(live, Detail)
    assert "EU-DataTransfer-Regional-Bytes" in live.summary
    assert [finding.code for finding in live.findings] == ["AWS401"]


async def test_a_reboot_from_its_question_to_the_look_afterwards() -> None:
    tool = TOOLS["restart_instance"]
    async with PROVIDER.live(PATIENT, None) as live:
        plan: Any = await tool.run(live.view, **tool.parse({"instance_id": "worker-a"}))
        assert plan.summary.startswith("Reboot EC2 instance i-")
        said = await live.commit(plan.steps[0])
        assert said.startswith(f"asked EC2 to reboot {plan.steps[0].instance_id}")
        assert tool.verify is not None
        soon = await tool.verify(live.view, plan, live.now())
        later = await tool.verify(live.view, plan, live.now() - timedelta(minutes=2))
    assert soon.turn is Turn.UNDER_WAY
    assert later.turn is Turn.WELL, later


async def test_an_instance_that_was_stopped_between_plan_and_act_is_left_alone(moto: str) -> None:
    tool, ec2 = TOOLS["restart_instance"], seed.Account(moto).client("ec2")
    async with PROVIDER.live(PATIENT, None) as live:
        plan: Any = await tool.run(live.view, **tool.parse({"instance_id": "worker-b"}))
        ids = [plan.steps[0].instance_id]
        ec2.stop_instances(InstanceIds=ids)
        try:
            with pytest.raises(Conflict, match="is stopped by now, not running; nothing was done"):
                await live.commit(plan.steps[0])
        finally:
            ec2.start_instances(InstanceIds=ids)


async def test_every_profile_answers_for_its_account_and_each_account_once(
    configured: Path,
) -> None:
    with (configured / "config").open("a") as file:
        file.write(
            "region = eu-west-1\n[profile other]\nsource_profile = default\n"
            "role_arn = arn:aws:iam::222222222222:role/reader\n"
            "[profile torn]\nsource_profile = nowhere\n"
            "role_arn = arn:aws:iam::333333333333:role/reader\n"
        )
    marks = count()
    settings = AppSettings(budget=8000, open_seconds=60, call_seconds=60)
    async with open_app((PROVIDER,), settings, {"aws": PATIENT}, lambda: f"m{next(marks)}") as app:
        answer = await app.call("list_ec2_instances", {"target": "all/eu-west-1"})
        whole = await app.call("list_ec2_instances", {"target": "eu-west-1"})
    assert isinstance(answer, Listing)
    assert isinstance(whole, Listing)
    assert answer.target == "aws:123456789012/eu-west-1, aws:222222222222/eu-west-1"
    assert answer.total == whole.total > 0
    assert {row[0] for row in answer.rows} == {"aws:123456789012/eu-west-1"}
    (torn,) = [each for each in answer.missing if each.startswith("torn/eu-west-1")]
    assert "misconfigured" in torn
