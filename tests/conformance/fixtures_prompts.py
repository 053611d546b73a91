"""The suite's prompts, and completion of their arguments; our own server has neither."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from mcp.server import Server
from mcp.shared.exceptions import MCPError
from mcp.types import (
    INVALID_PARAMS,
    CompleteRequestParams,
    CompleteResult,
    Completion,
    ContentBlock,
    GetPromptRequestParams,
    GetPromptResult,
    InputRequiredResult,
    ListPromptsResult,
    PaginatedRequestParams,
    Prompt,
    PromptArgument,
    PromptMessage,
)

from tests.conformance.fixtures_content import IMAGE, embedded, text
from tests.conformance.fixtures_rounds import form
from tests.conformance.tools import Context

Arguments = Mapping[str, str]
_ARGUMENTS: MappingProxyType[str, tuple[str, ...]] = MappingProxyType(
    {
        "test_simple_prompt": (),
        "test_prompt_with_arguments": ("arg1", "arg2"),
        "test_prompt_with_embedded_resource": ("resourceUri",),
        "test_prompt_with_image": (),
        "test_input_required_result_prompt": (),
    }
)
_ASKING = "test_input_required_result_prompt"


def _with_arguments(given: Arguments) -> tuple[ContentBlock, ...]:
    said = ", ".join(f"{name}='{value}'" for name, value in given.items())
    return (text(f"Prompt with arguments: {said}"),)


def _with_resource(given: Arguments) -> tuple[ContentBlock, ...]:
    words = "Embedded resource content for testing."
    resource = embedded(given["resourceUri"], "text/plain", words)
    return resource, text("Please process the embedded resource above.")


_CONTENT: MappingProxyType[str, Callable[[Arguments], tuple[ContentBlock, ...]]] = MappingProxyType(
    {
        "test_simple_prompt": lambda _: (text("This is a simple prompt for testing."),),
        "test_prompt_with_arguments": _with_arguments,
        "test_prompt_with_embedded_resource": _with_resource,
        "test_prompt_with_image": lambda _: (IMAGE, text("Please analyze the image above.")),
        _ASKING: lambda _: (text("The context has been given."),),
    }
)


def add(server: Server[Any]) -> None:
    """Put the suite's prompts on a server."""
    server.add_request_handler("prompts/list", PaginatedRequestParams, _list)
    server.add_request_handler("prompts/get", GetPromptRequestParams, _get)
    server.add_request_handler("completion/complete", CompleteRequestParams, _complete)


async def _list(_context: Context, _params: PaginatedRequestParams) -> ListPromptsResult:
    return ListPromptsResult(prompts=[_prompt(name) for name in _ARGUMENTS])


def _prompt(name: str) -> Prompt:
    arguments = [PromptArgument(name=argument, required=True) for argument in _ARGUMENTS[name]]
    return Prompt(name=name, description=f"The suite's {name}.", arguments=arguments)


async def _get(
    _context: Context, params: GetPromptRequestParams
) -> GetPromptResult | InputRequiredResult:
    if params.name not in _CONTENT:
        raise MCPError(INVALID_PARAMS, "No such prompt", {"name": params.name})
    if params.name == _ASKING and "user_context" not in (params.input_responses or {}):
        question = form("What context should the prompt use?", "context")
        return InputRequiredResult(input_requests={"user_context": question})
    content = _CONTENT[params.name](params.arguments or {})
    return GetPromptResult(messages=[PromptMessage(role="user", content=c) for c in content])


async def _complete(_context: Context, params: CompleteRequestParams) -> CompleteResult:
    values = [v for v in ("testing", "tested") if v.startswith(params.argument.value)]
    return CompleteResult(completion=Completion(values=values, total=len(values), has_more=False))
