"""Processes: whole groups end, deaf ones too, and whatever they started."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from fivetabs.core import NotConfigured
from fivetabs.providers.terraform.live.processes import Processes
from tests.providers.terraform.worlds import processes_with, until

pytestmark = pytest.mark.anyio

DEAF = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
subprocess.Popen(["sleep", "1000"])
open(sys.argv[1], "w").close()
time.sleep(1000)
"""
HEARING = """
import os, signal, sys, time
def stop(*_):
    open(sys.argv[1] + ".stopped", "w").close()
    os._exit(1)
signal.signal(signal.SIGINT, stop)
open(sys.argv[1], "w").close()
time.sleep(1000)
"""


async def started(processes: Processes, text: str, sign: Path) -> "asyncio.Task[object]":
    argv = (sys.executable, "-c", text, str(sign))
    environment = dict(os.environ) | {"SIGN": str(sign)}
    run = processes.run(argv, cwd=sign.parent, environment=environment)
    task: asyncio.Task[object] = asyncio.ensure_future(run)
    await until(sign.exists)
    return task


async def test_a_cancelled_process_is_asked_to_stop_first(tmp_path: Path) -> None:
    processes = Processes(grace=30)
    task = await started(processes, HEARING, tmp_path / "sign")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await processes.close()
    assert (tmp_path / "sign.stopped").exists()


async def test_a_deaf_process_and_its_children_are_killed(tmp_path: Path) -> None:
    processes = Processes(grace=0.1)
    sign = tmp_path / "sign"
    task = await started(processes, DEAF, sign)
    assert len(processes_with(str(sign))) == 2
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await processes.close()
    await until(lambda: not processes_with(str(sign)))


async def test_what_a_finished_process_left_behind_is_killed(tmp_path: Path) -> None:
    sign = tmp_path / "sign"
    text = "import subprocess; subprocess.Popen(['sleep', '1000'], stdout=-3, stderr=-3); print(7)"
    environment = dict(os.environ) | {"SIGN": str(sign)}
    done = await Processes(1).run(
        (sys.executable, "-c", text), cwd=tmp_path, environment=environment
    )
    assert (done.code, done.out) == (0, "7\n")
    await until(lambda: not processes_with(str(sign)))


async def test_the_end_of_our_own_process_is_the_end_of_its_children(tmp_path: Path) -> None:
    sign = tmp_path / "sign"
    text = f"""
import asyncio, os, pathlib, signal, sys
from fivetabs.providers.terraform.live.processes import Processes
async def main():
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asyncio.current_task().cancel)
    argv = (sys.executable, "-c", {DEAF!r}, {str(sign)!r})
    environment = dict(os.environ, SIGN={str(sign)!r})
    await Processes(0.1).run(argv, cwd=pathlib.Path("/"), environment=environment)
asyncio.run(main())
"""
    environment = dict(os.environ) | {"PYTHONPATH": os.pathsep.join(sys.path)}
    ours = await asyncio.create_subprocess_exec(
        sys.executable, "-c", text, env=environment, stderr=asyncio.subprocess.DEVNULL
    )
    await until(sign.exists)
    assert processes_with(str(sign))
    ours.send_signal(signal.SIGTERM)
    await ours.wait()
    await until(lambda: not processes_with(str(sign)))


async def test_stdin_is_closed_and_output_is_whole(tmp_path: Path) -> None:
    text = "import sys; sys.stdout.write('x' * 3_000_000 + repr(sys.stdin.read()))"
    done = await Processes(1).run(
        (sys.executable, "-c", text), cwd=tmp_path, environment=dict(os.environ)
    )
    assert len(done.out) == 3_000_002
    assert done.out.endswith("x''")


async def test_what_cannot_be_started_is_not_configured(tmp_path: Path) -> None:
    binary = tmp_path / "terraform"
    binary.write_bytes(b"\x7fELF of another machine")
    binary.chmod(0o755)
    with pytest.raises(NotConfigured, match="cannot be run: Exec format error"):
        await Processes(1).run((str(binary),), cwd=tmp_path, environment={})
