"""A call's arguments: the tool's own, and those that the pipeline adds to every tool they fit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from fivetabs.app.connections import AnyProvider
from fivetabs.app.fitting.answers import CEILING, LEAST
from fivetabs.app.labels import Label, labels_of
from fivetabs.core import AnyTool, Effect, Invalid, NotFound

_KINDS = MappingProxyType({"boolean": bool, "integer": int, "string": str})
_BUDGET = MappingProxyType(
    {"type": "integer", "description": f"Most tokens, {LEAST} to {CEILING}."}
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A tool's label together with the house it belongs to."""

    provider: AnyProvider
    label: Label

    @property
    def tool(self) -> AnyTool[Any]:
        """The tool itself; its house is imported when this is first asked for.

        Raises:
            NotFound: If the label is of a tool that the house no longer has.
        """
        for tool in self.provider.tools:
            if tool.name == self.label.name:
                return tool
        raise NotFound(f"{self.provider.title} has no tool {self.label.name!r} any more")


def offers_of(*providers: AnyProvider, known: Sequence[Label] = ()) -> dict[str, Offer]:
    """Every tool of these houses, by name; only houses without a known label are imported."""
    return {
        label.name: Offer(each, label) for each in providers for label in labels_of(each, known)
    }


@dataclass(frozen=True, slots=True)
class Asked:
    """A call's arguments, the pipeline's own kept apart from the tool's."""

    given: Mapping[str, Any]
    target: str | None
    approve: str
    job: str
    cancel: bool
    budget: int | None


def reserved(offer: Offer) -> dict[str, dict[str, Any]]:
    """The arguments that the pipeline adds to a tool, as schema properties."""
    extra: dict[str, dict[str, Any]] = {}
    if offer.provider.target:
        extra["target"] = {"type": "string", "description": offer.provider.target}
    label = offer.label
    if label.effect is not Effect.READ:
        extra["approve"] = {"type": "string", "description": "Digest of the plan shown before."}
    if label.effect is Effect.READ and "budget" not in label.takes["properties"]:
        extra["budget"] = dict(_BUDGET)
    if label.long:
        extra["job"] = {"type": "string", "description": "Handle of a running job, to look in."}
        extra["cancel"] = {"type": "boolean", "description": "Stop that job."}
    return extra


def split(offer: Offer, arguments: Mapping[str, Any]) -> Asked:
    """Take the pipeline's own arguments out of a call's.

    Raises:
        Invalid: If one of them has the wrong type or is out of its bounds.
    """
    given = dict(arguments)
    extra = reserved(offer)
    taken = {name: _read(name, given.pop(name, None), schema) for name, schema in extra.items()}
    return Asked(
        given=given,
        target=taken.get("target") or None,
        approve=taken.get("approve") or "",
        job=taken.get("job") or "",
        cancel=bool(taken.get("cancel")),
        budget=taken.get("budget"),
    )


def _read(name: str, value: Any, schema: Mapping[str, Any]) -> Any:
    """The value, or a number that was written as a text."""
    if value is None:
        return None
    kind = schema["type"]
    if kind == "integer" and isinstance(value, str) and value.isdecimal():
        value = int(value)
    if type(value) is not _KINDS[kind]:
        raise Invalid(f"{name} is of type {kind}, not {value!r}; nothing was done")
    if name == "budget" and not LEAST <= int(value) <= CEILING:
        raise Invalid(f"budget is {LEAST} to {CEILING}, not {value}; nothing was done")
    return value
