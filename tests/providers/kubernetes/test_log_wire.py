"""Logs of pods over real HTTP: long, hostile, of both runs, cut off while they are read."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from fivetabs.core import Log
from fivetabs.providers.kubernetes import live
from fivetabs.providers.kubernetes.demo import CLOCK
from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.settings import Settings
from tests.core.log_sources import cut, dated
from tests.providers.kubernetes.calling import ask
from tests.providers.kubernetes.wire import Server, kubeconfig, serve

pytestmark = pytest.mark.anyio

POD = "/api/v1/namespaces/shop/pods/storefront-7d5b9c64f8-4hq2n"
WHERE = {"pod_name": "storefront-7d5b9c64f8-4hq2n", "namespace": "shop"}
BUSY = [f"INFO request {n} took {n % 90} ms" for n in range(2000)]


@dataclass
class Loud(Server):
    """An API server whose pods have these logs; `breaks` cuts the connection after so many bytes.

    A log is found under its container and whether it is of the run before.
    """

    logs: dict[tuple[str, bool], bytes] = field(default_factory=dict[tuple[str, bool], bytes])
    breaks: int = 0

    async def _found(self, request: Request, path: str) -> Response:
        query = request.query_params
        key = (query.get("container", ""), query.get("previous") == "true")
        if not path.endswith("/log") or key not in self.logs:
            return await super()._found(request, path)
        lines = self.logs[key].splitlines(keepends=True)
        body = b"".join(lines[-int(query["tailLines"]) :])
        return StreamingResponse(self._sent(body), media_type="text/plain")

    async def _sent(self, body: bytes) -> AsyncIterator[bytes]:
        for number, chunk in enumerate(cut(body, 10_000)):
            if self.breaks and number * 10_000 >= self.breaks:
                raise ConnectionError
            yield chunk


@asynccontextmanager
async def asking(
    server: Server, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator["Asking"]:
    """The real client, told of this server."""
    async with serve(server) as running:
        monkeypatch.setenv("HOME", str(folder))
        monkeypatch.setenv("KUBECONFIG", str(kubeconfig(folder, running.port)))
        async with live.connect(Settings(), None, now=lambda: CLOCK) as connection:
            yield Asking(connection.view)


@dataclass
class Asking:
    """Asks for the log of the storefront pod."""

    view: Any

    async def log(self, **arguments: Any) -> Log:
        return await ask(self.view, "get_pod_logs", Log, **{**WHERE, **arguments})


def containers(raw: Json, *names: str) -> None:
    """Give the pod these containers, all of them running since this morning."""
    (spec,), (status,) = raw["spec"]["containers"], raw["status"]["containerStatuses"]
    raw["spec"]["containers"] = [{**spec, "name": name} for name in names]
    raw["status"]["containerStatuses"] = [{**status, "name": name} for name in names]


def loops(raw: Json, started: str, finished: str) -> None:
    """Let the pod's container run since a time, after a run that crashed."""
    (status,) = raw["status"]["containerStatuses"]
    status["restartCount"] = 3
    status["state"] = {"running": {"startedAt": started}}
    status["lastState"] = {"terminated": {"exitCode": 1, "reason": "Error", "finishedAt": finished}}


def texts(log: Log) -> Iterator[str]:
    yield from log.text.split("\n")


async def test_a_long_log_is_read_whole_and_clustered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = dated([*BUSY, "ERROR lost the lease", *BUSY], step=0.01)
    async with asking(Loud(logs={("storefront", False): body}), tmp_path, monkeypatch) as asked:
        log = await asked.log()
    assert (log.read, log.matched, log.shown) == (4001, 4001, 15)
    assert log.summary.startswith("The last 15 of 4001 lines of shop/storefront-7d5b9c64f8-4hq2n")
    assert log.summary.endswith("They have 2 shapes, 1 of errors.")
    assert log.tables[0].rows[0][:2] == (1, "error")
    assert list(texts(log)) == BUSY[-15:]


async def test_every_line_can_be_paged_to_while_the_log_grows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Loud(logs={("storefront", False): dated(BUSY[:100])})
    seen: list[str] = []
    async with asking(server, tmp_path, monkeypatch) as asked:
        until = "2026-03-12T10:01:39Z"
        for page in range(1, 5):
            seen = [*texts(await asked.log(lines=25, page=page, until=until)), *seen]
            server.logs["storefront", False] = dated(BUSY[: 100 + 7 * page])
    assert seen == BUSY[:100]


