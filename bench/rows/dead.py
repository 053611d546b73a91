"""Every house with a closed port, and with a listener that never answers."""

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import terraform
from bench.client import Client, Said, serving
from bench.figures import Figure, Line, Note, at_most
from bench.stand import Stand
from tests.rig import processes
from tests.rig.kubernetes import auth
from tests.rig.loopback import HERE, serve
from tests.rig.ports import listens
from tests.rig.waiting import until

TITLE = "a closed port, and a listener that never answers"
_LIMITS = {"closed": 0.5, "hanging": 5.0}
HOUSES = ("kubernetes", "aws", "docker", "terraform")
_FIRST_WORDS = 100


@dataclass(frozen=True)
class _Ask:
    """One house's call, and another house's to go on meanwhile."""

    tool: str
    given: dict[str, str]
    beside: str


async def measure(stand: Stand) -> list[Line]:
    """A fresh server for each house and each way of being dead."""
    lines: list[Line] = []
    for state, limit in _LIMITS.items():
        port, place = _dead(stand, state)
        changed = _leading_to(stand.cluster, state, port)
        for house in HOUSES:
            environment = {**stand.environment, **changed.get(house, {})}
            async with serving(environment) as client:
                lines += await _one(client, _ask(house, place), f"{state}, {house}", limit)
    return lines


async def _one(client: Client, ask: _Ask, title: str, limit: float) -> list[Line]:
    await client.call(ask.beside)
    alone = (await client.call(ask.beside)).seconds
    async with _meanwhile(client, ask) as (dead, beside):
        pass
    again = await client.call(ask.tool, **ask.given)
    words = " ".join(again.text.split())[:_FIRST_WORDS]
    return [
        at_most(f"{title}: first call", dead[0].seconds, "s", limit),
        at_most(f"{title}: again", again.seconds, "s", limit),
        Figure(f"  {ask.beside} meanwhile", beside[0].seconds, "s", alone),
        Note(f"  {'' if again.failed else 'NOT AN ERROR: '}{words}"),
    ]


@asynccontextmanager
async def _meanwhile(client: Client, ask: _Ask) -> AsyncGenerator[tuple[list[Said], list[Said]]]:
    dead: list[Said] = []
    beside: list[Said] = []

    async def first() -> None:
        dead.append(await client.call(ask.tool, **ask.given))

    async def second() -> None:
        await asyncio.sleep(0)
        beside.append(await client.call(ask.beside))

    async with asyncio.TaskGroup() as group:
        group.create_task(first())
        group.create_task(second())
    yield dead, beside


def _ask(house: str, place: Path) -> _Ask:
    asks = {
        "kubernetes": _Ask("get_pod_status", {"namespace": "shop-0"}, "list_containers"),
        "aws": _Ask("list_s3_buckets", {}, "list_containers"),
        "docker": _Ask("list_containers", {}, "list_s3_buckets"),
        "terraform": _Ask("check_terraform_state", {"directory": str(place)}, "list_containers"),
    }
    return asks[house]


def _dead(stand: Stand, state: str) -> tuple[int, Path]:
    """A port that is dead in this way, and a Terraform directory whose state was kept behind it."""
    folder = stand.ledger.part(f"states-{state}")
    (folder / "delay").write_text("0")
    port = serve(stand.ledger, "slow_state", folder)
    place = terraform.remote(stand.root.parent, port)
    processes.end(stand.ledger.processes[-1])
    if state == "hanging":
        processes.start(stand.ledger, "hanging", [sys.executable, HERE / "hanging.py", str(port)])
        until(lambda: listens(port), "the listener", 15)
    return port, place


def _leading_to(access: auth.Access, state: str, port: int) -> dict[str, dict[str, str]]:
    return {
        "kubernetes": {"KUBECONFIG": str(access.elsewhere(state, port))},
        "aws": {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"},
        "docker": {"DOCKER_HOST": f"tcp://127.0.0.1:{port}"},
    }
