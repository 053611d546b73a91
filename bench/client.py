"""A server process and its client: JSON-RPC lines over the pipes, any number of calls in flight."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

from bench import processes

Json = dict[str, Any]
ROOT = Path(__file__).parent.parent
COMMAND = (sys.executable, "-m", "fivetabs")
_LONGEST_LINE = 64 * 1024 * 1024
_PATIENCE = 120.0
_ABOUT = {"name": "bench", "version": "0"}
_LEGACY = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": _ABOUT}
_MODERN = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": _ABOUT,
    "io.modelcontextprotocol/clientCapabilities": {},
}
ERAS = ("initialize", "discover")


@dataclass(frozen=True)
class Said:
    """An answer in both forms, and how long it took (s)."""

    seconds: float
    text: str
    structured: Json
    failed: bool

    @property
    def compact(self) -> str:
        """The structured form as the wire has it."""
        return json.dumps(self.structured, separators=(",", ":"), ensure_ascii=False)

    @property
    def forms(self) -> list[str]:
        """Both forms."""
        return [self.text, self.compact]


@dataclass
class Client:
    """One server process and the requests that wait for it."""

    process: asyncio.subprocess.Process
    modern: bool
    waiting: dict[int, asyncio.Future[Json]] = field(
        default_factory=dict[int, "asyncio.Future[Json]"]
    )
    last: int = 0
    last_words: str = ""

    @property
    def pid(self) -> int:
        """The server's process number."""
        return self.process.pid

    @property
    def memory(self) -> processes.Memory:
        """The server's memory now."""
        return processes.memory(self.pid)

    @property
    def cpu(self) -> float:
        """The processor time the server has used so far (s)."""
        return processes.cpu(self.pid)

    async def request(self, method: str, **params: Any) -> Json:
        """One request and its result."""
        self.last += 1
        answer = self.waiting[self.last] = asyncio.get_running_loop().create_future()
        params |= {"_meta": _MODERN} if self.modern else {}
        self.send({"id": self.last, "method": method, "params": params})
        async with asyncio.timeout(_PATIENCE):
            return await answer

    def send(self, message: Json) -> None:
        """Write one line."""
        if self.process.stdin:
            line = json.dumps({"jsonrpc": "2.0", **message})
            self.process.stdin.write(f"{line}\n".encode())

    async def hello(self) -> None:
        """What comes before the first request in this era."""
        if self.modern:
            await self.request("server/discover")
            return
        await self.request("initialize", **_LEGACY)
        self.send({"method": "notifications/initialized"})

    async def tools(self) -> list[Json]:
        """The tool list."""
        return (await self.request("tools/list"))["tools"]

    async def ping(self) -> float:
        """How long the server takes to say that it is there (s)."""
        started = perf_counter()
        await self.request("ping")
        return perf_counter() - started

    async def call(self, tool: str, **arguments: Any) -> Said:
        """Call a tool; a long one is waited for by its handle."""
        started = perf_counter()
        result = await self.request("tools/call", name=tool, arguments=arguments)
        while handle := _running(result):
            await asyncio.sleep(0.1)
            again = {**arguments, "job": handle}
            result = await self.request("tools/call", name=tool, arguments=again)
        seconds = perf_counter() - started
        words = "\n".join(part.get("text", "") for part in result.get("content") or ())
        structured: Json = result.get("structuredContent") or {}
        return Said(seconds, words, structured, bool(result.get("isError")))

    async def listen(self) -> None:
        """Hand each answer to whoever waits for it."""
        if not self.process.stdout:
            return
        while line := await self.process.stdout.readline():
            message = json.loads(line)
            waiting = self.waiting.pop(message.get("id", 0), None)
            if waiting and not waiting.done():
                waiting.set_result(message.get("result") or _refusal(message))
        for each in self.waiting.values():
            each.set_exception(ConnectionError(f"the server ended: {self.last_words}"))

    async def hear(self) -> None:
        """Keep the last line the server wrote to its log."""
        if not self.process.stderr:
            return
        while line := await self.process.stderr.readline():
            self.last_words = line.decode(errors="replace").strip()


@asynccontextmanager
async def serving(
    environment: Mapping[str, str], *options: str, era: str = ERAS[0]
) -> AsyncGenerator[Client]:
    """A server that has said hello; ended on the way out."""
    process = await asyncio.create_subprocess_exec(
        *COMMAND,
        *options,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=surroundings(environment),
        limit=_LONGEST_LINE,
    )
    client = Client(process, modern=era == "discover")
    listening = asyncio.gather(client.hear(), client.listen())
    try:
        await client.hello()
        yield client
    finally:
        await _end(process)
        await listening


def surroundings(extra: Mapping[str, str]) -> dict[str, str]:
    """A bare environment with our own source on the path, and what the stand adds."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    nowhere = {"HOME": "/nonexistent", "XDG_CONFIG_HOME": "/nonexistent"}
    return {**kept, **nowhere, "PYTHONPATH": str(ROOT / "src"), **extra}


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.stdin:
        process.stdin.close()
    with suppress(TimeoutError):
        async with asyncio.timeout(10):
            await process.wait()
        return
    process.kill()
    await process.wait()


def _running(result: Json) -> str:
    structured: Json = result.get("structuredContent") or {}
    job: Json = structured.get("job") or {}
    return job.get("handle", "") if job.get("state") == "running" else ""


def _refusal(message: Json) -> Json:
    error: Json = message.get("error") or {}
    words = f"{error.get('code')}: {error.get('message')}"
    return {"isError": True, "content": [{"type": "text", "text": words}], "tools": []}
