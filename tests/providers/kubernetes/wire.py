"""The demo world behind real HTTP, as an API server serves it, and ways for it to misbehave."""

import asyncio
import json
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any, cast

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from fivetabs.core import Conflict, Fault, Invalid, NotFound
from fivetabs.core.quoting import unmarked
from fivetabs.providers.kubernetes.demo import make_world
from fivetabs.providers.kubernetes.demo.merging import merge
from fivetabs.providers.kubernetes.demo.patching import accepted
from fivetabs.providers.kubernetes.demo.world import World
from fivetabs.providers.kubernetes.port import Json, Objects
from fivetabs.providers.kubernetes.shapes.json_patches import Untrue, apply_patch

TOKEN = "demo-token"  # noqa: S105  (of the demo world)


@dataclass
class Server:
    """An API server made of the demo world.

    `accepts` are the tokens it lets in, `forbids` the plurals and verbs that they may not, and
    `ahead` is how far its clock is before this machine's.
    """

    world: World = field(default_factory=make_world)
    accepts: set[str] = field(default_factory=lambda: {TOKEN})
    denies: tuple[str, ...] = ()
    forbids: frozenset[str] = frozenset()
    ahead: timedelta = timedelta()
    version: str = "v1.34.4"
    garbage: str = ""
    conflicts: int = 0
    slow: float = 0.0
    asked: list[str] = field(default_factory=list[str])
    patched: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    port: int = 0

    async def answer(self, request: Request) -> Response:
        path = request.url.path
        self.asked.append(f"{request.method} {path}?{request.url.query}")
        response = await self._answer(request, path)
        if self.ahead:
            response.headers["date"] = format_datetime(datetime.now(UTC) + self.ahead, usegmt=True)
        return response

    async def _answer(self, request: Request, path: str) -> Response:
        if refusal := self._refusal(request, path):
            return refusal
        await asyncio.sleep(self.slow)
        try:
            return await self._found(request, path)
        except NotFound as fault:
            return _status(404, str(fault))
        except Fault as fault:
            return _status(409, str(fault))

    def _refusal(self, request: Request, path: str) -> Response | None:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if path == "/version":
            return JSONResponse({"gitVersion": self.version})
        if self.garbage:
            return PlainTextResponse(self.garbage)
        if token not in self.accepts:
            return _status(401, "Unauthorized")
        if any(each in path for each in self.denies):
            return _status(403, f'User "viewer" cannot read "{path}"')
        return None

    async def _found(self, request: Request, path: str) -> Response:
        query = dict(request.query_params)
        if request.method == "PATCH":
            return await self._patch(request, path, query)
        if request.method == "POST":
            return self._reviewed(path, json.loads(await request.body()))
        if path.endswith("/log"):
            await self.world.get(path.removesuffix("/log"))
            return StreamingResponse(self.world.stream(path, **query), media_type="text/plain")
        if "as=Table" in request.headers["accept"]:
            objects = cast("Objects", query.pop("includeObject", "Metadata"))
            return JSONResponse(await self.world.table(path, objects=objects, **query))
        return JSONResponse(await self.world.get(path, **query))

    def _reviewed(self, path: str, body: dict[str, Any]) -> Response:
        """What a review says; it is an answer, and nothing is kept of it."""
        if path.endswith("/selfsubjectreviews"):
            status: dict[str, Any] = {"userInfo": {"username": "viewer"}}
        else:
            asked = body["spec"]["resourceAttributes"]
            status = {"allowed": self.forbids.isdisjoint({asked["resource"], asked["verb"]})}
        return JSONResponse({"kind": body["kind"], "status": status}, status_code=201)

    async def _patch(self, request: Request, path: str, query: dict[str, str]) -> Response:
        """A patch of either form, as an API server carries it out: whole, or not at all."""
        body = json.loads(await request.body())
        raw = await self.world.get(path)
        form = request.headers["content-type"].partition("+")[0]
        try:
            after = accepted(raw, _PATCHES[form](raw, body))
        except Untrue:
            return _status(422, "the server rejected our request due to an error in our request")
        except Conflict as fault:
            return _status(409, str(fault))
        except Invalid as fault:
            return _status(422, unmarked(str(fault)))
        if query.get("dryRun") == "All":
            return JSONResponse(after)
        self.patched.append(body)
        if self.conflicts:
            self.conflicts -= 1
            return _status(409, "the object has been modified")
        self.world.write(path, after)
        return JSONResponse(await self.world.get(path))


def _merged(raw: Json, body: Any) -> Json:
    """A strategic merge patch; a version in it is a precondition."""
    wanted = body.get("metadata", {}).get("resourceVersion")
    if wanted not in {None, raw["metadata"]["resourceVersion"]}:
        raise Conflict("the object has been modified")
    return merge(raw, body)


_PATCHES = {
    "application/json-patch": apply_patch,
    "application/strategic-merge-patch": _merged,
}


def _status(code: int, message: str) -> Response:
    body = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": message}
    return JSONResponse({**body, "code": code}, status_code=code)


@asynccontextmanager
async def serve(server: Server, keys: Path | None = None) -> AsyncGenerator[Server]:
    """Serve on a free port of loopback; over TLS with the certificate and key of a folder."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server.port = listener.getsockname()[1]
        app = Starlette(
            routes=[Route("/{path:path}", server.answer, methods=["GET", "PATCH", "POST"])]
        )
        config = uvicorn.Config(
            app,
            ws="none",
            lifespan="off",
            log_level="critical",
            date_header=not server.ahead,
            ssl_certfile=keys / "cert.pem" if keys else None,
            ssl_keyfile=keys / "key.pem" if keys else None,
        )
        running = uvicorn.Server(config)
        task = asyncio.create_task(running.serve(sockets=[listener]))
        try:
            while not running.started:  # noqa: ASYNC110  (uvicorn has no event for it)
                await asyncio.sleep(0)
            yield server
        finally:
            running.should_exit = True
            running.force_exit = True
            await task


@asynccontextmanager
async def deaf() -> AsyncGenerator[int]:
    """A listener that accepts connections and never answers."""
    writers: list[asyncio.StreamWriter] = []

    async def hold(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)

    listener = await asyncio.start_server(hold, "127.0.0.1", 0)
    try:
        yield listener.sockets[0].getsockname()[1]
    finally:
        for writer in writers:
            writer.close()
        listener.close()


def closed_port() -> int:
    """A port of loopback at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def kubeconfig(
    folder: Path,
    port: int,
    *,
    name: str = "shop-eu",
    user: dict[str, Any] | None = None,
    proxy: str = "",
) -> Path:
    """A kubeconfig of one context that leads to a port of loopback."""
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [
            {"name": "c", "cluster": {"server": f"http://127.0.0.1:{port}", "proxy-url": proxy}}
        ],
        "users": [{"name": "u", "user": {"token": TOKEN} if user is None else user}],
        "contexts": [
            {"name": name, "context": {"cluster": "c", "user": "u", "namespace": "default"}}
        ],
        "current-context": name,
    }
    path = folder / f"{name}.kubeconfig"
    path.write_text(json.dumps(content))
    return path
