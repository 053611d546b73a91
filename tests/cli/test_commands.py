"""The `fivetabs` command as a person types it."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from fivetabs import __version__
from fivetabs.cli.houses import PROVIDERS
from tests.commands import COMMAND, ran


def run(*argv: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return ran(*argv, environment={**os.environ, **environment})


def test_on_a_terminal_it_says_what_it_is_and_ends() -> None:
    terminal, far_end = pty.openpty()
    with os.fdopen(terminal, "rb"), os.fdopen(far_end, "rb") as keyboard:
        done = subprocess.run(
            COMMAND,
            stdin=keyboard,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
    assert done.returncode == 0
    assert "MCP server" in done.stdout


def test_version() -> None:
    assert run("--version").stdout == f"fivetabs {__version__}\n"


def test_a_tool_is_called_with_words_of_the_shell() -> None:
    done = run("--demo", "call", "get_pod_status", "namespace=shop")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("DEMO DATA")
    assert "orders-db-0" in done.stdout


def test_the_structured_form_is_printed_as_json() -> None:
    done = run("call", "--demo", "--json", "get_aws_cost", "days=3")
    value = json.loads(done.stdout)
    assert value["demo"] is True
    assert value["facts"]["currency"] == "USD"


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (("get_pod_status", "namespce=shop"), "namespace"),
        (("get_pod_statuses",), "get_pod_status"),
        (("get_pod_logs", "broken-app"), "key=value"),
        (("get_aws_cost", "days=many"), "days"),
    ],
)
def test_a_failed_call_ends_with_1_and_says_what_was_meant(
    argv: tuple[str, ...], told: str
) -> None:
    done = run("--demo", "call", *argv)
    assert done.returncode == 1
    assert done.stdout == ""
    assert told in done.stderr


def test_a_wrong_setting_ends_a_call_too() -> None:
    done = run("call", "list_containers", FIVETABS_CHANGES="maybe")
    assert done.returncode == 1
    assert "changes" in done.stderr


@pytest.mark.parametrize("client", ["claude-desktop", "claude-code", "cursor", "vscode"])
def test_a_clients_block_names_the_command_by_its_absolute_path(client: str) -> None:
    block = json.loads(run("config", client).stdout)
    (servers,) = block.values()
    assert Path(servers["fivetabs"]["command"]).is_absolute()
    assert ("servers" in block) is (client == "vscode")


def test_every_tool_is_listed() -> None:
    printed = run("tools").stdout
    assert all(tool.name in printed for provider in PROVIDERS for tool in provider.tools)


@pytest.mark.parametrize("house", ["kubernetes", "aws"])
def test_least_rights_are_printed_and_hold_nothing_that_writes(house: str) -> None:
    made = run("permissions", house).stdout
    assert json.loads(made)
    for word in ("create", "delete", "patch", "Put", "Delete", "*:*", "nodes/proxy", "secrets"):
        assert f'"{word}' not in made


@pytest.mark.parametrize(("house", "word"), [("kubernetes", "patch"), ("aws", "ec2:RebootIn")])
def test_what_changes_need_is_printed_when_asked_for(house: str, word: str) -> None:
    reading = run("permissions", house).stdout
    both = run("permissions", house, "--changes").stdout
    assert f'"{word}' not in reading
    assert f'"{word}' in both
    assert str(json.loads(reading)["kind" if house == "kubernetes" else "Version"]) in both


def test_the_demo_asks_both_questions_through_a_real_client() -> None:
    done = run("demo")
    assert done.returncode == 0, done.stderr
    assert "Give me a health report of my infrastructure" in done.stdout
    assert "Pull the logs from broken-app" in done.stdout
    assert "exits 0" in done.stdout
    assert '"mcpServers"' in done.stdout
