"""Which pods are failing, everywhere: complete, precise, short and cheap?"""

import re

from bench.client import Client, Said, serving
from bench.figures import Figure, Line, Note, at_least, at_most, middle, times
from bench.floor import TRIAGE, Floor, Spent, fetching
from bench.stand import Stand
from bench.world.plan import workloads
from tests.braces import written_out

TITLE = "which pods are failing, of 5,000"
_REPEATS = 5
_LIMIT = 2.0
_TOKENS = 2000


_NAME = re.compile(r"[a-z0-9][a-z0-9.-]*[a-z0-9]")


async def measure(stand: Stand) -> list[Line]:
    """Tool and floor by turns; medians."""
    environment = stand.environment
    async with serving(environment) as client, fetching(environment) as floor:
        answer = await client.call("get_failing_pods")
        lines = [*found(answer), *_tokens(stand, answer)]
        return [*lines, *await _costs(client, floor)]


def found(answer: Said) -> list[Line]:
    """Recall and precision of the pods named, by each form alone."""
    if answer.failed:
        return [Note(f"failed: {answer.text}")]
    slots = [slot for work in workloads() for slot in work.pods()]
    known = {slot.name for slot in slots}
    sick = {slot.name for slot in slots if slot.trouble}
    lines: list[Line] = []
    for form, words in zip(("text", "structured"), answer.forms, strict=True):
        named = set(_NAME.findall(written_out(words))) & known
        right = len(named & sick)
        precise = right / len(named) if named else 0.0
        lines.append(at_least(f"failing pods named in the {form}, of {len(sick)}", right, "", 60))
        lines.append(at_least(f"precision of the {form}", precise, "", 1.0))
    return lines


def _tokens(stand: Stand, answer: Said) -> list[Line]:
    unit = stand.tokens.unit
    counts = stand.count(*answer.forms)
    text, structured = counts
    return [
        at_most("tokens of the text", text, unit, _TOKENS),
        at_most("tokens of the structured form", structured, unit, _TOKENS),
    ]


async def _costs(client: Client, floor: Floor) -> list[Line]:
    tool: list[Spent] = []
    plain: list[Spent] = []
    for _ in range(_REPEATS):
        plain.append(await floor.fetch(TRIAGE))
        before = client.cpu
        answer = await client.call("get_failing_pods")
        tool.append(Spent(answer.seconds, client.cpu - before))
    cpu, least = (middle([each.cpu for each in those]) for those in (tool, plain))
    wall, soonest = (middle([each.wall for each in those]) for those in (tool, plain))
    return [
        times("CPU of one call", cpu, "s", _LIMIT, floor=least),
        Figure("wall time of one call", wall, "s", soonest),
    ]
