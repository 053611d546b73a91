"""Start to tools/list over stdio, beside importing the SDK's server alone."""

import asyncio
import sys
from dataclasses import dataclass
from time import perf_counter

from bench import processes
from bench.client import ERAS, serving, surroundings
from bench.figures import Line, middle, times
from bench.stand import Stand

TITLE = "start -> tools/list"
_REPEATS = 7
_LIMIT = 1.3
_IMPORT = "import mcp.server, sys; print(flush=True); sys.stdin.read()"


@dataclass(frozen=True)
class _Cost:
    wall: float
    cpu: float


async def measure(_: Stand) -> list[Line]:
    """Interleaved repeats; medians."""
    seen: dict[str, list[_Cost]] = {name: [] for name in ("import", *ERAS)}
    for _again in range(_REPEATS):
        seen["import"].append(await _import())
        for era in ERAS:
            seen[era].append(await _start(era))
    lines: list[Line] = []
    for era in ERAS:
        for what in ("wall", "cpu"):
            value, floor = (middle([getattr(c, what) for c in seen[n]]) for n in (era, "import"))
            lines.append(times(f"{era} -> tools/list, {what}", value, "s", _LIMIT, floor=floor))
    return lines


async def _start(era: str) -> _Cost:
    started = perf_counter()
    async with serving({}, era=era) as client:
        await client.tools()
        return _Cost(perf_counter() - started, client.cpu)


async def _import() -> _Cost:
    """Until the import is done: the interpreter's end is not counted on either side."""
    started = perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        _IMPORT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=surroundings({}),
    )
    if process.stdout:
        await process.stdout.readline()
    cost = _Cost(perf_counter() - started, processes.cpu(process.pid))
    if process.stdin:
        process.stdin.close()
    await process.wait()
    return cost
