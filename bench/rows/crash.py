"""Why does this pod crash: one call, and how long is its answer?"""

from bench.client import serving
from bench.figures import Figure, Line, Note, at_most, middle
from bench.stand import Stand
from bench.world.plan import Slot, workloads

TITLE = "why does this pod crash"
_TOKENS = 1000
_TOOLS = ("describe_pod", "get_pod_logs")
_LOOPS = ("error", "no-process", "memory", "init")


async def measure(stand: Stand) -> list[Line]:
    """A crash loop of each kind, by each of the two tools."""
    lines: list[Line] = []
    async with serving(stand.environment) as client:
        for tool in _TOOLS:
            texts: list[int] = []
            forms: list[int] = []
            seconds: list[float] = []
            for slot in map(_one, _LOOPS):
                place = {"pod_name": slot.name, "namespace": slot.workload.namespace}
                answer = await client.call(tool, **place)
                if answer.failed:
                    lines.append(
                        Note(f"{tool} of {slot.trouble}: {' '.join(answer.text.split())[:160]}")
                    )
                    continue
                text, form = stand.count(*answer.forms)
                texts.append(text)
                forms.append(form)
                seconds.append(answer.seconds)
            if texts:
                unit = stand.tokens.unit
                lines.append(at_most(f"{tool}, longest text", max(texts), unit, _TOKENS))
                lines.append(at_most(f"{tool}, longest structure", max(forms), unit, _TOKENS))
                lines.append(Figure(f"{tool}, seconds", middle(seconds), "s"))
    return lines


def _one(trouble: str) -> Slot:
    """The first pod that fails in this way."""
    return next(s for w in workloads() if w.trouble == trouble for s in w.pods() if s.trouble)
