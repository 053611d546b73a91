"""The pods' network: a bridge of the rig's own, and the plugin configuration that uses it."""

import ipaddress
import json
import random
from pathlib import Path

from tests.rig.ledger import Ledger
from tests.rig.processes import DiedError, run

TRIES = 20


def _in_use() -> list[ipaddress.IPv4Network]:
    routes = json.loads(run("ip", "-j", "-4", "route") or "[]")
    known = [route["dst"] for route in routes if route.get("dst", "default") != "default"]
    return [ipaddress.IPv4Network(known_one, strict=False) for known_one in known]


def free_subnet(mark: str) -> ipaddress.IPv4Network:
    """A private /24 that this machine has no route to; the same mark tries the same ones."""
    chosen, taken = random.Random(mark), _in_use()  # noqa: S311  (no secret)
    for _ in range(TRIES):
        part = f"10.{chosen.randint(100, 250)}.{chosen.randint(0, 250)}.0/24"
        subnet = ipaddress.IPv4Network(part)
        if not any(subnet.overlaps(other) for other in taken):
            return subnet
    raise DiedError("no private subnet is free")


def make_bridge(ledger: Ledger, prefix: str) -> tuple[str, ipaddress.IPv4Network]:
    """Make a bridge that has its subnet's first address, and note it for `down`."""
    name = f"{prefix}{ledger.mark}"
    subnet = free_subnet(name)
    with ledger.lock:
        ledger.bridges.append(name)
        ledger.save()
    run("ip", "link", "add", name, "type", "bridge")
    run("ip", "address", "add", f"{subnet[1]}/24", "dev", name)
    run("ip", "link", "set", name, "up")
    return name, subnet


def write_plugins(folder: Path, bridge: str, subnet: ipaddress.IPv4Network) -> None:
    """Write the network plugins' configuration: bridge and host-local, nothing with iptables."""
    plugin = {
        "type": "bridge",
        "bridge": bridge,
        "isGateway": True,
        "ipMasq": False,
        "ipam": {
            "type": "host-local",
            "dataDir": str(folder / "addresses"),
            "ranges": [[{"subnet": str(subnet), "gateway": str(subnet[1])}]],
            "routes": [{"dst": "0.0.0.0/0"}],
        },
    }
    content = {"cniVersion": "1.0.0", "name": bridge, "plugins": [plugin]}
    (folder / "10-rig.conflist").write_text(json.dumps(content, indent=1))
