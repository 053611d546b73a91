"""The suite's tools of 2026-07-28 that ask by answering: a client calls again with the replies."""

from types import MappingProxyType

from mcp.types import (
    CallToolRequestParams,
    ClientCapabilities,
    CreateMessageRequest,
    CreateMessageRequestParams,
    ElicitationCapability,
    ElicitRequest,
    ElicitRequestFormParams,
    ElicitResult,
    InputRequest,
    InputRequiredResult,
    ListRootsRequest,
    RootsCapability,
    SamplingCapability,
    SamplingMessage,
    TextContent,
)

from tests.conformance.tools import Answer, Context, Fixture, told


def form(message: str, field: str, kind: str = "string") -> ElicitRequest:
    """A form with one required field."""
    schema = {"type": "object", "properties": {field: {"type": kind}}, "required": [field]}
    return ElicitRequest(params=ElicitRequestFormParams(message=message, requested_schema=schema))


def _sample(prompt: str, max_tokens: int) -> CreateMessageRequest:
    message = SamplingMessage(role="user", content=TextContent(type="text", text=prompt))
    return CreateMessageRequest(
        params=CreateMessageRequestParams(messages=[message], max_tokens=max_tokens)
    )


_NAME = form("What is your name?", "name")
_CONFIRM = form("Please confirm", "ok", "boolean")


def _asks(state: str | None = None, **requests: InputRequest) -> Fixture:
    """A tool that is complete once every request has its reply, and its state has come back."""

    async def ask(_context: Context, params: CallToolRequestParams) -> Answer:
        replies = params.input_responses or {}
        if requests.keys() <= replies.keys() and params.request_state == state:
            said = {key: replies[key].model_dump(mode="json") for key in requests}
            return told(f"state-ok {said}" if state else f"Replies: {said}")
        return InputRequiredResult(input_requests=dict(requests), request_state=state)

    return ask


async def _asks_twice(_context: Context, params: CallToolRequestParams) -> Answer:
    replies = params.input_responses or {}
    match params.request_state, replies.get("step1"), replies.get("step2"):
        case "asked for the name", ElicitResult(), _:
            color = form("Step 2: What is your favorite color?", "color")
            asked = "asked for the color"
            return InputRequiredResult(input_requests={"step2": color}, request_state=asked)
        case "asked for the color", _, ElicitResult():
            return told("Both steps are done.")
        case _:
            name = form("Step 1: What is your name?", "name")
            asked = "asked for the name"
            return InputRequiredResult(input_requests={"step1": name}, request_state=asked)


async def _asks_what_the_client_can(context: Context, _params: CallToolRequestParams) -> Answer:
    ways: tuple[tuple[ClientCapabilities, str, InputRequest], ...] = (
        (ClientCapabilities(elicitation=ElicitationCapability()), "user_name", _NAME),
        (ClientCapabilities(sampling=SamplingCapability()), "greeting", _sample("Greet", 50)),
        (ClientCapabilities(roots=RootsCapability()), "client_roots", ListRootsRequest()),
    )
    can = context.session.check_client_capability
    requests = {key: request for needs, key, request in ways if can(needs)}
    return InputRequiredResult(input_requests=requests) if requests else told("Nobody to ask.")


TOOLS: MappingProxyType[str, Fixture] = MappingProxyType(
    {
        "test_streaming_elicitation": _asks(user_name=_NAME),
        "test_input_required_result_elicitation": _asks(user_name=_NAME),
        "test_input_required_result_sampling": _asks(
            capital_question=_sample("What is the capital of France?", 100)
        ),
        "test_input_required_result_list_roots": _asks(client_roots=ListRootsRequest()),
        "test_input_required_result_request_state": _asks("confirming", confirm=_CONFIRM),
        "test_input_required_result_tampered_state": _asks("confirming", confirm=_CONFIRM),
        "test_input_required_result_multiple_inputs": _asks(
            "three questions",
            user_name=_NAME,
            greeting=_sample("Generate a greeting", 50),
            client_roots=ListRootsRequest(),
        ),
        "test_input_required_result_multi_round": _asks_twice,
        "test_input_required_result_capabilities": _asks_what_the_client_can,
    }
)
