"""Calls one after another: how many a second, and does the memory stay where it is?"""

from time import perf_counter

from bench.client import Client, serving
from bench.figures import Figure, Line, Note, at_least, times
from bench.floor import TABLE, fetching
from bench.stand import Stand

TITLE = "back-to-back calls"
_WARM, _CALLS, _FEW = 50, 500, 10
_RATE = 40.0
_GROWTH = 1.05


async def measure(stand: Stand) -> list[Line]:
    """A namespace of 100 pods 500 times; then the other houses."""
    others: tuple[tuple[str, dict[str, str], int], ...] = (
        ("list_containers", {}, _CALLS // 10),
        ("list_s3_buckets", {}, _CALLS // 10),
        ("get_cloudwatch_alarms", {}, _CALLS // 10),
        ("check_terraform_state", {"directory": str(stand.root)}, _FEW),
    )
    async with serving(stand.environment) as client:
        where = {"namespace": "shop-0"}
        if told := await _failing(client, "get_pod_status", where):
            return [told]
        await _rate(client, "get_pod_status", where, _WARM)
        before, used = client.memory.rss, client.cpu
        rate = await _rate(client, "get_pod_status", where, _CALLS)
        lines: list[Line] = [
            at_least("get_pod_status of 100 pods, calls a second", rate, "/s", _RATE),
            Figure("plain Tables of it, a second", await _plain(stand), "/s"),
            Figure("CPU of one call", (client.cpu - used) / _CALLS, "s"),
            times("memory after 500 more calls", client.memory.rss, "MB", _GROWTH, floor=before),
        ]
        for tool, given, count in others:
            told = await _failing(client, tool, given)
            rate = await _rate(client, tool, given, count)
            lines.append(told or Figure(f"{tool}, calls a second", rate, "/s"))
        return lines


async def _plain(stand: Stand) -> float:
    asked = ("/api/v1/namespaces/shop-0/pods", TABLE)
    async with fetching(stand.environment) as floor:
        started = perf_counter()
        for _ in range(_CALLS):
            await floor.fetch([asked])
        return _CALLS / (perf_counter() - started)


async def _rate(client: Client, tool: str, given: dict[str, str], count: int) -> float:
    started = perf_counter()
    for _ in range(count):
        await client.call(tool, **given)
    return count / (perf_counter() - started)


async def _failing(client: Client, tool: str, given: dict[str, str]) -> Note | None:
    answer = await client.call(tool, **given)
    return Note(f"{tool} failed: {answer.text[:200]}") if answer.failed else None
