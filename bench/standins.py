"""Stand-ins that speak the real protocols: an account of 400 instances, a host of 300 containers.

`python -m bench.standins aws|docker PORT` serves one of them on loopback until it is ended.
"""

import asyncio
import sys
import threading
from typing import TYPE_CHECKING, cast

from tests.large import aws, docker
from tests.providers.aws.serving import Behaviour, serve
from tests.providers.docker.serving import Engine
from tests.rig.ledger import Ledger
from tests.rig.ports import free_ports, listens
from tests.rig.processes import check
from tests.rig.processes import start as started
from tests.rig.waiting import until

if TYPE_CHECKING:
    from fivetabs.providers.docker.demo import World

WORLDS = ("aws", "docker")


def start(ledger: Ledger, name: str) -> int:
    """Start one of them as a process; the port it listens on."""
    (port,) = free_ports(1)
    command = [sys.executable, "-m", "bench.standins", name, str(port)]
    process = started(ledger, f"standin-{name}", command)

    def ready() -> bool:
        check(ledger, process)
        return listens(port)

    until(ready, f"the stand-in for {name}", 60)
    return port


def _account(port: int) -> None:
    with serve(Behaviour(), aws.Wide(), port):
        threading.Event().wait()


async def _host(port: int) -> None:
    engine = Engine(cast("World", docker.everyday()))  # It has what an engine is asked for here.
    server = await asyncio.start_server(engine.serve, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    if sys.argv[1] == "aws":
        _account(int(sys.argv[2]))
    else:
        asyncio.run(_host(int(sys.argv[2])))
