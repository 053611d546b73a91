"""The server as a client meets it: a process, stdin and stdout."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Literal

import pytest
from mcp import Client, StdioServerParameters
from mcp.types import TextContent

from fivetabs import __version__
from fivetabs.cli.houses import PROVIDERS

COMMAND = (sys.executable, "-m", "fivetabs", "--demo")
TOOLS = [pytest.param(tool, id=tool.name) for p in PROVIDERS for tool in p.tools]
INITIALIZE = {
    "protocolVersion": "2025-11-25",
    "capabilities": {},
    "clientInfo": {"name": "test", "version": "0"},
}
ENVELOPE = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "0"},
    "io.modelcontextprotocol/clientCapabilities": {},
}


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


class Pipe:
    """A client that writes lines and reads lines, and nothing cleverer."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def send(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def request(self, number: int, method: str, params: dict[str, Any]) -> None:
        self.send(json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}))

    def receive(self, number: int) -> dict[str, Any]:
        """The response to one request; every line before it must be protocol too."""
        assert self.process.stdout is not None
        while line := self.process.stdout.readline():
            message = json.loads(line)
            assert message["jsonrpc"] == "2.0"
            if message.get("id") == number:
                return message
        raise AssertionError(f"stdout ended before the answer to {number}")

    def initialize(self) -> dict[str, Any]:
        self.request(1, "initialize", INITIALIZE)
        answer = self.receive(1)
        self.send('{"jsonrpc":"2.0","method":"notifications/initialized"}')
        return answer


@contextmanager
def server(*arguments: str) -> Generator[Pipe]:
    with subprocess.Popen(
        [*COMMAND, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    ) as process:
        try:
            yield Pipe(process)
        finally:
            process.kill()


@pytest.mark.anyio
@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_every_tool_answers_its_example_in_both_eras(
    mode: Literal["auto", "legacy"],
) -> None:
    parameters = StdioServerParameters(
        command=COMMAND[0], args=[*COMMAND[1:], "--changes", "show"], env=environment()
    )
    async with Client(parameters, mode=mode) as client:
        listed = {tool.name for tool in (await client.list_tools()).tools}
        for provider in PROVIDERS:
            for tool in provider.tools:
                assert tool.name in listed
                result = await client.call_tool(tool.name, dict(tool.example))
                (content,) = result.content
                assert isinstance(content, TextContent)
                assert not result.is_error, content.text
                assert content.text.startswith("DEMO DATA")
                assert result.structured_content is not None
                assert result.structured_content["demo"] is True


def test_a_probe_followed_by_initialize_on_the_same_pipe_works() -> None:
    """Some clients send server/discover, lose patience, and fall back to initialize."""
    with server() as pipe:
        for number in (7, 8):
            pipe.request(number, "server/discover", {"_meta": ENVELOPE})
            assert "result" in pipe.receive(number)
        answer = pipe.initialize()
        assert answer["result"]["serverInfo"] == {"name": "fivetabs", "version": __version__}
        assert "NOT READ" in answer["result"]["instructions"]
        pipe.request(2, "tools/list", {})
        assert len(pipe.receive(2)["result"]["tools"]) >= 14


def test_a_probe_followed_by_modern_requests_works() -> None:
    with server() as pipe:
        pipe.request(1, "server/discover", {"_meta": ENVELOPE})
        pipe.receive(1)
        pipe.request(2, "tools/list", {"_meta": ENVELOPE})
        assert len(pipe.receive(2)["result"]["tools"]) >= 14


def test_garbage_on_stdin_loses_nothing() -> None:
    with server() as pipe:
        pipe.send("this is not JSON")
        pipe.initialize()
        for garbage in ("{", "[]", '{"jsonrpc":"1.0"}', "\x00\x01", '{"id":' * 200):
            pipe.send(garbage)
        pipe.request(2, "tools/call", {"name": "list_containers", "arguments": {}})
        assert "result" in pipe.receive(2)


def test_an_unknown_tool_is_an_error_result_and_the_server_lives_on() -> None:
    with server() as pipe:
        pipe.initialize()
        pipe.request(2, "tools/call", {"name": "get_failing_pod", "arguments": {}})
        result = pipe.receive(2)["result"]
        assert result["isError"] is True
        assert "get_failing_pods" in result["content"][0]["text"]
        pipe.request(3, "ping", {})
        assert "result" in pipe.receive(3)


def test_progress_is_told_only_to_a_client_that_asked() -> None:
    with server() as pipe:
        pipe.initialize()
        pipe.request(2, "tools/call", {"name": "list_containers", "arguments": {}})
        assert pipe.receive(2)["id"] == 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_cleanly(number: signal.Signals) -> None:
    with server() as pipe:
        pipe.initialize()
        pipe.process.send_signal(number)
        assert pipe.process.wait(timeout=20) == 0


def test_the_end_of_stdin_ends_it_cleanly() -> None:
    with server() as pipe:
        pipe.initialize()
        assert pipe.process.stdin is not None
        pipe.process.stdin.close()
        assert pipe.process.wait(timeout=20) == 0
        assert pipe.process.stderr is not None
        assert pipe.process.stderr.read() == ""


def test_a_wrong_setting_is_told_on_stderr_and_not_on_stdout() -> None:
    done = subprocess.run(
        [*COMMAND, "--set", "kubernetes.red_seconds=1"],
        input="",
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert "kubernetes.red_seconds" in done.stderr
