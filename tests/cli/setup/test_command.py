"""`fivetabs setup` as a person types it, from a home folder of their own."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

from tests.commands import COMMAND, ran

BARE = "/usr/bin:/bin"
VSCODE = '// mine\r\n{\r\n\t"inputs": [], // none\r\n\t"servers": {},\r\n}\r\n'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Cursor, VS Code and Claude Code were here; Claude Desktop was not."""
    (tmp_path / ".cursor").mkdir()
    (tmp_path / ".config" / "Code" / "User").mkdir(parents=True)
    vscode(tmp_path).write_bytes(VSCODE.encode())
    (tmp_path / ".claude.json").write_text('{"numStartups": 3, "apiKey": "hunter22hunter22"}')
    return tmp_path


def vscode(home: Path) -> Path:
    return home / ".config" / "Code" / "User" / "mcp.json"


def environment(home: Path, **more: str) -> dict[str, str]:
    given = {"PATH": BARE, "HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path)}
    return {**given, "XDG_CACHE_HOME": str(Path.home() / ".cache"), **more}


def run(home: Path, *argv: str, **more: str) -> "subprocess.CompletedProcess[str]":
    return ran("setup", *argv, environment=environment(home, **more), folder=home)


def everything(home: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(home)): path.read_bytes()
        for path in sorted(home.rglob("*"))
        if path.is_file() and ".cache" not in path.parts
    }


def test_it_finds_the_clients_and_writes_nothing_without_a_persons_word(home: Path) -> None:
    before = everything(home)
    done = run(home)
    assert done.returncode == 1
    assert "add --yes" in done.stderr
    assert all(f"{title}:" in done.stdout for title in ("Claude Code", "Cursor", "VS Code"))
    assert "Claude Desktop" not in done.stdout
    assert "hunter22hunter22" not in done.stdout
    assert run(home, "--dry-run").returncode == 0
    assert everything(home) == before


def test_setting_up_twice_and_removing_gives_every_byte_back(home: Path) -> None:
    before = everything(home)
    first = run(home, "--yes")
    assert first.returncode == 0, first.stderr
    written = everything(home)
    assert json.loads(written[".claude.json"])["mcpServers"]["fivetabs"]["type"] == "stdio"
    text = written[".config/Code/User/mcp.json"].decode()
    assert text.startswith('// mine\r\n{\r\n\t"inputs": [], // none\r\n\t"servers": {\r\n\t\t')
    assert text.endswith("\r\n\t},\r\n}\r\n")
    second = run(home, "--yes")
    assert second.stdout.count("already set up") == 3
    assert everything(home) == written
    assert run(home, "--remove", "--yes").returncode == 0
    assert {name: everything(home)[name] for name in before} == before


def test_on_a_terminal_a_person_is_asked(home: Path) -> None:
    for word, written in (("no", False), ("yes", True)):
        ours, theirs = pty.openpty()
        with subprocess.Popen(
            [*COMMAND, "setup", "--client", "cursor"],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment(home, TERM="dumb"),
        ) as process:
            os.close(theirs)
            said = b""
            while b"Type yes:" not in said:
                said += os.read(ours, 4096)
            os.write(ours, f"{word}\n".encode())
            assert process.wait(60) == (0 if written else 1)
            os.close(ours)
        assert (home / ".cursor" / "mcp.json").exists() is written


def test_a_broken_file_is_refused_with_its_place_and_the_others_go_on(home: Path) -> None:
    file = home / ".cursor" / "mcp.json"
    file.write_text('{\n  "mcpServers": {\n    "a": {"command": "x"\n  }\n')
    done = run(home, "--yes")
    assert done.returncode == 1
    assert f"{file}: line 5, column 1: the file ends too early" in done.stdout.replace("\n", "")
    assert file.read_text().endswith('"x"\n  }\n')
    assert "fivetabs" in vscode(home).read_text()


def test_only_the_clients_that_are_named_are_touched(home: Path) -> None:
    assert run(home, "--client", "cursor", "--client", "claude-desktop", "--yes").returncode == 0
    made = set(everything(home)) - {".claude.json", ".config/Code/User/mcp.json"}
    assert made == {".cursor/mcp.json", ".config/Claude/claude_desktop_config.json"}
    assert "fivetabs" not in vscode(home).read_text()


def test_a_projects_file_is_written_where_one_stands(home: Path) -> None:
    assert run(home, "--project", "--client", "vscode", "--yes").returncode == 0
    assert "servers" in json.loads((home / ".vscode" / "mcp.json").read_text())
    done = run(home, "--project", "--client", "claude-desktop", "--yes")
    assert "reads no file of a project" in done.stderr


def test_without_a_client_it_says_where_it_looked(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert done.returncode == 1
    assert f"Cursor: {tmp_path}/.cursor" in done.stderr
    assert "--print" in done.stderr


def test_flags_become_arguments_and_wrong_settings_are_refused(home: Path) -> None:
    done = run(home, "--print", "--client", "vscode", "--demo", "--changes", "off")
    assert json.loads(done.stdout)["servers"]["fivetabs"]["args"] == ["--demo", "--changes", "off"]
    done = run(home, "--yes", FIVETABS_CHANGES="maybe")
    assert done.returncode == 1
    assert "changes" in done.stderr


@pytest.mark.anyio
async def test_what_was_written_starts_as_a_desktop_app_starts_it_and_finds_the_plugin(
    home: Path,
) -> None:
    """The plugin is only on the shell's PATH; the app's own environment knows neither."""
    tools, ran = home / "tools", home / "plugin-ran"
    tools.mkdir()
    (tools / "login-plugin").write_text(f"#!/bin/sh\necho > '{ran}'\nexit 1\n")
    (tools / "login-plugin").chmod(0o755)
    (home / "kubeconfig").write_text(
        "current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u}}]\n"
        "clusters: [{name: k, cluster: {server: 'http://127.0.0.1:9'}}]\nusers: [{name: u, user: "
        "{exec: {apiVersion: client.authentication.k8s.io/v1, command: login-plugin}}}]\n"
    )
    path = f"{tools}{os.pathsep}{BARE}"
    done = run(home, "--client", "cursor", "--yes", PATH=path, KUBECONFIG="kubeconfig")
    assert done.returncode == 0, done.stderr
    servers: Any = json.loads((home / ".cursor" / "mcp.json").read_text())["mcpServers"]
    entry = servers["fivetabs"]
    app = {"PATH": BARE, "HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path)}
    started = StdioServerParameters(
        command=entry["command"], args=entry["args"], env={**app, **entry["env"]}
    )
    async with Client(started) as client:
        assert len((await client.list_tools()).tools) >= 14
        await client.call_tool("get_pod_status", {})
    assert ran.exists()
