"""Both revisions of the protocol by its own suite, and the clients that people use."""

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Literal

import pytest
from mcp import Client
from mcp.types import TextContent

from tests.conformance.fixtures import TOOLS
from tests.conformance.programs import SUITE, Programs, install
from tests.conformance.results import scored, wrong
from tests.conformance.serving import served

COMMAND = str(Path(sys.executable).parent / "fivetabs")
measured = pytest.mark.conformance


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Programs:
    """The programs that measure us; FIVETABS_CLIENTS names a folder that keeps them."""
    if shutil.which("npm") is None:
        pytest.skip("the programs that measure us come from npm, and there is no npm here")
    folder = os.environ.get("FIVETABS_CLIENTS") or tmp_path_factory.mktemp("clients")
    try:
        return install(Path(folder))
    except subprocess.CalledProcessError as error:
        pytest.fail(f"npm could not install them: {error.stderr}")


@pytest.mark.anyio
@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_our_own_tools_and_prompts_answer_beside_the_fixtures(
    mode: Literal["auto", "legacy"],
) -> None:
    async with served() as url, Client(url, mode=mode) as client:
        names = {tool.name for tool in (await client.list_tools()).tools}
        assert names > TOOLS.keys() | {"get_health_report"}
        result = await client.call_tool("get_health_report", {})
        triage = await client.get_prompt("triage")
    assert triage.description == "Triage: what is broken, and why"
    (content,) = result.content
    assert isinstance(content, TextContent)
    assert content.text.startswith("DEMO DATA")


@measured
@pytest.mark.anyio
@pytest.mark.filterwarnings("ignore::mcp.MCPDeprecationWarning")
@pytest.mark.parametrize("revision", ["2026-07-28", "2025-11-25"])
async def test_every_scored_server_scenario_passes(
    programs: Programs, tmp_path: Path, revision: str
) -> None:
    results = tmp_path / "results"
    async with served() as url:
        command = ("conformance", "server", "--url", url, "--requirements", revision)
        done = await asyncio.to_thread(programs.run, tmp_path, *command, "-o", str(results))
    scenarios = scored(programs.modules / SUITE, revision)
    assert scenarios
    assert results.exists(), done.stdout + done.stderr
    faults = wrong(results, scenarios)
    assert not faults, "\n".join(faults)
    assert done.returncode == 0, done.stdout + done.stderr


@measured
@pytest.mark.parametrize("changes", [None, "ask", "off"])
def test_the_inspector_finds_nothing_to_say_about_our_tools(
    programs: Programs, tmp_path: Path, changes: str | None
) -> None:
    settings = [
        "-e",
        "FIVETABS_DEMO=1",
        *(["-e", f"FIVETABS_CHANGES={changes}"] if changes else []),
    ]
    done = programs.run(
        tmp_path, "mcp-inspector", "--cli", COMMAND, *settings, "--method", "tools/list", "--strict"
    )
    assert done.stderr == ""
    assert done.returncode == 0
    assert '"get_health_report"' in done.stdout
    assert ('"undo"' in done.stdout) is (changes != "off")


@measured
def test_claude_code_connects(programs: Programs, tmp_path: Path) -> None:
    added = programs.run(
        tmp_path, "claude", "mcp", "add", "fivetabs", "-e", "FIVETABS_DEMO=1", "--", COMMAND
    )
    assert added.returncode == 0, added.stdout + added.stderr
    listed = programs.run(tmp_path, "claude", "mcp", "list")
    (line,) = (line for line in listed.stdout.splitlines() if line.startswith("fivetabs:"))
    assert line.endswith("Connected"), listed.stdout + listed.stderr
