"""Wrong names: what the answer says."""

from dataclasses import dataclass, field
from typing import Any

from bench.client import serving
from bench.figures import Line, Note, at_least
from bench.stand import Stand
from bench.world.plan import workloads

TITLE = "wrong names"
_LONGEST = 300


@dataclass(frozen=True)
class _Slip:
    """A call with a slip, and what a good answer names."""

    what: str
    tool: str
    meant: str
    given: dict[str, Any] = field(default_factory=dict[str, Any])


async def measure(stand: Stand) -> list[Line]:
    """Make every slip once."""
    lines: list[Line] = []
    good = 0
    slips = _slips(str(stand.root))
    async with serving(stand.environment) as client:
        for slip in slips:
            answer = await client.call(slip.tool, **slip.given)
            named = answer.failed and slip.meant in answer.text
            good += named
            words = " ".join(answer.text.split())[:_LONGEST]
            lines.append(Note(f"{slip.what}: {'' if named else '[NOT NAMED] '}{words}"))
    named = at_least(f"answers that name what was meant, of {len(slips)}", good, "", len(slips))
    return [named, *lines]


def _slips(root: str) -> list[_Slip]:
    work = workloads()[0]
    place = {"namespace": work.namespace}
    pod = next(work.pods()).name
    return [
        _Slip("tool", "get_failling_pods", "get_failing_pods"),
        _Slip("argument", "get_failing_pods", "namespace", {"namspace": "shop-0"}),
        _Slip("pod", "describe_pod", pod, {"pod_name": pod[:-1], **place}),
        _Slip("pod's logs", "get_pod_logs", pod, {"pod_name": f"{pod}x", **place}),
        _Slip("pod elsewhere", "describe_pod", work.namespace, {"pod_name": pod}),
        _Slip("namespace", "get_pod_status", work.namespace, {"namespace": "shopp-0"}),
        _Slip("context", "get_pod_status", "shop-eu", {"namespace": "shop-0", "target": "shop-ue"}),
        _Slip("deployment", "restart_deployment", work.name, {"name": work.name[:-1], **place}),
        _Slip("container", "get_container_logs", "edge-proxy", {"container_name": "edge-prxy"}),
        _Slip("directory", "check_terraform_state", "shop", {"directory": f"{root}p"}),
    ]
