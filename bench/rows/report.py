"""The health report over all four large worlds: how short, how few calls, at what cost?"""

import json
from collections import Counter
from collections.abc import Iterable
from contextlib import AsyncExitStack
from pathlib import Path

from bench.client import Client, Said, serving
from bench.counting import Relay, relaying, to_address
from bench.figures import Figure, Line, Note, at_most, middle, times
from bench.floor import Spent
from bench.rereading import STATE, Request, Rereader, requests_in, rereading
from bench.stand import Stand
from tests.rig.loopback import serve

TITLE = "health report of 5,000 pods, 400 instances and 300 containers"
_TOOL = "get_health_report"
_REPEATS = 5
_TOKENS = 2000
_LIMIT = 4.0
_BOUND = 9.0
_HANGING = ("kubernetes", "aws", "docker")
_TITLES = {"kubernetes": "Kubernetes", "aws": "AWS", "docker": "Docker"}


async def measure(stand: Stand) -> list[Line]:
    """What it asks for, by relays; tool and floor by turns; then with each house hanging."""
    environment = stand.crowded
    asked, calls = await _recorded(stand, environment)
    async with serving(environment) as client, rereading(environment) as floor:
        whole = await client.call(_TOOL)
        if whole.failed:
            return [Note(f"failed: {whole.text}")]
        lines = [*_tokens(stand, whole), *calls, *await _costs(client, floor, asked)]
    for house in _HANGING:
        lines += await _hanging(stand, environment, house, whole)
    return lines


def _tokens(stand: Stand, answer: Said) -> list[Line]:
    unit, (text, structured) = stand.tokens.unit, stand.count(*answer.forms)
    return [
        at_most("tokens of the text", text, unit, _TOKENS),
        at_most("tokens of the structured form", structured, unit, _TOKENS),
        Figure("seconds, the very first call of a server", answer.seconds, "s"),
        Note(answer.structured["summary"]),
        *(Note(f"not read: {each}") for each in answer.structured.get("missing", ())),
    ]


async def _recorded(stand: Stand, environment: dict[str, str]) -> tuple[list[Request], list[Line]]:
    """Every request of one report, and how many of each kind there are."""
    cluster = stand.cluster
    backends = {
        "kubernetes": (cluster.server, to_address(cluster.server, cluster.authority.certificate)),
        "aws": (account := environment["AWS_ENDPOINT_URL"], to_address(account)),
        "docker": (engine := environment["DOCKER_HOST"], to_address(engine)),
    }
    async with AsyncExitStack() as stack:
        relays = {
            house: await stack.enter_async_context(relaying(dial))
            for house, (_, dial) in backends.items()
        }
        async with serving(_through(environment, relays)) as client:
            await client.call(_TOOL)
    asked = [
        request
        for house, (origin, _) in backends.items()
        for request in requests_in(relays[house].sent, origin.replace("tcp:", "http:"))
    ]
    lines: list[Line] = [_told(house, relay.paths) for house, relay in relays.items()]
    return [*asked, Request(STATE, str(stand.root), {})], lines


def _told(house: str, paths: Iterable[str]) -> Note:
    """How many calls there were; those that came more than once."""
    counts = Counter(path.partition("?")[0] for path in paths)
    often = [f"{path} x{n}" for path, n in counts.most_common(4) if n > 1 and path != "/"]
    return Note(", ".join((f"{house}: {sum(counts.values())} calls", *often)))


def _through(environment: dict[str, str], relays: dict[str, Relay]) -> dict[str, str]:
    """The environment that leads through the relays."""
    ports = {house: f"127.0.0.1:{relay.port}" for house, relay in relays.items()}
    return environment | {
        "KUBECONFIG": str(_elsewhere(environment, f"http://{ports['kubernetes']}")),
        "AWS_ENDPOINT_URL": f"http://{ports['aws']}",
        "DOCKER_HOST": f"tcp://{ports['docker']}",
    }


def _elsewhere(environment: dict[str, str], server: str) -> Path:
    usual = Path(environment["KUBECONFIG"])
    known = json.loads(usual.read_text())
    known["clusters"][0]["cluster"] = {"server": server}
    found = usual.with_name(f"report-{server.rpartition(':')[2]}.kubeconfig")
    found.write_text(json.dumps(known))
    return found


async def _costs(client: Client, floor: Rereader, asked: list[Request]) -> list[Line]:
    tool: list[Spent] = []
    plain: list[Spent] = []
    await floor.fetch(asked)
    for _ in range(_REPEATS):
        plain.append(await floor.fetch(asked))
        before = client.cpu
        answer = await client.call(_TOOL)
        tool.append(Spent(answer.seconds, client.cpu - before))
    cpu, least = (middle([each.cpu for each in those]) for those in (tool, plain))
    wall, soonest = (middle([each.wall for each in those]) for those in (tool, plain))
    return [
        times("CPU of one call", cpu, "s", _LIMIT, floor=least),
        Figure("wall time of one call", wall, "s", soonest),
        Figure("memory after them", client.memory.rss, "MB"),
    ]


async def _hanging(
    stand: Stand, environment: dict[str, str], house: str, whole: Said
) -> list[Line]:
    """With a listener that never answers in place of one house."""
    port = serve(stand.ledger, "hanging")
    leading = {
        "kubernetes": {"KUBECONFIG": str(_elsewhere(environment, f"http://127.0.0.1:{port}"))},
        "aws": {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"},
        "docker": {"DOCKER_HOST": f"tcp://127.0.0.1:{port}"},
    }
    async with serving(environment | leading[house]) as client:
        answer = await client.call(_TOOL)
    title = _TITLES[house]
    told = [each for each in answer.structured["missing"] if each.startswith(title)]
    well = {each.partition(":")[0]: each for each in answer.structured["healthy"]}
    lost = [
        each
        for each in whole.structured["healthy"]
        if not each.startswith(title) and each.partition(":")[0] not in well
    ]
    return [
        at_most(f"{house} hangs: seconds", answer.seconds, "s", _BOUND),
        Note(f"  {' '.join(told) or 'ITS LINE IS MISSING'}"),
        Note(f"  not told of the others: {', '.join(lost) or 'nothing'}"),
    ]
