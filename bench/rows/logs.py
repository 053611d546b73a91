"""A million lines: what do they cost, is the server deaf meanwhile, is the one odd line named?"""

import asyncio
import os
import subprocess
from collections.abc import AsyncGenerator, Generator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from bench.client import Client, Said, serving
from bench.figures import Figure, Line, Note, at_most, middle
from bench.stand import Stand, say
from bench.world.kubelet import LONG, NEEDLE, chatter
from bench.world.plan import chatterbox
from tests.rig.docker.seed import AGENT

TITLE = "a log of 1,000,000 lines"
_CPU, _MEMORY, _PING, _TOKENS = 20.0, 64.0, 0.02, 2000
_NAME = "bench-chatter"


@dataclass
class Meanwhile:
    """What was seen while a call was under way: pings (s), those of an idle server, memory (MB)."""

    pings: list[float] = field(default_factory=list[float])
    noise: list[float] = field(default_factory=list[float])
    memory: list[float] = field(default_factory=list[float])


async def measure(stand: Stand) -> list[Line]:
    """The pod's log and the container's, each by a server that has read a short log before."""
    lines: list[Line] = []
    slot = chatterbox()
    environment = stand.environment
    pod = {"pod_name": slot.name, "namespace": slot.workload.namespace}
    short = {**pod, "since": "1s"}
    lines += await _measured(stand, environment, "get_pod_logs", pod, short)
    with _chattering(environment):
        named, other = {"container_name": _NAME}, {"container_name": "edge-proxy"}
        lines += await _measured(stand, environment, "get_container_logs", named, other)
    return lines


async def _measured(
    stand: Stand,
    environment: dict[str, str],
    tool: str,
    given: dict[str, Any],
    before: dict[str, Any],
) -> list[Line]:
    seen = Meanwhile()
    async with serving(environment) as client, serving({}) as idle:
        await client.call(tool, **before)
        cpu, memory = client.cpu, client.memory.rss
        async with _watching(client, idle, seen):
            answer = await client.call(tool, **given)
        cpu = client.cpu - cpu
    if answer.failed:
        return [Note(f"{tool}: {' '.join(answer.text.split())[:160]}")]
    return [
        at_most(f"{tool}, CPU", cpu, "s", _CPU),
        Figure(f"{tool}, wall", answer.seconds, "s"),
        at_most(f"{tool}, more memory at most", max(seen.memory) - memory, "MB", _MEMORY),
        at_most("median ping meanwhile", middle(seen.pings), "s", _PING, floor=middle(seen.noise)),
        at_most("slowest ping meanwhile", max(seen.pings), "s", _PING, floor=max(seen.noise)),
        *_said(stand, tool, answer),
    ]


def _said(stand: Stand, tool: str, answer: Said) -> Iterator[Line]:
    form = answer.structured
    exact = form.get("read") == form.get("matched") == LONG
    read = form.get("read")
    yield Note(f"{tool}: totals {'exact' if exact else f'NOT EXACT: {read} read'}")
    named = [NEEDLE in each for each in answer.forms]
    yield Note(f"{tool}: the odd line is {'named in both forms' if all(named) else 'NOT NAMED'}")
    text, structure = stand.count(*answer.forms)
    yield at_most(f"{tool}, text", text, stand.tokens.unit, _TOKENS)
    yield at_most(f"{tool}, structure", structure, stand.tokens.unit, _TOKENS)


@asynccontextmanager
async def _watching(client: Client, idle: Client, seen: Meanwhile) -> AsyncGenerator[None]:
    async def listen(to: Client, pings: list[float]) -> None:
        while True:
            pings.append(await to.ping())
            await asyncio.sleep(0.02)

    async def weigh() -> None:
        while True:
            seen.memory.append(client.memory.rss)
            await asyncio.sleep(0.05)

    watching = asyncio.gather(listen(client, seen.pings), listen(idle, seen.noise), weigh())
    try:
        yield
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


@contextmanager
def _chattering(environment: dict[str, str]) -> Generator[None]:
    """A container that has written the same million lines and ended."""
    say("writing a million lines through a container")
    around = {**os.environ, **environment}
    command = ["docker", "run", "--interactive", f"--name={_NAME}", "--network=none", AGENT, "cat"]
    said = "".join(f"{line}\n" for line in chatter(LONG))
    subprocess.run(command, env=around, check=True, input=said.encode(), stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        remove = ["docker", "rm", "--force", _NAME]
        subprocess.run(remove, env=around, check=True, capture_output=True)
