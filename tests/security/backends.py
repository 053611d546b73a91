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
from fivetabs.providers.aws.port import CHANGES as OPERATIONS
from tests.app.records import records
from tests.providers.aws.serving import Behaviour
from tests.providers.docker import serving as docker
from tests.providers.kubernetes import wire
from tests.security.hostile import marks

TARGETS = {"kubernetes": "shop-eu", "docker": "edge-1", "aws": "default"}
"""Where a change must say which backend it means: those houses have several here."""


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
    drawers: int = 0

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
        given: dict[str, Any] = {
            "job_seconds": 30,
            "asking_seconds": 0,
            "verify_seconds": 0,
            **more,
        }
        chosen = AppSettings(changes=changes, **given)
        kept = records(self._drawer(), seconds=chosen.approval_seconds)
        opening = open_app(PROVIDERS, chosen, houses, lambda: next(drawn), SPANNING, records=kept)
        async with opening as app:
            yield app

    def _drawer(self) -> Path:
        """Where approvals are kept: anew for each server."""
        self.drawers += 1
        folder = self.home / f"records-{self.drawers}"
        folder.mkdir()
        return folder

    def terraform_calls(self) -> list[dict[str, Any]]:
        """Every run of the recording terraform: its argv and its environment."""
        notes = self.home / "calls"
        lines = notes.read_text().splitlines() if notes.is_file() else []
        return [json.loads(line) for line in lines]

    def writes(self) -> list[str]:
        """Every request that could change something: method and path."""
        told = [*self.cluster.asked, *self.engine.asked]
        sent = [
            each
            for each in told
            if not each.startswith(("GET ", "HEAD ")) and "dryRun=All" not in each
        ]
        asked = [e for e in self.account.asked if e.operation in OPERATIONS.get(e.service, ())]
        sent += [f"{e.service}:{e.operation}" for e in asked if "DryRun" not in e.params]
        runs = [each["argv"] for each in self.terraform_calls()]
        return sent + [" ".join(argv) for argv in runs if argv[0] == "apply"]
