"""Leaving a request in the middle leaves nothing open."""

import asyncio
import gc
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from fivetabs.providers.kubernetes import live
from fivetabs.providers.kubernetes.port import PODS, path_to
from fivetabs.providers.kubernetes.settings import Settings
from tests.providers.kubernetes.wire import kubeconfig

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def no_collection() -> Iterator[None]:
    """What only the garbage collector would close counts as left open."""
    gc.disable()
    yield
    gc.enable()


async def test_a_call_that_is_left_in_its_tls_handshake_closes_its_socket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    greeted, left = asyncio.Event(), asyncio.Event()

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)  # The client's hello has begun: it is in its handshake now.
        greeted.set()
        while await reader.read(4096):
            pass
        writer.close()
        left.set()

    async with await asyncio.start_server(hold, "127.0.0.1", 0) as listener:
        port = listener.sockets[0].getsockname()[1]
        config = json.loads(kubeconfig(tmp_path, port).read_text())
        config["clusters"][0]["cluster"]["server"] = f"https://127.0.0.1:{port}"
        (tmp_path / "tls").write_text(json.dumps(config))
        monkeypatch.setenv("KUBECONFIG", str(tmp_path / "tls"))
        async with live.connect(Settings(connect_timeout=0.5, quiet=5), None) as connection:
            call = asyncio.create_task(connection.view.get(path_to(PODS)))
            async with asyncio.timeout(10):
                await greeted.wait()
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            async with asyncio.timeout(10):
                await left.wait()
