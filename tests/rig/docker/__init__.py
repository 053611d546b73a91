"""A Docker Engine of the rig's own, on a unix socket, with the incident's containers."""

import json

from tests.rig.docker import seed
from tests.rig.kubernetes.network import free_subnet
from tests.rig.ledger import Ledger
from tests.rig.processes import DiedError, check, run, start
from tests.rig.remains import make_cgroups, remember_sysctls
from tests.rig.waiting import until

SYSCTLS = (
    "net/ipv4/ip_forward",
    "net/ipv4/conf/all/forwarding",
    "net/ipv4/conf/default/forwarding",
)
STORAGE = ("overlay2", "vfs")


def _start(ledger: Ledger, storage: str) -> None:
    """Start the daemon without default bridge and firewall rules, and wait for its answer."""
    folder = ledger.part("docker")
    socket = folder / "docker.sock"
    settings = folder / "daemon.json"
    settings.write_text(json.dumps({"deprecated-key-path": str(folder / "key.json")}))
    command = [
        "dockerd",
        f"--config-file={settings}",
        f"--host=unix://{socket}",
        f"--data-root={folder}/data",
        f"--exec-root={folder}/run",
        f"--pidfile={folder}/dockerd.pid",
        f"--cgroup-parent={ledger.cgroup}/docker",
        f"--storage-driver={storage}",
        "--bridge=none",
        "--iptables=false",
        "--ip6tables=false",
        "--ip-forward=false",
        "--oom-score-adjust=0",
        "--shutdown-timeout=3",
    ]
    process = start(ledger, f"dockerd-{storage}", command)

    def ready() -> bool:
        check(ledger, process)
        try:
            return bool(run("docker", "version", env=ledger.environment))
        except DiedError:
            return False

    until(ready, "the Docker Engine", 40)


def up(ledger: Ledger) -> None:
    """Start the engine and the incident's containers in it."""
    remember_sysctls(ledger, SYSCTLS)
    make_cgroups(ledger)
    ledger.export(DOCKER_HOST=f"unix://{ledger.part('docker')}/docker.sock")
    first, second = STORAGE
    try:
        _start(ledger, first)
    except DiedError:
        _start(ledger, second)
    bridge = f"ftd{ledger.mark}"
    with ledger.lock:
        ledger.bridges.append(bridge)
        ledger.save()
    seed.sow(ledger, bridge, str(free_subnet(bridge)))


def wait_for_seed(ledger: Ledger, deadline: float) -> None:
    """Wait until every container is in the state that the incident says."""
    seed.wait(ledger, deadline)
