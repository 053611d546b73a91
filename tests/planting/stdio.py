"""A client that keeps every byte: the server's stdout, its stderr and the files it wrote."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_PATIENCE = 120.0
_LARGEST_MESSAGE = 1 << 26


@dataclass
class Server:
    """A running server; `heard` is everything it has written to stdout."""

    process: asyncio.subprocess.Process
    folder: Path
    heard: bytearray = field(default_factory=bytearray)
    asked: int = 0

    async def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """The result of one request, or the error that came instead."""
        self.asked += 1
        self._send({"id": self.asked, "method": method, "params": params})
        assert self.process.stdout is not None
        async with asyncio.timeout(_PATIENCE):
            while True:
                line = await self.process.stdout.readline()
                assert line, "the server ended"
                self.heard += line
                message = json.loads(line)
                if message.get("id") == self.asked:
                    return message.get("result") or message["error"]

    def tell(self, method: str) -> None:
        """A notification."""
        self._send({"method": method})

    def _send(self, message: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        line = json.dumps({"jsonrpc": "2.0", **message})
        self.process.stdin.write(f"{line}\n".encode())

    def written(self) -> dict[str, bytes]:
        """Everything the server wrote anywhere that it was given to write to."""
        files = (path for path in self.folder.rglob("*") if path.is_file())
        return {
            "stdout": bytes(self.heard),
            **{str(path.relative_to(self.folder)): path.read_bytes() for path in files},
        }


@asynccontextmanager
async def running(folder: Path, environment: dict[str, str]) -> AsyncGenerator[Server]:
    """A server whose temporary files, caches and stderr are all in `folder`."""
    for name in ("tmp", "cache", "state"):
        (folder / name).mkdir(parents=True)
    own = {
        "TMPDIR": str(folder / "tmp"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_STATE_HOME": str(folder / "state"),
    }
    with (folder / "stderr").open("wb") as stderr:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "fivetabs",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=stderr,
            limit=_LARGEST_MESSAGE,
            cwd=folder,
            env={**os.environ, **environment, **own},
        )
        server = Server(process, folder)
        client = {"name": "planting", "version": "1"}
        hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client}
        await server.ask("initialize", **hello)
        server.tell("notifications/initialized")
        try:
            yield server
        finally:
            assert process.stdin is not None
            process.stdin.close()
            await asyncio.wait_for(process.wait(), _PATIENCE)
