"""Small servers on 127.0.0.1, each a script of its own: a registry, a proxy, silent ones."""

import sys
from pathlib import Path

from tests.rig.ledger import Ledger
from tests.rig.ports import free_ports, listens
from tests.rig.processes import check, start
from tests.rig.waiting import until

HERE = Path(__file__).parent


def serve(ledger: Ledger, script: str, *arguments: str | Path) -> int:
    """Start one of this folder's servers on a free port, wait until it listens, say the port."""
    (port,) = free_ports(1)
    command = [sys.executable, HERE / f"{script}.py", str(port), *arguments]
    process = start(ledger, f"loopback-{script}", command)

    def ready() -> bool:
        check(ledger, process)
        return listens(port)

    until(ready, f"the {script} on loopback", 15)
    return port
