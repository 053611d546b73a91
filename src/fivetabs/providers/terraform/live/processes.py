"""Running the binary: a fixed argv, no shell, no stdin, and nothing that outlives its caller."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from fivetabs.core import Invalid, Misconfigured

_MOST = 256 * 1024 * 1024
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Finished:
    """How a command ended and all it wrote."""

    code: int
    out: str
    err: str


@dataclass(slots=True)
class Processes:
    """The commands that run now. Each has a process group of its own, which ends as a whole.

    `grace` is how many seconds a group has between SIGINT, on which terraform stops its providers,
    and SIGKILL.
    """

    grace: float
    ending: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    async def run(
        self,
        argv: Sequence[str],
        *,
        cwd: Path,
        environment: Mapping[str, str],
        gently: bool = True,
    ) -> Finished:
        """Run to the end. A cancelled caller ends it and all it started, at once if not gently.

        Raises:
            Misconfigured: If the binary cannot be started.
            Invalid: If it writes more than 256 MiB.
        """
        starting = asyncio.ensure_future(self._start(argv, cwd, environment))
        try:
            process = await asyncio.shield(starting)
        except asyncio.CancelledError:
            starting.add_done_callback(partial(self._abandon, gently=gently))
            raise
        try:
            out, err = await asyncio.gather(_read(process.stdout), _read(process.stderr))
            code = await process.wait()
        except BaseException:
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.shield(self._end(process, gently=gently))
            raise
        _signal(process.pid, signal.SIGKILL)
        return Finished(code, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"))

    async def close(self) -> None:
        """Wait until everything that was told to end has ended."""
        while self.ending:
            await asyncio.wait(set(self.ending))

    async def _start(
        self, argv: Sequence[str], cwd: Path, environment: Mapping[str, str]
    ) -> asyncio.subprocess.Process:
        try:
            return await asyncio.create_subprocess_exec(
                *argv,
                cwd=cwd,
                env=dict(environment),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            raise Misconfigured(
                f"{argv[0]} cannot be run: {error.strerror or error}",
                hint="install Terraform for this machine, or set FIVETABS_TERRAFORM__BINARY",
            ) from error

    def _abandon(
        self, starting: "asyncio.Future[asyncio.subprocess.Process]", *, gently: bool
    ) -> None:
        if not starting.cancelled() and starting.exception() is None:
            self._end(starting.result(), gently=gently)

    def _end(self, process: asyncio.subprocess.Process, *, gently: bool) -> asyncio.Task[None]:
        _signal(process.pid, signal.SIGINT if gently else signal.SIGKILL)
        task = asyncio.ensure_future(self._bury(process))
        self.ending.add(task)
        task.add_done_callback(self.ending.discard)
        return task

    async def _bury(self, process: asyncio.subprocess.Process) -> None:
        try:
            # Draining, because a process that waits for its reader does not end.
            drained = asyncio.gather(_drain(process.stdout), _drain(process.stderr))
            async with asyncio.timeout(self.grace):
                await asyncio.gather(process.wait(), drained)
        except TimeoutError:
            pass
        finally:
            _signal(process.pid, signal.SIGKILL)
        await process.wait()


async def _read(stream: asyncio.StreamReader | None) -> bytes:
    parts: list[bytes] = []
    size = 0
    while stream is not None and (part := await stream.read(_CHUNK)):
        size += len(part)
        if size > _MOST:
            raise Invalid(f"terraform wrote more than {_MOST >> 20} MiB; it was stopped")
        parts.append(part)
    return b"".join(parts)


async def _drain(stream: asyncio.StreamReader | None) -> None:
    while stream is not None and await stream.read(_CHUNK):
        pass


def _signal(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
