"""The suite's tools that talk to the client while they run: progress, logs, sampling and forms.

Sampling and forms go over the back channel that only 2025-11-25 has; logging and sampling are
deprecated since, so the SDK warns of them, and only the suite makes us use them.
"""

from types import MappingProxyType
from typing import Any

from mcp.shared.exceptions import MCPError
from mcp.types import (
    MISSING_REQUIRED_CLIENT_CAPABILITY,
    CallToolRequestParams,
    ClientCapabilities,
    MissingRequiredClientCapabilityErrorData,
    SamplingCapability,
    SamplingMessage,
    TextContent,
)

from tests.conformance.tools import Answer, Context, Fixture, told

_OPTIONS = ("option1", "option2", "option3")
_DEFAULTS: MappingProxyType[str, Any] = MappingProxyType(
    {
        "name": {"type": "string", "default": "John Doe"},
        "age": {"type": "integer", "default": 30},
        "score": {"type": "number", "default": 95.5},
        "status": {
            "type": "string",
            "enum": ["active", "inactive", "pending"],
            "default": "active",
        },
        "verified": {"type": "boolean", "default": True},
    }
)


def _titled(*titles: str) -> list[dict[str, str]]:
    return [{"const": f"value{n}", "title": title} for n, title in enumerate(titles, 1)]


_ENUMS: MappingProxyType[str, Any] = MappingProxyType(
    {
        "untitledSingle": {"type": "string", "enum": list(_OPTIONS)},
        "titledSingle": {
            "type": "string",
            "oneOf": _titled("First Option", "Second Option", "Third Option"),
        },
        "legacyEnum": {
            "type": "string",
            "enum": ["opt1", "opt2", "opt3"],
            "enumNames": ["Option One", "Option Two", "Option Three"],
        },
        "untitledMulti": {"type": "array", "items": {"type": "string", "enum": list(_OPTIONS)}},
        "titledMulti": {
            "type": "array",
            "items": {"anyOf": _titled("First Choice", "Second Choice", "Third Choice")},
        },
    }
)


async def _progresses(context: Context, _params: CallToolRequestParams) -> Answer:
    for done in (0, 50, 100):
        await context.session.report_progress(done, 100)
    return told("Done, and told of it.")


async def _logs(context: Context, _params: CallToolRequestParams) -> Answer:
    words = ("Tool execution started", "Tool processing data", "Tool execution completed")
    for line in words:
        await context.session.send_log_message(  # pyright: ignore[reportDeprecated]
            "info", line, related_request_id=context.request_id
        )
    return told("Done, and logged.")


async def _samples(context: Context, params: CallToolRequestParams) -> Answer:
    prompt = TextContent(type="text", text=str((params.arguments or {})["prompt"]))
    said = await context.session.create_message(  # pyright: ignore[reportDeprecated]
        [SamplingMessage(role="user", content=prompt)],
        max_tokens=100,
        related_request_id=context.request_id,
    )
    return told(f"LLM response: {said.content}")


async def _requires_sampling(context: Context, _params: CallToolRequestParams) -> Answer:
    needed = ClientCapabilities(sampling=SamplingCapability())
    if context.session.check_client_capability(needed):
        return told("The client can sample.")
    lacks = MissingRequiredClientCapabilityErrorData(required_capabilities=needed)
    raise MCPError(
        MISSING_REQUIRED_CLIENT_CAPABILITY,
        "The client does not sample.",
        lacks.model_dump(by_alias=True, mode="json", exclude_none=True),
    )


def _form(properties: MappingProxyType[str, Any], required: tuple[str, ...] = ()) -> Fixture:
    """A tool that has the client show a form and tells what came back."""
    schema: dict[str, Any] = {"type": "object", "properties": dict(properties)}
    if required:
        schema["required"] = list(required)

    async def ask(context: Context, params: CallToolRequestParams) -> Answer:
        words = str((params.arguments or {}).get("message", "Please fill in the form"))
        said = await context.session.elicit_form(words, schema, context.request_id)
        return told(f"Elicitation completed: action={said.action}, content={said.content}")

    return ask


_CONTACT: MappingProxyType[str, Any] = MappingProxyType(
    {
        "username": {"type": "string", "description": "User's response"},
        "email": {"type": "string", "description": "User's email address"},
    }
)
TOOLS: MappingProxyType[str, Fixture] = MappingProxyType(
    {
        "test_tool_with_progress": _progresses,
        "test_tool_with_logging": _logs,
        "test_logging_tool": _logs,
        "test_sampling": _samples,
        "test_missing_capability": _requires_sampling,
        "test_elicitation": _form(_CONTACT, tuple(_CONTACT)),
        "test_elicitation_sep1034_defaults": _form(_DEFAULTS),
        "test_elicitation_sep1330_enums": _form(_ENUMS),
    }
)
