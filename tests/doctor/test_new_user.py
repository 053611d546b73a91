"""From nothing to the first true answer, as a new person has it: setup, doctor, a question."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from mcp import Client, StdioServerParameters

from tests.commands import ran
from tests.doctor.newcomer import PLUGIN, SIGNER, Home
from tests.rig import Rig

if TYPE_CHECKING:
    import subprocess

pytestmark = [pytest.mark.anyio, pytest.mark.live]


@pytest.fixture
def home(tmp_path: Path, rig: Rig) -> Home:
    made = Home(tmp_path / "home", rig)
    made.furnish()
    return made


def fivetabs(home: Home, *argv: str) -> "subprocess.CompletedProcess[str]":
    return ran(*argv, environment=home.environment(typed=True), folder=home.folder)


def connections(answer: dict[str, Any]) -> dict[str, dict[str, str]]:
    """The rows by target."""
    (table,) = answer["tables"]
    rows = [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]
    return {row["target"]: row for row in rows}


@asynccontextmanager
async def desktop(home: Home) -> AsyncGenerator[Client]:
    """The server as Claude Desktop starts it: by its entry, with a bare PATH."""
    entry = json.loads(home.claude.read_text())["mcpServers"]["fivetabs"]
    environment = home.environment(typed=False) | entry.get("env", {})
    server = StdioServerParameters(
        command=entry["command"], args=entry["args"], env=environment, cwd=home.folder
    )
    async with Client(server, mode="legacy") as client:
        yield client


async def ask(client: Client, tool: str, **given: Any) -> dict[str, Any]:
    told = await client.call_tool(tool, given)
    assert not told.is_error, told.content
    return told.structured_content or {}


async def test_from_an_empty_config_to_the_first_true_answer(home: Home) -> None:
    done = fivetabs(home, "setup", "--client", "claude-desktop", "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    checked = fivetabs(home, "doctor", "--json")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    async with desktop(home) as client:
        report = await ask(client, "get_health_report")
        assert {line.partition(":")[0] for line in report["healthy"]} == {
            "Kubernetes",
            "AWS",
            "Docker",
            "Terraform",
        }
        codes = {each["code"] for each in report["findings"]}
        assert "AWS201" in codes, codes
        ours = await ask(client, "list_ec2_instances", target="us-east-1")
        assert "us-east-1" in ours["target"]


async def test_each_of_two_is_told_apart_and_the_dead_ones_are_named(home: Home) -> None:
    fivetabs(home, "setup", "--client", "claude-desktop", "--yes")
    async with desktop(home) as client:
        told = await ask(client, "check_connections", target="all")
    rows = connections(told)
    status = {target: row["status"] for target, row in rows.items()}
    assert status.get("k8s:shop") == "ready", told
    assert status.get("k8s:old (not the default)") == "unreachable", status
    assert [s for t, s in status.items() if t.startswith("docker:")].count("unreachable") == 1
    assert [s for t, s in status.items() if t.startswith("docker:")].count("ready") == 1
    aws = next(row for target, row in rows.items() if target.startswith("aws:"))
    assert aws["status"] == "ready"
    assert "the fetched credentials in " in aws["runs out"], aws


async def test_a_report_of_the_named_targets_reads_these_and_names_the_dead_one(home: Home) -> None:
    fivetabs(home, "setup", "--client", "claude-desktop", "--yes")
    async with desktop(home) as client:
        told = await ask(client, "get_health_report", target="k8s:shop, k8s:old, docker")
    assert {line.partition(":")[0] for line in told["healthy"]} == {"Kubernetes (shop)", "Docker"}
    (dead,) = told["missing"]
    assert dead.startswith("Kubernetes (old): unreachable")
    assert "parts could not be checked" in told["summary"]


@pytest.mark.parametrize("program", [PLUGIN, SIGNER])
def test_a_program_that_went_away_is_named_with_what_needs_it(home: Home, program: str) -> None:
    (home.folder / "bin" / program).unlink()
    done = fivetabs(home, "doctor")
    assert done.returncode == 1
    assert program in done.stdout
