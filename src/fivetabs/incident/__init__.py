"""What spans the houses: the health report, the investigation, what has changed. Knows no house."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, Never

from pydantic import BaseModel

from fivetabs.core import Connection, Estate, Provider, tools_in
from fivetabs.incident import tools

__all__ = ["provider"]


def provider(estate: Estate) -> Provider[Estate, Never, BaseModel]:
    """The nameplate over an estate, so that its tools take the one path that all tools take."""

    @asynccontextmanager
    async def connect(*given: Any) -> AsyncGenerator[Connection[Estate, Never]]:
        target = given[-1]
        yield Connection(
            view=estate.aimed(target) if target else estate,
            commit=_nothing,
            target="",
            now=estate.now,
            passing=bool(target),  # Words are many: nothing is kept of them.
        )

    return Provider(
        name="estate",
        title="All of it",
        tools=tools_in(tools),
        rules=(),
        settings=BaseModel,
        target="Other than the defaults, e.g. docker, k8s:staging, aws:prod; or all.",
        live=connect,
        demo=connect,
    )


async def _nothing(_: Never) -> str:
    raise AssertionError("the estate as a whole changes nothing")