async def test_all_containers_are_merged_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Loud(
        logs={
            ("web", False): dated(["GET /", "GET /b"], step=2),
            ("proxy", False): dated(["connected"], begin=1),
        }
    )
    containers(server.world.objects[POD], "web", "proxy")
    async with asking(server, tmp_path, monkeypatch) as asked:
        log = await asked.log()
        alone = await asked.log(container="web")
    assert list(texts(log)) == ["web| GET /", "proxy| connected", "web| GET /b"]
    assert list(texts(alone)) == ["GET /", "GET /b"]


@pytest.mark.parametrize("started", ["10:04:59", "10:00:06"], ids=["later", "the same second"])
async def test_both_runs_of_a_crash_loop_are_merged_and_what_is_new_is_told(
    started: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Loud(
        logs={
            ("storefront", True): dated([*BUSY[:600], "FATAL out of patience"], step=0.01),
            ("storefront", False): dated(
                [*BUSY[:600], "WARN new flag is set"], begin=300, step=0.01
            ),
        }
    )
    loops(server.world.objects[POD], f"2026-03-12T{started}Z", "2026-03-12T10:04:00Z")
    async with asking(server, tmp_path, monkeypatch) as asked:
        log = await asked.log()
        before = await asked.log(previous=True)
    assert log.read == 1202
    assert "previous run, ended 10m ago with exit 1 (Error) and present run" in log.source
    assert all(line.startswith("now| ") for line in texts(log))
    last, kinds, *_ = log.tables
    assert last.title == "last lines of the run before"
    assert "FATAL out of patience" in str(last.rows[-1][0])
    place = kinds.columns.index("new")
    assert [row[place] for row in kinds.rows] == ["", "new", ""]
    assert before.read == 601
    assert before.text.endswith("FATAL out of patience")


async def test_a_run_before_that_is_gone_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @dataclass
    class Forgetful(Loud):
        async def _found(self, request: Request, path: str) -> Response:
            if request.query_params.get("previous") == "true":
                return await self.world_refusal()
            return await super()._found(request, path)

        async def world_refusal(self) -> Response:
            told = b'{"kind":"Status","message":"previous terminated container not found"}'
            return Response(told, 400, media_type="application/json")

    server = Forgetful(logs={("storefront", False): dated(["started"])})
    loops(server.world.objects[POD], "2026-03-12T10:13:55Z", "2026-03-12T10:13:54Z")
    async with asking(server, tmp_path, monkeypatch) as asked:
        log = await asked.log()
        asked_for = await asked.log(previous=True)
    assert log.text == "started"
    assert log.missing == ()
    assert "no log kept" in asked_for.summary


async def test_a_log_that_is_cut_off_while_it_is_read_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Loud(logs={("storefront", False): dated(BUSY)}, breaks=50_000)
    async with asking(server, tmp_path, monkeypatch) as asked:
        log = await asked.log()
    assert 700 < log.read < 1500
    assert log.missing[0].startswith("log of storefront on worker-a: it broke off: shop-eu hung up")


async def test_a_log_that_was_rotated_meanwhile_is_just_shorter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Loud(logs={("storefront", False): dated(BUSY[:500])})
    async with asking(server, tmp_path, monkeypatch) as asked:
        first = await asked.log(lines=5)
        server.logs["storefront", False] = dated(BUSY[480:490], begin=480)
        again = await asked.log(lines=5, page=9, until="2026-03-12T10:08:19Z")
    assert first.matched == 500
    assert (again.matched, again.text) == (10, "")


async def test_a_hostile_log_is_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = dated(
        [b"\x00\x01\xff\xfe", b"x" * 10_000_000, b"\x1b[2Jcleared", b"\r\rturned\r", b"", b"end"]
    )
    async with asking(Loud(logs={("storefront", False): body}), tmp_path, monkeypatch) as asked:
        log = await asked.log()
    assert log.read == 6
    assert log.text.endswith("\nend")
    assert len(log.text) < 5000
    assert any("bytes of overlong lines are left out" in note for note in log.notes)
    assert any("no UTF-8" in note for note in log.notes)


async def test_a_search_counts_the_whole_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with asking(
        Loud(logs={("storefront", False): dated(BUSY)}), tmp_path, monkeypatch
    ) as asked:
        log = await asked.log(grep="took 7 ms", lines=3)
    assert (log.read, log.matched, log.shown) == (2000, 23, 3)
    assert log.summary.startswith("The last 3 of 23 lines that match of shop/storefront")
