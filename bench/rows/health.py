"""The health of the cluster: one call. Until there is a report tool, that is get_failing_pods."""

from bench.client import serving
from bench.figures import Figure, Line, Note, at_most
from bench.stand import Stand

TITLE = "health of the cluster"
_TOKENS = 2000


async def measure(stand: Stand) -> list[Line]:
    """Its first call, when nothing is warm, and the longer of its two forms."""
    async with serving(stand.environment) as client:
        answer = await client.call("get_failing_pods")
        if answer.failed:
            return [Note(f"failed: {answer.text}")]
        longest = max(stand.count(*answer.forms))
        return [
            Figure("calls", 1, ""),
            at_most("tokens, the longer form", longest, stand.tokens.unit, _TOKENS),
            Figure("seconds, the very first call of a server", answer.seconds, "s"),
        ]
