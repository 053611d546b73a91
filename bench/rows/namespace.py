"""The pods of one namespace of 100."""

from bench.client import Said, serving
from bench.figures import Line, Note, at_most, middle
from bench.floor import TABLE, fetching
from bench.stand import Stand
from bench.world.plan import workloads

TITLE = "pods of a namespace of 100"
_REPEATS = 15
_TOKENS = 1500
_SECONDS = 0.05


async def measure(stand: Stand) -> list[Line]:
    """A namespace with some sick pods: by turns with its plain Table."""
    place = next(work.namespace for work in workloads() if work.sick > 4)
    asked = (f"/api/v1/namespaces/{place}/pods", TABLE)
    answers: list[Said] = []
    plain: list[float] = []
    environment = stand.environment
    async with serving(environment) as client, fetching(environment) as floor:
        first = await client.call("get_pod_status", namespace=place)
        if first.failed:
            return [Note(f"failed: {first.text}")]
        for _ in range(_REPEATS):
            plain.append((await floor.fetch([asked])).wall)
            answers.append(await client.call("get_pod_status", namespace=place))
    text, form = stand.count(*first.forms)
    seconds, least = middle([each.seconds for each in answers]), middle(plain)
    return [
        at_most("tokens of the text", text, stand.tokens.unit, _TOKENS),
        at_most("tokens of the structured form", form, stand.tokens.unit, _TOKENS),
        at_most("seconds", seconds, "s", _SECONDS, floor=least),
    ]
