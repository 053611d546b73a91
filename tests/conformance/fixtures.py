"""What the conformance suite asks a server to have, put on a server that our factory made.

The suite (`@modelcontextprotocol/conformance`) calls tools, prompts and resources by the names in
the `Server Implementation Requirements` of its scenarios. Names that are not fixtures go to our own
handlers, and so does `test_error_handling`: the suite wants an error result, and a tool that nobody
has is one.
"""

from types import MappingProxyType
from typing import Any

from mcp.server import Server
from mcp.server.request_state import RequestStateBoundary, RequestStateSecurity
from mcp.types import (
    CallToolRequestParams,
    ListToolsResult,
    PaginatedRequestParams,
)

from tests.conformance import (
    fixtures_asking,
    fixtures_content,
    fixtures_prompts,
    fixtures_resources,
    fixtures_rounds,
)
from tests.conformance.tools import Answer, Context, Fixture, listed, own

TOOLS: MappingProxyType[str, Fixture] = MappingProxyType(
    {**fixtures_content.TOOLS, **fixtures_asking.TOOLS, **fixtures_rounds.TOOLS}
)


def equip(server: Server[Any]) -> None:
    """Add the suite's tools, prompts and resources to a server and keep everything it has."""
    _add_tools(server)
    fixtures_prompts.add(server)
    fixtures_resources.add(server)
    # Our own server sends no request state; a client must not be able to change that of a fixture.
    boundary = RequestStateBoundary(RequestStateSecurity.ephemeral(), default_audience=server.name)
    server.middleware.append(boundary)


def _add_tools(server: Server[Any]) -> None:
    own_list, own_call = own(server, "tools/list"), own(server, "tools/call")

    async def list_tools(context: Context, params: PaginatedRequestParams) -> ListToolsResult:
        ours: ListToolsResult = await own_list(context, params)
        return ListToolsResult(tools=[*ours.tools, *(listed(name) for name in TOOLS)])

    async def call_tool(context: Context, params: CallToolRequestParams) -> Answer:
        return await TOOLS.get(params.name, own_call)(context, params)

    server.add_request_handler("tools/list", PaginatedRequestParams, list_tools)
    server.add_request_handler("tools/call", CallToolRequestParams, call_tool)
