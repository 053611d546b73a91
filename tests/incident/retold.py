"""`python -m tests.incident.retold`: what the tools that span the houses say, in both forms.

Of the demo world, and of the large one; what is random in a server is fixed here.
"""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from fivetabs.app.calls import App, open_app
from fivetabs.app.redact import Redactor
from fivetabs.app.render import structured, text
from fivetabs.app.settings import AppSettings
from fivetabs.cli.houses import PROVIDERS, SPANNING
from tests.large.worlds import world_of

QUESTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("get_health_report", {}),
    ("investigate", {}),
    ("investigate", {"about": "orders-api"}),
    ("investigate", {"about": "storefront"}),
    ("get_recent_changes", {"minutes": 180}),
)
LARGE = world_of("estate", "everything at once")


@asynccontextmanager
async def demo() -> AsyncGenerator[App]:
    """The server over the demo world."""
    settings = AppSettings(demo=True)
    async with open_app(PROVIDERS, settings, {}, _mark, SPANNING, Redactor(bytes(32))) as app:
        yield app


@asynccontextmanager
async def large() -> AsyncGenerator[App]:
    """The server over the large worlds of all houses."""
    houses = tuple(part.provider() for part in LARGE.parts)
    settings = AppSettings(house_seconds=120, call_seconds=300)
    unset = {house.name: house.settings() for house in houses}
    async with open_app(houses, settings, unset, _mark, SPANNING, Redactor(bytes(32))) as app:
        yield app


def _mark() -> str:
    return "0f0f0f0f"


async def said(app: App, *tools: str) -> str:
    """The answers to the questions of these tools, or to all."""
    told: list[str] = []
    for tool, given in QUESTIONS:
        if not tools or tool in tools:
            answer = await app.call(tool, given)
            told += [text(answer), json.dumps(structured(answer), ensure_ascii=False)]
    return "\n".join(told)


async def main() -> None:
    """Print all of it."""
    async with demo() as app:
        sys.stdout.write(f"{await said(app)}\n")
    async with large() as app:
        sys.stdout.write(f"{await said(app, 'get_health_report')}\n")


if __name__ == "__main__":
    asyncio.run(main())
