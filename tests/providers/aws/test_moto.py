"""The live account against moto: somebody else's idea of AWS, seeded with the same incident.

moto invents ids and times, and has no failed status checks; names, states and relations are
compared.
"""

import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from fivetabs.core import Answer, Detail, Listing
from fivetabs.core.tool import AnyTool
from fivetabs.providers.aws import PROVIDER
from fivetabs.providers.aws.settings import Settings
from tests.rig.aws import SERVER, seed
from tests.rig.ports import free_ports, listens
from tests.rig.waiting import until

pytestmark = pytest.mark.anyio
TOOLS: dict[str, AnyTool[Any]] = {tool.name: tool for tool in PROVIDER.tools}
PATIENT = Settings(sign_in_seconds=30, quiet_seconds=20)


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


async def test_costs_come_with_their_moves() -> None:
    live, _ = await both("get_aws_cost", days=7)
    assert isinstance(live, Detail)
    assert "EU-DataTransfer-Regional-Bytes" in live.summary
    assert [finding.code for finding in live.findings] == ["AWS401"]
