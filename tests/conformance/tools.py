"""What a tool of the suite is: a name, a function over a call, and its place in the list."""

from collections.abc import Awaitable, Callable
from typing import Any

from mcp.server import ServerRequestContext
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
