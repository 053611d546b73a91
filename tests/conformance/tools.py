"""What a fixture is made of: a tool of the suite, its answers, and our own handler beside it."""

from collections.abc import Awaitable, Callable
from typing import Any

from mcp.server import Server, ServerRequestContext
from mcp.types import (
    CallToolRequestParams,
    CallToolResult,
    ContentBlock,
    InputRequiredResult,
    TextContent,
    Tool,
)

Context = ServerRequestContext[Any]
Answer = CallToolResult | InputRequiredResult
Fixture = Callable[[Context, CallToolRequestParams], Awaitable[Answer]]


def own(server: Server[Any], method: str) -> Callable[[Context, Any], Awaitable[Any]]:
    """What our factory answers a method with, before a fixture stands in front of it."""
    entry = server.get_request_handler(method)
    assert entry is not None
    return entry.handler


def listed(name: str) -> Tool:
    """A tool of the suite as a client sees it; its arguments are whatever the suite sends."""
    return Tool(name=name, description=f"The suite's {name}.", input_schema={"type": "object"})


def told(words: str) -> CallToolResult:
    """A complete answer in one text."""
    return CallToolResult(content=[TextContent(type="text", text=words)])


def always(*content: ContentBlock) -> Fixture:
    """A tool that answers the same to every call."""

    async def answer(_context: Context, _params: CallToolRequestParams) -> Answer:
        return CallToolResult(content=list(content))

    return answer
