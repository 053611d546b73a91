"""Terraform working directories for every situation, worked on by the real binary."""

import json
from pathlib import Path

from tests.rig.ledger import Ledger
from tests.rig.loopback import serve
from tests.rig.processes import run
from tests.rig.terraform import provider, sources

SERIAL = 42
SLOWNESS = "20"  # seconds before the state of infra/slow is handed out
UNKNOWN_INSTANCE = "i-0c3a5f7e9b1d20003"


def _terraform(ledger: Ledger, folder: Path, *words: str) -> str:
    environment = {**ledger.environment, "TF_IN_AUTOMATION": "1", "TF_INPUT": "0"}
    return run("terraform", f"-chdir={folder}", *words, "-no-color", env=environment)


def _write(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.tf").write_text(text)
    return folder


def _apply(ledger: Ledger, folder: Path) -> None:
    _terraform(ledger, folder, "init")
    _terraform(ledger, folder, "apply", "-auto-approve")


def _count_up_to(folder: Path, serial: int) -> None:
    """Give the local state a serial, as if it had been applied that often."""
    place = folder / "terraform.tfstate"
    state = json.loads(place.read_text())
    place.write_text(json.dumps({**state, "serial": serial}, indent=2) + "\n")


def _shop(ledger: Ledger, root: Path, *, with_files: bool) -> None:
    """Apply `shop`, then let the world drift away from it, and its configuration move on."""
    instance = ledger.facts.get("worker-c", UNKNOWN_INSTANCE)
    folder = _write(root / "shop", main=sources.SHOP % {"instance": instance, "replicas": 3})
    _write(folder / "buckets", main=sources.BUCKETS)
    if with_files:
        _write(folder, files=sources.SHOP_FILES, versions=sources.REQUIRE_LOCAL)
    _apply(ledger, folder)
    _count_up_to(folder, SERIAL)
    if with_files:
        (folder / "live/worker-c.conf").write_text("instance_type = t3.small\n")
        (folder / "live/ingress.conf").unlink()
    _write(folder, main=sources.SHOP % {"instance": instance, "replicas": 4})


def _slow(ledger: Ledger, root: Path) -> None:
    """Apply `slow` against a state server that is quick, and slow from then on."""
    states = ledger.part("terraform/states")
    (states / "delay").write_text("0")
    port = serve(ledger, "slow_state", states)
    _apply(ledger, _write(root / "slow", main=sources.SLOW % {"port": port}))
    (states / "delay").write_text(SLOWNESS)


def up(ledger: Ledger) -> None:
    """Make all working directories; `shop` has real drift if the local provider could be built."""
    root = ledger.part("terraform/infra")
    ledger.export(TERRAFORM_ALLOWED_DIRS=str(root))
    with_files = provider.install(ledger)
    ledger.learn(**{"terraform-drift": "yes" if with_files else "no"})
    _write(root / "uninitialised", main=sources.CLEAN)
    _write(root / "broken", main=sources.BROKEN)
    _write(root / "external", main=sources.EXTERNAL)
    _apply(ledger, _write(root / "clean", main=sources.CLEAN))
    _slow(ledger, root)
    outside = _write(ledger.part("terraform") / "outside", main=sources.OUTSIDE)
    (root / "escape").symlink_to(outside, target_is_directory=True)
    _shop(ledger, root, with_files=with_files)
