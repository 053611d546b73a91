"""What the conformance suite asks a server to have, put on a server that our factory made.

The suite (`@modelcontextprotocol/conformance`) calls tools, prompts and resources by the names in
the `Server Implementation Requirements` of its scenarios. Names that are not fixtures go to our own
handlers, and so does `test_error_handling`: the suite wants an error result, and a tool that nobody
has is one.
"""

from typing import Any

from mcp.server import Server, ServerRequestContext
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
from tests.conformance.tools import Answer, listed

TOOLS = {**fixtures_content.TOOLS, **fixtures_asking.TOOLS, **fixtures_rounds.TOOLS}


def equip(server: Server[Any]) -> None:
    """Add the suite's tools, prompts and resources to a server and keep everything it has."""
    _add_tools(server)
    fixtures_prompts.add(server)
    fixtures_resources.add(server)
    # Our own server sends no request state; a client must not be able to change that of a fixture.
    boundary = RequestStateBoundary(RequestStateSecurity.ephemeral(), default_audience=server.name)
    server.middleware.append(boundary)


def _add_tools(server: Server[Any]) -> None:
    own_list = server.get_request_handler("tools/list")
    own_call = server.get_request_handler("tools/call")
    assert own_list is not None
    assert own_call is not None

    async def list_tools(
        context: ServerRequestContext[Any], params: PaginatedRequestParams
    ) -> ListToolsResult:
        own = await own_list.handler(context, params)
        assert isinstance(own, ListToolsResult)
        return ListToolsResult(tools=[*own.tools, *(listed(name) for name in TOOLS)])

    async def call_tool(
        context: ServerRequestContext[Any], params: CallToolRequestParams
    ) -> Answer:
        if params.name in TOOLS:
            return await TOOLS[params.name](context, params)
        answer = await own_call.handler(context, params)
        assert isinstance(answer, Answer)
        return answer

    server.add_request_handler("tools/list", PaginatedRequestParams, list_tools)
    server.add_request_handler("tools/call", CallToolRequestParams, call_tool)
