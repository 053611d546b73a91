"""Two calls for each house at once: how long, is the server deaf meanwhile, what is shared?"""

import asyncio
import json
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.client import Client, Said, serving
from bench.counting import Relay, relaying, to_address, to_socket
from bench.figures import Figure, Line, Note, at_most, middle, times
from bench.stand import Stand

TITLE = "two calls for each house at once"
_REPEATS = 5
_PING = 0.02
_SAME = 5
_LATE = 0.1
Asked = tuple[str, dict[str, Any]]


async def measure(stand: Stand) -> list[Line]:
    """Each house's two calls alone, then all eight; then five identical ones, counted."""
    houses = _calls(str(stand.root))
    async with serving(stand.environment) as client, serving({}) as idle:
        pairs = list(houses.values())
        every = [asked for pair in pairs for asked in pair]
        failed = [said.text[:200] for said in await _at_once(client, every) if said.failed]
        alone: dict[str, list[float]] = {house: [] for house in houses}
        together: list[float] = []
        pings: list[float] = []
        noise: list[float] = []
        for _ in range(_REPEATS):
            for house, pair in houses.items():
                alone[house].append(await _timed(client, pair))
            listening = asyncio.gather(_listen(client, pings), _listen(idle, noise))
            together.append(await _timed(client, every))
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
    slowest = max(alone, key=lambda house: middle(alone[house]))
    least = middle(alone[slowest])
    lines: list[Line] = [Note(f"failed: {words}") for words in failed]
    lines += [Figure(f"{house} alone, its two calls", middle(s), "s") for house, s in alone.items()]
    lines += [
        times(f"all eight, beside {slowest} alone", middle(together), "s", 1.0, floor=least),
        Note("floor of the pings: an idle server of the same kind, asked at the same time"),
        at_most("median ping meanwhile", middle(pings), "s", _PING, floor=middle(noise)),
        at_most("slowest ping meanwhile", max(pings), "s", _PING, floor=max(noise)),
    ]
    return [*lines, *await _shared(stand)]


def _calls(root: str) -> dict[str, list[Asked]]:
    return {
        "kubernetes": [("get_failing_pods", {}), ("get_pod_status", {"namespace": "shop-0"})],
        "aws": [("list_ec2_instances", {}), ("get_cloudwatch_alarms", {})],
        "docker": [
            ("list_containers", {}),
            ("get_container_logs", {"container_name": "edge-proxy"}),
        ],
        "terraform": [
            ("check_terraform_state", {"directory": root}),
            ("run_terraform_plan", {"directory": root}),
        ],
    }


async def _at_once(client: Client, asked: Sequence[Asked]) -> list[Said]:
    return await asyncio.gather(*(client.call(tool, **given) for tool, given in asked))


async def _timed(client: Client, asked: Sequence[Asked]) -> float:
    started = perf_counter()
    await _at_once(client, asked)
    return perf_counter() - started


async def _listen(client: Client, pings: list[float]) -> None:
    while True:
        pings.append(await client.ping())
        await asyncio.sleep(0.005)


async def _shared(stand: Stand) -> list[Line]:
    """One call's requests, and those of five identical calls at once, by a backend not too fast."""
    environment = stand.environment
    cluster = stand.cluster
    dials = {
        "get_failing_pods": to_address(cluster.server, cluster.authority.certificate),
        "list_s3_buckets": to_address(stand.account),
        "list_containers": to_socket(stand.engine),
    }
    lines: list[Line] = []
    async with AsyncExitStack() as stack:
        relays = {
            tool: await stack.enter_async_context(relaying(dial, delay=_LATE))
            for tool, dial in dials.items()
        }
        environment |= _through(environment, *relays.values())
        client = await stack.enter_async_context(serving(environment))
        for tool, relay in relays.items():
            first = await client.call(tool)
            lines += [Note(f"{tool} failed: {first.text[:200]}")] if first.failed else []
            one = await _requests(client, relay, tool, 1)
            same = await _requests(client, relay, tool, _SAME)
            lines.append(times(f"requests of {_SAME} x {tool} at once", same, "", 1.0, floor=one))
    return lines


async def _requests(client: Client, relay: Relay, tool: str, count: int) -> int:
    before = len(relay.paths)
    asked: Asked = (tool, {})
    await _at_once(client, [asked] * count)
    return relay.since(before)


def _through(environment: dict[str, str], *relays: Relay) -> dict[str, str]:
    """The environment that leads to the relays."""
    kubernetes, aws, docker = (f"127.0.0.1:{relay.port}" for relay in relays)
    usual = Path(environment["KUBECONFIG"])
    known = json.loads(usual.read_text())
    known["clusters"][0]["cluster"] = {"server": f"http://{kubernetes}"}
    counted = usual.with_name("counted.kubeconfig")
    counted.write_text(json.dumps(known))
    return {
        "KUBECONFIG": str(counted),
        "AWS_ENDPOINT_URL": f"http://{aws}",
        "DOCKER_HOST": f"tcp://{docker}",
    }
