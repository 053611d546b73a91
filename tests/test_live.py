"""The whole server over stdio against the rig: every tool, in both eras of the protocol."""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, Literal, cast

import pytest
from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult, TextContent

from tests.rig import Rig

pytestmark = [pytest.mark.anyio, pytest.mark.live]
Era = Literal["auto", "legacy"]
both_eras = pytest.mark.parametrize("era", ["auto", "legacy"])

READS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("get_pod_status", {"namespace": "shop"}, "orders-db-0"),
    ("get_failing_pods", {"namespace": "shop"}, "orders-db-0"),
    ("get_pod_logs", {"pod_name": "orders-api", "namespace": "shop"}, "could not connect"),
    ("describe_pod", {"pod_name": "orders-db-0", "namespace": "shop"}, "Unschedulable"),
    ("get_aws_cost", {"days": 3}, "USD"),
    ("list_ec2_instances", {}, "worker-c"),
    ("get_cloudwatch_alarms", {}, "worker-c-status-check"),
    ("list_log_groups", {}, "/aws/lambda/order-events"),
    ("get_cloudwatch_logs", {"log_group": "orders-api", "since": "2h"}, "could not connect"),
    ("run_logs_query", {"log_groups": "/shop/orders-api"}, "connection refused"),
    ("list_s3_buckets", {}, "shop-assets-123456789012"),
    ("list_containers", {}, "edge-proxy"),
    ("get_container_logs", {"container_name": "checkout-worker"}, "orders-api"),
    ("run_terraform_plan", {"directory": "infra/shop"}, "terraform_data.storefront"),
    ("check_terraform_state", {"directory": "infra/shop"}, "42"),
)
CHANGES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("restart_deployment", {"name": "storefront", "namespace": "shop", "target": "shop-eu"}),
    ("restart_container", {"container_name": "metrics-agent"}),
)


@asynccontextmanager
async def attached(era: Era, **environment: str) -> AsyncGenerator[Client]:
    parameters = StdioServerParameters(
        command=sys.executable, args=["-m", "fivetabs"], env={**os.environ, **environment}
    )
    async with Client(parameters, mode=era) as client:
        yield client


def told(result: CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


def structure(result: CallToolResult) -> dict[str, Any]:
    return cast("dict[str, Any]", result.structured_content or {})


async def ask(client: Client, tool: str, arguments: dict[str, Any]) -> CallToolResult:
    """The answer, with a job waited for as a model would."""
    result = await client.call_tool(tool, arguments)
    while job := structure(result).get("job"):
        assert job["state"] == "running"
        result = await client.call_tool(tool, {**arguments, "job": job["handle"]})
    return result


async def ask_until(
    client: Client, tool: str, arguments: dict[str, Any], fact: str
) -> CallToolResult:
    """The answer that holds the fact, or the last one: a crash loop is between runs at times."""
    result = await ask(client, tool, arguments)
    for _ in range(30):
        if result.is_error or fact in told(result):
            break
        await asyncio.sleep(1)
        result = await ask(client, tool, arguments)
    return result


@both_eras
async def test_every_read_answers_from_the_real_backend(on_rig: Rig, era: Era) -> None:
    async with attached(era) as client:
        for tool, arguments, fact in READS:
            result = await ask_until(client, tool, arguments, fact)
            assert not result.is_error, told(result)
            assert fact in told(result), told(result)
            assert "DEMO" not in told(result)
            assert result.structured_content is not None
            assert "demo" not in result.structured_content


@both_eras
async def test_every_change_shows_its_plan_and_then_really_acts(on_rig: Rig, era: Era) -> None:
    async with attached(era) as client:
        for tool, arguments in CHANGES:
            plan = await client.call_tool(tool, arguments)
            assert plan.structured_content is not None, told(plan)
            assert plan.structured_content["state"] == "planned"
            approve = {"approve": plan.structured_content["digest"]}
            done = await client.call_tool(tool, arguments | approve)
            assert done.structured_content is not None, told(done)
            assert done.structured_content["state"] == "done"
            again = await client.call_tool(tool, arguments | approve)
            assert again.is_error, "an approval is good for one use"


async def test_with_several_contexts_a_restart_must_name_its_own(on_rig: Rig) -> None:
    async with attached("auto") as client:
        arguments = {"name": "storefront", "namespace": "shop"}
        plan = await client.call_tool("restart_deployment", arguments)
    assert plan.is_error
    assert "target must be named" in told(plan)
    assert "shop-eu" in told(plan)


async def test_one_house_that_is_down_costs_the_others_nothing(on_rig: Rig) -> None:
    async with attached("auto", DOCKER_HOST="tcp://127.0.0.1:1") as client:
        dead = await client.call_tool("list_containers", {})
        assert dead.is_error
        assert "unreachable" in told(dead)
        alive = await client.call_tool("get_failing_pods", {"namespace": "shop"})
        assert not alive.is_error, told(alive)


async def test_nothing_is_invented_where_nothing_is_configured(on_rig: Rig) -> None:
    bare = {"PATH": "/usr/bin:/bin", "HOME": str(on_rig.ledger.folder / "nobody")}
    none = ("KUBECONFIG", "TERRAFORM_ALLOWED_DIRS", "DOCKER_HOST", "AWS_ACCESS_KEY_ID")
    parameters = StdioServerParameters(
        command=sys.executable,
        args=["-m", "fivetabs"],
        env={**bare, **dict.fromkeys(none, ""), "AWS_EC2_METADATA_DISABLED": "true"},
    )
    async with Client(parameters) as client:
        for tool, arguments in (
            ("get_failing_pods", {}),
            ("list_ec2_instances", {}),
            ("check_terraform_state", {"directory": "infra/shop"}),
        ):
            result = await client.call_tool(tool, arguments)
            assert result.is_error, told(result)
            assert "DEMO" not in told(result)
