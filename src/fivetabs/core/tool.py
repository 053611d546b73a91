"""A tool, declared once.

    @read(example={"namespace": "shop"}, questions=("Which pods are failing?", ...))
    async def get_failing_pods(cluster: Cluster, /, namespace: Namespace = "") -> Diagnosis:
        \"\"\"List only the pods that are failing, worst first, with cause and evidence.\"\"\"

Left of the slash is what the server supplies, and the model never sees it; right of it is what the
model supplies, and is the schema. Name, description, schemas, annotations and permission all come
from this one declaration.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from inspect import Parameter, Signature, getdoc, signature
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, cast

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from fivetabs.core.answers import Answer, Outcome
from fivetabs.core.faults import Invalid
from fivetabs.core.names import did_you_mean
from fivetabs.core.plan import Plan, Verdict

V = TypeVar("V")
P = ParamSpec("P")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
A = TypeVar("A", bound=Answer)
S = TypeVar("S")
Verify = Callable[[V, Plan[S], datetime], Awaitable[Verdict]]
"""Looks, after a plan was carried out at that time, at how it turned out; asked until it knows."""


class Effect(StrEnum):
    """The most a tool can do to the world."""

    READ = "read"
    CHANGE = "change"
    DESTROY = "destroy"


@dataclass(frozen=True, slots=True, eq=False)
class Tool(Generic[V, P, R_co]):
    """One tool.

    `long` marks a call that may outlive a client's patience and runs as a job. `verify` of a tool
    that changes something tells how a plan of its turned out.
    """

    run: Callable[Concatenate[V, P], Awaitable[R_co]]
    effect: Effect
    title: str
    idempotent: bool
    long: bool
    example: Mapping[str, Any]
    questions: tuple[str, ...]
    arguments: type[BaseModel]
    answer: type[Answer]
    verify: Verify[Any, Any] | None = None

    @property
    def name(self) -> str:
        """The function's own name."""
        return cast("str", getattr(self.run, "__name__", ""))

    @property
    def description(self) -> str:
        """The function's docstring, on one line."""
        return " ".join((getdoc(self.run) or "").split())

    def parse(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Check the model's arguments. Returns exactly what `run` accepts.

        Raises:
            Invalid: If an argument is missing, unknown or of the wrong shape.
        """
        known = self.arguments.model_fields
        for key in raw:
            if key not in known:
                raise Invalid(
                    f"{self.name} has no argument {key!r}; nothing was done",
                    hint=did_you_mean(key, known) or f"its arguments: {', '.join(known) or 'none'}",
                )
        try:
            parsed = self.arguments.model_validate(dict(raw), strict=False)
        except ValidationError as error:
            raise Invalid(f"{self.name}: {_problems(error)}; nothing was done") from error
        return {field: getattr(parsed, field) for field in known}


AnyTool = Tool[V, ..., Answer | Plan[Any]]


def read(
    *,
    example: Mapping[str, Any],
    questions: tuple[str, str, str],
    title: str = "",
    long: bool = False,
) -> Callable[[Callable[Concatenate[V, P], Awaitable[A]]], Tool[V, P, A]]:
    """Declare a tool that only looks. `questions` are three a user would ask to reach it."""
    return lambda run: _declare(
        run, Effect.READ, title, example, questions, idempotent=True, long=long
    )


def change(
    *,
    example: Mapping[str, Any],
    questions: tuple[str, str, str],
    verify: Verify[V, S],
    title: str = "",
    idempotent: bool = False,
) -> Callable[[Callable[Concatenate[V, P], Awaitable[Plan[S]]]], Tool[V, P, Plan[S]]]:
    """Declare a tool that proposes a change after which the thing is still there."""
    return lambda run: _declare(
        run, Effect.CHANGE, title, example, questions, idempotent=idempotent, verify=verify
    )


def destroy(
    *,
    example: Mapping[str, Any],
    questions: tuple[str, str, str],
    verify: Verify[V, S],
    title: str = "",
) -> Callable[[Callable[Concatenate[V, P], Awaitable[Plan[S]]]], Tool[V, P, Plan[S]]]:
    """Declare a tool that proposes something that cannot be taken back."""
    return lambda run: _declare(
        run, Effect.DESTROY, title, example, questions, idempotent=False, verify=verify
    )


def _declare(  # noqa: PLR0913  (one declaration, one call)
    run: Callable[Concatenate[V, P], Awaitable[R]],
    effect: Effect,
    title: str,
    example: Mapping[str, Any],
    questions: tuple[str, ...],
    *,
    idempotent: bool,
    long: bool = False,
    verify: Verify[Any, Any] | None = None,
) -> Tool[V, P, R]:
    name = cast("str", getattr(run, "__name__", ""))
    shape = signature(run, eval_str=True)
    answer = shape.return_annotation if effect is Effect.READ else Outcome
    return Tool(
        run=run,
        effect=effect,
        title=title or name.replace("_", " ").capitalize(),
        idempotent=idempotent,
        long=long,
        example=example,
        questions=questions,
        arguments=_arguments(name, shape),
        answer=cast("type[Answer]", answer),
        verify=verify,
    )


def _arguments(name: str, shape: Signature) -> type[BaseModel]:
    supplied, *asked = shape.parameters.values()
    if supplied.kind is not Parameter.POSITIONAL_ONLY:
        raise TypeError(f"{name}: put a '/' after {supplied.name!r}")
    fields: dict[str, Any] = {
        each.name: (each.annotation, ... if each.default is Parameter.empty else each.default)
        for each in asked
    }
    return create_model(name, __config__=ConfigDict(extra="forbid"), **fields)


def _problems(error: ValidationError) -> str:
    told = (
        f"{'.'.join(map(str, e['loc'])) or 'arguments'}: "
        f"{e['msg'].removeprefix('Value error, ')}"
        + (f" (got {str(e['input'])[:80]!r})" if e["type"] != "missing" else "")
        for e in error.errors(include_url=False)
    )
    return "; ".join(told)
