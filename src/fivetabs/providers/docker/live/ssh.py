"""ssh:// hosts, as the docker command line reaches them: `ssh HOST docker system dial-stdio`.

A private unix socket stands for the engine. Each connection to it becomes the standard input and
output of one ssh process, so no byte passes through this one.
"""

import asyncio
import shutil
import socket
import tempfile
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from fivetabs.core import Misconfigured
from fivetabs.providers.docker.auth import Endpoint
from fivetabs.providers.docker.settings import Settings

_MOST_WORDS = 2000
_LAST_WORDS_WITHIN = 1.0
_END_WITHIN = 1.0


@dataclass(slots=True)
class Tunnel:
    """The socket, the processes behind it, and what the latest of them complained about."""

    path: str
    argv: tuple[str, ...]
    running: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])
    said: deque[str] = field(default_factory=lambda: deque[str](maxlen=1))

    async def words(self) -> str:
        """What ssh wrote when it gave up, once it has ended; nothing while it lives."""
        if self.running:
            await asyncio.wait(self.running, timeout=_LAST_WORDS_WITHIN)
        return self.said[-1] if self.said else ""

    async def serve(self, listener: socket.socket) -> None:
        """Give every connection its own ssh, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            connection, _ = await loop.sock_accept(listener)
            # The child shares the open file, and ssh expects a blocking one.
            connection.setblocking(True)
            task = asyncio.ensure_future(self._carry(connection))
            self.running.add(task)
            task.add_done_callback(self.running.discard)

    async def _carry(self, connection: socket.socket) -> None:
        with connection:
            process = await asyncio.create_subprocess_exec(
                *self.argv,
                stdin=connection.fileno(),
                stdout=connection.fileno(),
                stderr=PIPE,
                start_new_session=True,
            )
        try:
            words = await _tail(process)
            if await process.wait():
                self.said.append(words)
        finally:
            await _end(process)

    async def close(self) -> None:
        """End every ssh."""
        for task in tuple(self.running):
            task.cancel()
        await asyncio.gather(*self.running, return_exceptions=True)


@asynccontextmanager
async def tunnel(endpoint: Endpoint, settings: Settings) -> AsyncGenerator[Tunnel, None]:
    """A socket behind which ssh reaches the engine.

    Raises:
        Misconfigured: If there is no ssh program.
    """
    program = shutil.which(settings.ssh)
    if program is None:
        raise Misconfigured(
            f"{endpoint} needs the program {settings.ssh!r}, which is not on this process's PATH",
            hint="install an OpenSSH client, or set docker.ssh to its path",
        )
    with tempfile.TemporaryDirectory(prefix="fivetabs-") as folder:
        path = str(Path(folder) / "docker.sock")
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path)
            listener.listen()
            listener.setblocking(False)
            way = Tunnel(path, command(program, endpoint, settings.connect_timeout))
            serving = asyncio.ensure_future(way.serve(listener))
            try:
                yield way
            finally:
                serving.cancel()
                await asyncio.gather(serving, return_exceptions=True)
                await way.close()


def command(program: str, endpoint: Endpoint, connect_timeout: float) -> tuple[str, ...]:
    """The argument list; the host stands behind `--`, so it is never read as an option."""
    user = ("-l", endpoint.user) if endpoint.user else ()
    port = ("-p", str(endpoint.port)) if endpoint.port else ()
    remote = ("--host", f"unix://{endpoint.path}") if endpoint.path else ()
    options = ("-o", "BatchMode=yes", "-o", f"ConnectTimeout={max(1, round(connect_timeout))}")
    dial = ("docker", *remote, "system", "dial-stdio")
    return (program, *options, "-T", *user, *port, "--", endpoint.host, *dial)


async def _tail(process: Process) -> str:
    """The end of what the process writes to standard error."""
    text = b""
    while process.stderr and (piece := await process.stderr.read(_MOST_WORDS)):
        text = (text + piece)[-_MOST_WORDS:]
    return text.decode("utf-8", "replace").strip()


async def _end(process: Process) -> None:
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        process.terminate()
        with suppress(TimeoutError):
            async with asyncio.timeout(_END_WITHIN):
                await process.wait()
        if process.returncode is None:
            process.kill()
