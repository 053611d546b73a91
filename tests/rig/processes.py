"""Programs in the background: started detached, written into the ledger, ended by their number."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from tests.rig.ledger import Ledger, Process
from tests.rig.waiting import GaveUpError, until

APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND


class DiedError(Exception):
    """A program of the rig ended although it should run; the message has its last words."""


def run(*command: str | Path, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> str:
    """Run a program to its end and return what it printed; a failure carries its last words."""
    done = subprocess.run(
        [str(word) for word in command],
        env={**os.environ, **(env or {})},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode != 0:
        words = (done.stderr or done.stdout)[-2000:]
        raise DiedError(f"{command[0]} ended with {done.returncode}: {words}")
    return done.stdout


def start(ledger: Ledger, name: str, command: Sequence[str | Path], **variables: str) -> Process:
    """Start a program in a session of its own; its output goes to `logs/<name>.log`.

    A spawn and not a Popen: nobody waits for it, and it outlives this process.
    """
    log = ledger.part("logs") / f"{name}.log"
    program, *rest = [str(word) for word in command]
    pid = os.posix_spawnp(
        program,
        [program, *rest],
        {**os.environ, **variables},
        setsid=True,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(log), APPEND, 0o644),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
    )
    process = Process(name, pid, start_time(pid))
    with ledger.lock:
        ledger.processes.append(process)
        ledger.save()
    return process


def start_time(pid: int) -> str:
    """When the kernel started this process, in its ticks; empty if there is none, or a zombie."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return "" if fields[0] in "ZX" else fields[19]


def alive(process: Process) -> bool:
    """Whether it is this very process that still runs under its number."""
    with suppress(ChildProcessError):
        os.waitpid(process.pid, os.WNOHANG)
    return bool(process.started) and start_time(process.pid) == process.started


def check(ledger: Ledger, process: Process) -> None:
    """Raise DiedError with the end of its log if the process is gone."""
    if not alive(process):
        log = ledger.part("logs") / f"{process.name}.log"
        raise DiedError(f"{process.name} ended early: {log.read_text()[-2000:]}")


def end(process: Process, patience: float = 5) -> None:
    """Ask a process to end, and make it end after so many seconds."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if not alive(process):
            return
        with suppress(ProcessLookupError):
            os.kill(process.pid, number)
        with suppress(GaveUpError):
            until(lambda: not alive(process), f"the end of {process.name}", patience)
