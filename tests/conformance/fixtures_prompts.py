"""The suite's prompts beside our own, and completion of arguments, which only the suite has."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from mcp.server import Server
from mcp.types import (
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
from tests.conformance.tools import Context, own

Arguments = Mapping[str, str]
Got = GetPromptResult | InputRequiredResult
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
    """Put the suite's prompts on a server, beside those it has."""
    own_list, own_get = own(server, "prompts/list"), own(server, "prompts/get")

    async def list_prompts(context: Context, params: PaginatedRequestParams) -> ListPromptsResult:
        ours: ListPromptsResult = await own_list(context, params)
        return ListPromptsResult(prompts=[*ours.prompts, *(_prompt(name) for name in _ARGUMENTS)])

    async def get_prompt(context: Context, params: GetPromptRequestParams) -> Got:
        return _got(params) if params.name in _CONTENT else await own_get(context, params)

    server.add_request_handler("prompts/list", PaginatedRequestParams, list_prompts)
    server.add_request_handler("prompts/get", GetPromptRequestParams, get_prompt)
    server.add_request_handler("completion/complete", CompleteRequestParams, _complete)


def _prompt(name: str) -> Prompt:
    arguments = [PromptArgument(name=argument, required=True) for argument in _ARGUMENTS[name]]
    return Prompt(name=name, description=f"The suite's {name}.", arguments=arguments)


def _got(params: GetPromptRequestParams) -> Got:
    if params.name == _ASKING and "user_context" not in (params.input_responses or {}):
        question = form("What context should the prompt use?", "context")
        return InputRequiredResult(input_requests={"user_context": question})
    content = _CONTENT[params.name](params.arguments or {})
    return GetPromptResult(messages=[PromptMessage(role="user", content=c) for c in content])


async def _complete(_context: Context, params: CompleteRequestParams) -> CompleteResult:
    values = [v for v in ("testing", "tested") if v.startswith(params.argument.value)]
    return CompleteResult(completion=Completion(values=values, total=len(values), has_more=False))
