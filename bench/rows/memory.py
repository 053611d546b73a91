"""Memory after start, after one call to every house, and after the largest answer there is."""

from bench.client import Client, Said, serving
from bench.figures import Figure, Line, Note, at_most
from bench.stand import Stand

TITLE = "memory"
_START, _ALL = 95.0, 200.0


async def measure(stand: Stand) -> list[Line]:
    """One server, three moments."""
    async with serving(stand.environment) as client:
        await client.tools()
        lines: list[Line] = [*_now(client, "after start", _START)]
        answers = [
            await client.call("get_pod_status", namespace="shop-0"),
            await client.call("list_ec2_instances"),
            await client.call("list_containers"),
            await client.call("check_terraform_state", directory=str(stand.root)),
        ]
        lines += [*_now(client, "after one call to every house", _ALL), *_failed(answers)]
        answers = [await client.call("get_failing_pods")]
        lines += [*_now(client, "and after get_failing_pods of 5,000 pods", _ALL)]
        return [*lines, *_failed(answers)]


def _now(client: Client, when: str, limit: float) -> list[Figure]:
    memory = client.memory
    return [
        at_most(f"{when}, VmRSS", memory.rss, "MB", limit),
        Figure(f"{when}, Pss", memory.pss, "MB"),
    ]


def _failed(answers: list[Said]) -> list[Line]:
    return [Note(f"failed: {each.text}") for each in answers if each.failed]
