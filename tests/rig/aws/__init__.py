"""AWS as moto serves it: real HTTP on loopback, with the incident's account."""

import sys
from pathlib import Path

from tests.rig.aws import seed
from tests.rig.ledger import Ledger
from tests.rig.ports import free_ports, listens
from tests.rig.processes import check, start
from tests.rig.waiting import until

SERVER = Path(__file__).parent / "server.py"
PROFILE_FILES = ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")


def up(ledger: Ledger) -> None:
    """Start the server and fill it; the id of worker-c is the ledger's fact `worker-c`."""
    (port,) = free_ports(1)
    folder = ledger.part("aws")
    command = [sys.executable, SERVER, "-H", "127.0.0.1", "-p", str(port)]
    process = start(ledger, "moto", command)

    def ready() -> bool:
        check(ledger, process)
        return listens(port)

    until(ready, "moto", 60)
    for variable in PROFILE_FILES:
        (folder / variable.lower()).touch()
    ledger.export(
        AWS_ENDPOINT_URL=f"http://127.0.0.1:{port}",
        AWS_ACCESS_KEY_ID="testing",
        AWS_SECRET_ACCESS_KEY="testing",  # noqa: S106  (moto asks for none)
        AWS_DEFAULT_REGION=seed.REGION,
        AWS_REGION=seed.REGION,
        AWS_EC2_METADATA_DISABLED="true",
        **{variable: str(folder / variable.lower()) for variable in PROFILE_FILES},
    )
    ids = seed.sow(seed.Account(f"http://127.0.0.1:{port}"))
    ledger.learn(**ids)
