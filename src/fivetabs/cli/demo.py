"""`fivetabs demo`: a real MCP client over stdio asks the demo world its questions."""

import argparse
import asyncio
import sys
from time import perf_counter
from typing import Any

from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult, TextContent

from fivetabs.cli.clients import plain_block

Call = tuple[str, dict[str, Any]]
_QUESTIONS: tuple[tuple[str, tuple[Call, ...]], ...] = (
    ("Give me a health report of my infrastructure", (("get_health_report", {}),)),
    (
        "Pull the logs from broken-app and tell me why it's crashing",
        (("get_pod_logs", {"pod_name": "broken-app"}),),
    ),
    ("Why is orders-api down?", (("investigate", {"about": "orders-api"}),)),
)


def run(_: argparse.Namespace) -> int:
    """Print each question, the calls that answer it, the answers and how long they took."""
    return asyncio.run(_tour())


async def _tour() -> int:
    started = perf_counter()
    server = StdioServerParameters(command=sys.executable, args=["-m", "fivetabs", "--demo"])
    failed = 0
    async with Client(server) as client:
        tools = (await client.list_tools()).tools
        print(
            f"fivetabs started over stdio in {perf_counter() - started:.2f} s: {len(tools)} tools"
        )
        for question, calls in _QUESTIONS:
            failed += await _ask(client, question, calls)
    print("\nNone of this is real yet. To attach the server to the clients here: fivetabs setup")
    print("By hand, in Claude Desktop's claude_desktop_config.json (Settings > Developer):\n")
    print(plain_block("claude-desktop"))
    return 1 if failed else 0


async def _ask(client: Client, question: str, calls: tuple[Call, ...]) -> int:
    print(f"\n== {question}\n")
    started = perf_counter()
    answers = await asyncio.gather(*(client.call_tool(name, given) for name, given in calls))
    seconds = perf_counter() - started
    for (name, given), answer in zip(calls, answers, strict=True):
        print(f"-- {name}({', '.join(f'{k}={v!r}' for k, v in given.items())})")
        print(_words(answer), end="\n\n")
    side_by_side = f"{len(calls)} calls side by side" if len(calls) > 1 else "1 call"
    print(f"({side_by_side}: {seconds:.2f} s)")
    return sum(bool(answer.is_error) for answer in answers)


def _words(answer: CallToolResult) -> str:
    return "\n".join(part.text for part in answer.content if isinstance(part, TextContent))
