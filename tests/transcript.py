"""`make transcript`: the two questions, asked of real backends through a real client over stdio.

Brings up a rig of its own, without the zoo of faults that other tests use, adds a Deployment that
crashes, asks, and writes docs/transcript.md.
"""

import asyncio
import json
import os
import socket
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from mcp import Client, StdioServerParameters
from mcp.types import TextContent

from tests.rig import Rig
from tests.rig.kubernetes import signs
from tests.rig.kubernetes.objects import container, deployment, namespace, spec
from tests.rig.waiting import until
from tests.tokens import estimate

SPACE, APP = "demo", "broken-app"
SCRIPT = """\
echo "broken-app 2.3.1 starting"
echo "reading /etc/broken-app/settings.yaml"
cat /etc/broken-app/settings.yaml
"""
DEADLINE = 120
QUESTIONS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("Give me a health report of my infrastructure", "get_health_report", {}),
    (
        "Pull the logs from broken-app and tell me why it's crashing",
        "get_pod_logs",
        {"pod_name": APP, "namespace": SPACE},
    ),
    (
        "Why is broken-app down, and what changed?",
        "investigate",
        {"about": APP, "namespace": SPACE},
    ),
)
HEAD = """\
# Transcript: the questions, on real backends

`make transcript` wrote this page. It brings up the rig (a real Kubernetes, Docker Engine, moto
server and terraform, seeded with [the incident](demo-incident.md)), creates a Deployment that
crashes, and asks a server of its own through a client over stdio: one call for each question. The
first call pays for opening all four backends. Nothing is changed in the answers but the rig's own
folder and the machine's name. moto lacks CloudTrail, the history of alarms and the account's
public access block, and one of the Terraform states lies behind a server that takes 20 seconds to
answer: the answers say so. Tokens are the server's own estimate, of the text and of the structured
form, either of which is complete.
"""


@dataclass(frozen=True)
class Said:
    """One answer and what it cost."""

    question: str
    call: str
    text: str
    seconds: float
    tokens: tuple[int, int]


def _prepared(rig: Rig) -> None:
    """Create what crashes, and wait until it has."""
    api = rig.kubernetes.api
    body = spec(container("app", SCRIPT))
    for manifest in (*namespace(SPACE), deployment(APP, SPACE, body)):
        api.apply(manifest)

    def crashed() -> bool:
        words = signs.everything(api, SPACE).get(APP, set())
        return "CrashLoopBackOff" in words

    until(crashed, f"the crash of {APP}", DEADLINE)


async def _asked(environment: Mapping[str, str]) -> list[Said]:
    parameters = StdioServerParameters(
        command=sys.executable,
        args=["-m", "fivetabs"],
        env={**os.environ, **environment},
    )
    async with Client(parameters) as client:
        return [await _one(client, *question) for question in QUESTIONS]


async def _one(client: Client, question: str, tool: str, given: dict[str, Any]) -> Said:
    started = monotonic()
    result = await client.call_tool(tool, given)
    seconds = monotonic() - started
    text = "".join(each.text for each in result.content if isinstance(each, TextContent))
    written = json.dumps(result.structured_content or {}, separators=(",", ":"), ensure_ascii=False)
    told = ", ".join(f"{name}={json.dumps(value)}" for name, value in given.items())
    return Said(question, f"{tool}({told})", text, seconds, (estimate(text), estimate(written)))


def _page(told: list[Said], hidden: Mapping[str, str]) -> Iterator[str]:
    yield HEAD
    for each in told:
        yield f"## {each.question}\n"
        text, structured = each.tokens
        yield (
            f"`{each.call}`: 1 call, {each.seconds:.1f} s, {text} tokens as text, {structured} as "
            "structure\n"
        )
        words = each.text
        for name, shown in hidden.items():
            words = words.replace(name, shown)
        yield f"```text\n{words}\n```\n"


def main() -> int:
    """Write the page to the path that was given."""
    target = Path(sys.argv[1])
    rig = Rig(Path(tempfile.mkdtemp(prefix="fivetabs-transcript-")))
    if reasons := rig.missing():
        sys.stderr.write("".join(f"rig: {reason}\n" for reason in reasons))
        return 2
    try:
        rig.up(with_zoo=False)
        _prepared(rig)
        told = asyncio.run(_asked(rig.environment))
        hidden = {str(rig.ledger.folder): "/rig", f" on {socket.gethostname()}": " on this-machine"}
    finally:
        rig.down()
    target.write_text("\n".join(_page(told, hidden)), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
