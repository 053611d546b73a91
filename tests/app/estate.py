"""The estate over the houses' demo worlds, for the tests that go over every tool."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fivetabs import incident
from fivetabs.app.connections import AnyConnection, AnyProvider, Connections
from fivetabs.app.estate import OpenEstate
from fivetabs.cli.houses import PROVIDERS
from fivetabs.core import Provider


def sample_estate() -> AnyProvider:
    """The nameplate of the estate, over demo worlds that are opened when it is."""
    plate = incident.provider(OpenEstate(Connections(True, {}, 0.0), (), 0.0))

    @asynccontextmanager
    async def connect(*_: object) -> AsyncGenerator[AnyConnection]:
        connections = Connections(True, {}, 10.0)
        estate = OpenEstate(connections, PROVIDERS, 30.0)
        async with incident.provider(estate).demo(None) as connection:
            yield connection
        await connections.aclose()

    return Provider(
        name=plate.name,
        title=plate.title,
        tools=plate.tools,
        rules=(),
        settings=plate.settings,
        live=connect,
        demo=connect,
    )
