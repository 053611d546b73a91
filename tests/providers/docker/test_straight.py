"""A log read straight from the engine's socket: every way of cutting it, every way it may break."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from fivetabs.core import Fault
from fivetabs.providers.docker import PROVIDER
from fivetabs.providers.docker.auth import Docker
from fivetabs.providers.docker.demo import edge
from fivetabs.providers.docker.live import opened
from fivetabs.providers.docker.live.straight import Chunks, asked
from fivetabs.providers.docker.tools.logs import get_container_logs
from tests.providers.docker.configuring import QUICK, configured
from tests.providers.docker.serving import Engine, on_port
from tests.providers.docker.test_wire import served

pytestmark = pytest.mark.anyio

DATA = [b"a", b"two\r\n", b"", b"x" * 3000, b"\r\n\r\n", b"0\r\n"]
BODY = b"".join(b"%x;note=1\r\n%s\r\n" % (len(each), each) for each in DATA if each) + b"0\r\n\r\n"


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 4096])
def test_chunks_are_taken_apart_wherever_the_pieces_are_cut(size: int) -> None:
    chunks = Chunks()
    pieces = [BODY[start : start + size] for start in range(0, len(BODY), size)]
    assert b"".join(map(chunks.feed, pieces)) == b"".join(DATA)
    assert chunks.over


@pytest.mark.parametrize("junk", [b"no size\r\n", b"-5\r\n", b"\r\n", b"1" * 70_000])
def test_what_is_no_chunk_is_refused(junk: bytes) -> None:
    with pytest.raises(ConnectionError, match="a chunk without its size"):
        Chunks().feed(junk)


@asynccontextmanager
async def answering(folder: Path, said: bytes) -> AsyncGenerator[str]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(said)
        await writer.drain()
        writer.close()

    path = str(folder / "docker.sock")
    async with await asyncio.start_unix_server(answer, path):
        yield path


async def read(folder: Path, said: bytes) -> bytes:
    async with answering(folder, said) as path:
        answer = await asked(path, b"/v1.47/containers/x/logs")
        try:
            return b"".join([piece async for piece in answer.pieces()])
        finally:
            await answer.aclose()


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("said", "body"),
    [
        (CHUNKED + BODY, b"".join(DATA)),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nwhole", b"whole"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", b""),
        (b"HTTP/1.0 200 OK\r\n\r\nuntil the end", b"until the end"),
    ],
)
async def test_a_body_is_read_to_its_end(tmp_path: Path, said: bytes, body: bytes) -> None:
    assert await read(tmp_path, said) == body


@pytest.mark.parametrize(
    "said", [CHUNKED + BODY[:-5], CHUNKED, b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nwhole"]
)
async def test_a_body_that_is_cut_off_is_never_taken_for_a_whole_one(
    tmp_path: Path, said: bytes
) -> None:
    with pytest.raises(ConnectionError, match="before the answer was whole"):
        await read(tmp_path, said)


@pytest.mark.parametrize("said", [b"", b"SSH-2.0-x\r\n\r\n", b"HTTP/1.1 200 OK\r\nwithout end"])
async def test_what_does_not_speak_http_is_an_error(tmp_path: Path, said: bytes) -> None:
    with pytest.raises(ConnectionError, match="does not speak HTTP"):
        await read(tmp_path, said)


async def test_an_engine_that_is_gone_is_a_fault(tmp_path: Path) -> None:
    engine = Engine(edge())
    async with served(tmp_path, engine) as live:
        await asyncio.to_thread((tmp_path / "docker.sock").unlink)
        with pytest.raises(Fault, match="no Docker socket"):
            await anext(live.view.stream("/containers/edge-proxy/logs"))


async def test_an_engine_that_refuses_us_is_told_in_its_own_words(tmp_path: Path) -> None:
    engine = Engine(edge())
    async with served(tmp_path, engine) as live:
        engine.newest = (1, 10)
        with pytest.raises(Fault, match="too new"):
            await anext(live.view.stream("/containers/edge-proxy/logs"))


async def test_a_log_over_a_port_is_the_same_log(tmp_path: Path) -> None:
    given = get_container_logs.parse({"container_name": "edge-proxy"})
    async with PROVIDER.demo(None) as demo, on_port(Engine(edge())) as port:
        docker = Docker(configured(tmp_path, "edge-1", f"tcp://127.0.0.1:{port}").folder, {})
        async with opened(QUICK, docker, None, edge().now) as live:
            told = await get_container_logs.run(live.view, **given)
        assert told == await get_container_logs.run(demo.view, **given)
