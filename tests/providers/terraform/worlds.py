"""Working directories made for a test, and a small stand-in for the terraform binary."""

import asyncio
import contextlib
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from fivetabs.core import Detail
from fivetabs.providers.terraform import PROVIDER, demo
from fivetabs.providers.terraform.port import Workspaces
from fivetabs.providers.terraform.settings import Settings

TERRAFORM = shutil.which("terraform")
needs_terraform = pytest.mark.skipif(TERRAFORM is None, reason="terraform is not installed")
FAKE = Path(__file__).with_name("fake_terraform.py")
DEMO = str(Path(demo.__file__).parent)
TOOLS = {tool.name: tool for tool in PROVIDER.tools}


def write(folder: Path, text: str, name: str = "main.tf") -> Path:
    """A working directory with one file of configuration."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(dedent(text))
    return folder


def fake_binary(folder: Path, name: str = "terraform") -> str:
    """An executable that answers from the demo world's files."""
    folder.mkdir(parents=True, exist_ok=True)
    binary = folder / name
    binary.write_text(f"#!{sys.executable}\n{FAKE.read_text().replace('@DEMO@', DEMO)}")
    binary.chmod(binary.stat().st_mode | stat.S_IXUSR)
    return str(binary)


@asynccontextmanager
async def opened(root: Path, **settings: Any) -> AsyncGenerator[Workspaces]:
    """The live view with one allowed root."""
    chosen = Settings.model_validate({"allowed_dirs": (str(root),), "grace": 1} | settings)
    async with PROVIDER.live(chosen, None) as connection:
        yield connection.view


async def call(view: Workspaces, tool: str, **arguments: Any) -> Detail:
    """One call of a tool, from the model's arguments to its answer."""
    chosen = TOOLS[tool]
    answer = await chosen.run(view, **chosen.parse(arguments))
    assert isinstance(answer, Detail)
    return answer


def rows(answer: Detail, title: str) -> tuple[tuple[str | int | float, ...], ...]:
    """The rows of one table; none when it is not there."""
    return next((table.rows for table in answer.tables if table.title.split(" (")[0] == title), ())


def everything_in(folder: Path) -> Mapping[str, tuple[int, int, bytes]]:
    """Every file and folder below: its mode, its time of change, its bytes."""
    found: dict[str, tuple[int, int, bytes]] = {}
    for at, folders, files in os.walk(folder):
        for name in (".", *folders, *files):
            path = Path(at, name)
            status = path.lstat()
            content = path.read_bytes() if path.is_file() else b""
            found[str(path)] = (status.st_mode, status.st_mtime_ns, content)
    return found


def terraform(folder: Path, *argv: str, **variables: str) -> str:
    """Run the real binary as the owner of the directory would."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TF_")}
    done = subprocess.run(
        [str(TERRAFORM), *argv],
        cwd=folder,
        env=environment | {"CHECKPOINT_DISABLE": "1"} | variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def processes_with(word: str) -> list[str]:
    """The command lines of this machine's processes whose environment or argv holds a word."""
    found: list[str] = []
    for each in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            argv = (each / "cmdline").read_bytes()
            if word.encode() in argv + (each / "environ").read_bytes():
                found.append(argv.replace(b"\0", b" ").decode())
    return found


async def until(condition: Callable[[], bool], within: float = 20) -> None:
    """Wait for something to become true."""
    async with asyncio.timeout(within):
        while not condition():  # noqa: ASYNC110  (another process has no event to wait for)
            await asyncio.sleep(0.02)
