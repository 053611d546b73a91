"""A call's arguments: the tool's own, and those that the pipeline adds to every tool they fit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fivetabs.app.connections import AnyProvider
from fivetabs.core import AnyTool, Effect, Invalid


@dataclass(frozen=True, slots=True)
class Offer:
    """A tool together with the house it belongs to."""

    provider: AnyProvider
    tool: AnyTool[Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A call's arguments, the pipeline's own kept apart from the tool's."""

    given: Mapping[str, Any]
    target: str | None
    approve: str
    job: str
    cancel: bool


def reserved(offer: Offer) -> dict[str, dict[str, Any]]:
    """The arguments that the pipeline adds to a tool, as schema properties."""
    extra: dict[str, dict[str, Any]] = {}
    if offer.provider.target:
        extra["target"] = {"type": "string", "description": offer.provider.target}
    if offer.tool.effect is not Effect.READ:
        extra["approve"] = {"type": "string", "description": "Digest of the plan shown before."}
    if offer.tool.long:
        extra["job"] = {"type": "string", "description": "Handle of a running job, to look in."}
        extra["cancel"] = {"type": "boolean", "description": "Stop that job."}
    return extra


def split(offer: Offer, arguments: Mapping[str, Any]) -> Asked:
    """Take the pipeline's own arguments out of a call's.

    Raises:
        Invalid: If one of them has the wrong type, or `target` is empty.
    """
    given = dict(arguments)
    taken: dict[str, Any] = {}
    for name, schema in reserved(offer).items():
        value = given.pop(name, None)
        wanted = bool if schema["type"] == "boolean" else str
        if value is not None and not isinstance(value, wanted):
            raise Invalid(f"{name} is a {schema['type']}, not {value!r}; nothing was done")
        taken[name] = value
    return Asked(
        given=given,
        target=taken.get("target") or None,
        approve=taken.get("approve") or "",
        job=taken.get("job") or "",
        cancel=bool(taken.get("cancel")),
    )
