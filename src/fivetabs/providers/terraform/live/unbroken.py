"""Running a command that has to come to its own end, whatever becomes of this process.

It has a session of its own, writes into files instead of pipes, and holds the lock of its private
folder: were this process killed, it would go on and nothing of what it uses would be removed. All
it is ever sent is SIGINT, on which terraform finishes what it is at, writes the state and ends.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from fivetabs.core import Misconfigured
from fivetabs.providers.terraform.live.private import Private

_LOOK = 0.1
_MOST = 16 * 1024 * 1024


async def run_to_its_end(
    argv: Sequence[str],
    *,
    cwd: Path,
    environment: Mapping[str, str],
    private: Private,
    grace: float,
) -> tuple[int, str, str]:
    """Its exit status (negative: the signal that ended it), and what it wrote, 16 MiB at most.

    A cancelled caller asks it to stop and waits `grace` seconds for that; after these it is left to
    itself, with its folder.

    Raises:
        Misconfigured: If the binary cannot be started.
    """
    out, err = private.path / "out", private.path / "err"
    starting = asyncio.to_thread(_started, argv, cwd, environment, private)
    begun = asyncio.ensure_future(starting)
    try:
        process = await asyncio.shield(begun)
        while process.poll() is None:  # noqa: ASYNC110  (a process has no event to wait for)
            await asyncio.sleep(_LOOK)
    except asyncio.CancelledError:
        process = await begun
        private.spared = not await asyncio.shield(_asked_to_stop(process, grace))
        raise
    return process.returncode, _read(out), _read(err)


def _started(
    argv: Sequence[str], cwd: Path, environment: Mapping[str, str], private: Private
) -> "subprocess.Popen[bytes]":
    names = (private.path / "out", private.path / "err")
    try:
        with names[0].open("xb") as out, names[1].open("xb") as err:
            return subprocess.Popen(  # noqa: S603  (one of CHANGES, and no shell)
                [*argv],
                cwd=cwd,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
                pass_fds=(private.lock,),
            )
    except OSError as error:
        raise Misconfigured(
            f"{argv[0]} cannot be run: {error.strerror or error}; nothing was done",
            hint="install Terraform for this machine, or set FIVETABS_TERRAFORM__BINARY",
        ) from error


async def _asked_to_stop(process: "subprocess.Popen[bytes]", grace: float) -> bool:
    """Send SIGINT; whether it ended in time."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGINT)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(grace):
            while process.poll() is None:  # noqa: ASYNC110  (a process has no event to wait for)
                await asyncio.sleep(_LOOK)
    return process.poll() is not None


def _read(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(_MOST).decode("utf-8", "replace")
