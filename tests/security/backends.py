"""The backends of these tests: the demo worlds served for real, and what they may do instead."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from fivetabs.app.calls import App, open_app
from fivetabs.app.settings import AppSettings, Changes
from fivetabs.cli.houses import PROVIDERS, SPANNING
from tests.providers.aws.serving import Behaviour
from tests.providers.docker import serving as docker
from tests.providers.kubernetes import wire
from tests.security.hostile import marks

TARGETS = {"kubernetes": "shop-eu", "docker": "edge-1"}
"""Where a change must say which backend it means."""


@dataclass
class Cluster(wire.Server):
    """An API server that may refuse with a status and words, or send the caller elsewhere."""

    refusing: int = 0
    words: str = ""
    sending_to: str = ""

    async def answer(self, request: Request) -> Response:
        if self.sending_to:
            self.asked.append(f"{request.method} {request.url.path}")
            return Response(status_code=307, headers={"Location": self.sending_to})
        if self.refusing:
            body = {"kind": "Status", "message": self.words, "code": self.refusing}
            return JSONResponse(body, status_code=self.refusing)
        return await super().answer(request)


@dataclass
class Engine(docker.Engine):
    """An engine that may refuse with a status and words, or send the caller elsewhere."""

    refusing: int = 0
    words: str = ""
    sending_to: str = ""

    async def _answer(self, method: str, target: str, writer: asyncio.StreamWriter) -> None:
        if self.sending_to:
            head = f"HTTP/1.1 307 Elsewhere\r\nLocation: {self.sending_to}\r\nContent-Length: 0"
            writer.write(f"{head}\r\n\r\n".encode())
        elif self.refusing and "/_ping" not in target:
            body = json.dumps({"message": self.words}).encode()
            head = f"HTTP/1.1 {self.refusing} No\r\nContent-Length: {len(body)}\r\n\r\n"
            writer.write(head.encode() + body)
        else:
            await super()._answer(method, target, writer)


@dataclass
class Backends:
    """All four, and where the recording terraform notes what it was run with."""

    home: Path
    cluster: Cluster
    engine: Engine
    account: Behaviour
    infra: Path
    binary: str
    settings: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])

    @asynccontextmanager
    async def app(self, changes: Changes = Changes.MODEL, **more: Any) -> AsyncGenerator[App]:
        """The server's app over them, impatient."""
        own: dict[str, dict[str, Any]] = {
            "kubernetes": {"quiet": 1.0},
            "docker": {"quiet": 1.0, "connect_timeout": 1.0},
            "aws": {"quiet_seconds": 10.0, "sign_in_seconds": 20.0},
            "terraform": {"allowed_dirs": (str(self.infra),), "binary": self.binary, "grace": 1},
        }
        houses = {
            p.name: p.settings.model_validate(own.get(p.name, {}) | self.settings.get(p.name, {}))
            for p in PROVIDERS
        }
        drawn = marks()
        chosen = AppSettings(changes=changes, job_seconds=30, **more)
        async with open_app(PROVIDERS, chosen, houses, lambda: next(drawn), SPANNING) as app:
            yield app

    def terraform_calls(self) -> list[dict[str, Any]]:
        """Every run of the recording terraform: its argv and its environment."""
        notes = self.home / "calls"
        lines = notes.read_text().splitlines() if notes.is_file() else []
        return [json.loads(line) for line in lines]

    def writes(self) -> list[str]:
        """Every request that could change something: method and path."""
        told = [*self.cluster.asked, *self.engine.asked]
        return [
            each
            for each in told
            if not each.startswith(("GET ", "HEAD ")) and "dryRun=All" not in each
        ]
