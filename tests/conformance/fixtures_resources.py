"""The suite's resources, subscriptions to them, and the log level; our own server has none."""

import json
from typing import Any

from mcp.server import Server
from mcp.shared.exceptions import MCPError
from mcp.types import (
    INVALID_PARAMS,
    BlobResourceContents,
    EmptyResult,
    ListResourcesResult,
    ListResourceTemplatesResult,
    PaginatedRequestParams,
    ReadResourceRequestParams,
    ReadResourceResult,
    Resource,
    ResourceTemplate,
    SetLevelRequestParams,
    SubscribeRequestParams,
    TextResourceContents,
    UnsubscribeRequestParams,
)

from tests.conformance.fixtures_content import PNG
from tests.conformance.tools import Context

_TEXT, _BINARY, _WATCHED = "test://static-text", "test://static-binary", "test://watched-resource"
_HEAD, _TAIL = "test://template/", "/data"


def add(server: Server[Any]) -> None:
    """Put the suite's resources on a server."""
    server.add_request_handler("resources/list", PaginatedRequestParams, _list)
    server.add_request_handler("resources/templates/list", PaginatedRequestParams, _templates)
    server.add_request_handler("resources/read", ReadResourceRequestParams, _read)
    server.add_request_handler("resources/subscribe", SubscribeRequestParams, _accept)
    server.add_request_handler("resources/unsubscribe", UnsubscribeRequestParams, _accept)
    server.add_request_handler("logging/setLevel", SetLevelRequestParams, _accept)


async def _list(_context: Context, _params: PaginatedRequestParams) -> ListResourcesResult:
    kinds = ((_TEXT, "text/plain"), (_BINARY, "image/png"), (_WATCHED, "text/plain"))
    return ListResourcesResult(
        resources=[
            Resource(uri=uri, name=uri, description=f"The suite's {uri}.", mime_type=kind)
            for uri, kind in kinds
        ]
    )


async def _templates(
    _context: Context, _params: PaginatedRequestParams
) -> ListResourceTemplatesResult:
    template = ResourceTemplate(
        uri_template=f"{_HEAD}{{id}}{_TAIL}", name="template", mime_type="application/json"
    )
    return ListResourceTemplatesResult(resource_templates=[template])


async def _read(_context: Context, params: ReadResourceRequestParams) -> ReadResourceResult:
    return ReadResourceResult(contents=[_contents(params.uri)])


def _contents(uri: str) -> TextResourceContents | BlobResourceContents:
    if uri == _TEXT:
        words = "This is the content of the static text resource."
    elif uri == _BINARY:
        return BlobResourceContents(uri=uri, mime_type="image/png", blob=PNG)
    elif uri == _WATCHED:
        words = "Watched, and never changed."
    elif uri.startswith(_HEAD) and uri.endswith(_TAIL):
        return _from_template(uri)
    else:
        raise MCPError(INVALID_PARAMS, "Resource not found", {"uri": uri})
    return TextResourceContents(uri=uri, mime_type="text/plain", text=words)


def _from_template(uri: str) -> TextResourceContents:
    name = uri.removeprefix(_HEAD).removesuffix(_TAIL)
    data = {"id": name, "templateTest": True, "data": f"Data for ID: {name}"}
    return TextResourceContents(uri=uri, mime_type="application/json", text=json.dumps(data))


async def _accept(_context: Context, _params: object) -> EmptyResult:
    return EmptyResult()
