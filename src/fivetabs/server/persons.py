"""The person at the client, asked by elicitation: in both eras of the protocol."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from mcp.server import ServerRequestContext
from mcp.shared.exceptions import MCPError
from mcp.types import (
    CallToolRequestParams,
    ClientCapabilities,
    ElicitationCapability,
    ElicitRequest,
    ElicitRequestFormParams,
    ElicitResult,
    FormElicitationCapability,
    InputRequiredResult,
)
from mcp.types.version import MODERN_PROTOCOL_VERSIONS

from fivetabs.app.persons import Question, Unanswered

_AGREE = "agree"
_FORM = MappingProxyType(
    {
        "type": "object",
        "properties": {
            _AGREE: {
                "type": "boolean",
                "title": "Carry out exactly this",
                "description": "Agree to this plan, once.",
            }
        },
        "required": [_AGREE],
    }
)
_FORMS = ClientCapabilities(elicitation=ElicitationCapability(form=FormElicitationCapability()))


@dataclass(frozen=True, slots=True)
class ClientPerson:
    """Whoever sits at the client of one call."""

    context: ServerRequestContext[Any]
    params: CallToolRequestParams

    @property
    def way(self) -> str:
        """How they are asked."""
        return "elicitation"

    async def agrees(self, question: Question) -> bool | None:
        """What they said; nothing where the client has no forms.

        Raises:
            Unanswered: If the client brings the answer with the same call made again (2026-07-28).
        """
        if not self.context.session.check_client_capability(_FORMS):
            return None
        if self.context.protocol_version in MODERN_PROTOCOL_VERSIONS:
            responses = self.params.input_responses or {}
            if question.id not in responses:
                raise Unanswered(question)
            return _agreed(responses[question.id])
        try:
            said = await self.context.session.elicit_form(
                _words(question), dict(_FORM), self.context.request_id
            )
        except MCPError:
            return None
        return _agreed(said)


def put(question: Question) -> InputRequiredResult:
    """The question as the answer to a call that is made again with the reply."""
    form = ElicitRequestFormParams(message=_words(question), requested_schema=dict(_FORM))
    return InputRequiredResult(input_requests={question.id: ElicitRequest(params=form)})


def _words(question: Question) -> str:
    return f"{question.text}\n\nCarry out exactly this, once? (request {question.id})"


def _agreed(said: object) -> bool:
    """Only a form that was sent off with the box ticked is an agreement."""
    if not isinstance(said, ElicitResult) or said.action != "accept":
        return False
    return (said.content or {}).get(_AGREE) is True
