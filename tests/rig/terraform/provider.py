"""The real `local` provider, built with go, in a mirror on disk: no registry is asked."""

import platform
import shutil
from pathlib import Path

from tests.rig.kubernetes.binary import cache
from tests.rig.ledger import Ledger
from tests.rig.processes import DiedError, run

VERSION = "1.4.0"
SOURCE = "registry.example/hashicorp/local"
# The path under which this version declares itself in its go.mod.
MODULE = f"github.com/terraform-providers/terraform-provider-local@v{VERSION}"
PROGRAM = "terraform-provider-local"
CLI_CONFIG = """\
disable_checkpoint = true
provider_installation {{
  filesystem_mirror {{
    path    = "{mirror}"
    include = ["*/*/*"]
  }}
}}
"""


def _built() -> Path | None:
    """The provider, built once (a minute); none if there is no go, or the build fails."""
    place = cache() / f"{PROGRAM}_v{VERSION}"
    if place.exists():
        return place
    if shutil.which("go") is None:
        return None
    folder = cache() / "gobin"
    flags = ("-trimpath", "-ldflags", "-s -w")
    try:
        run("go", "install", *flags, MODULE, env={"GOBIN": str(folder), "CGO_ENABLED": "0"})
    except DiedError:
        return None
    return (folder / PROGRAM).replace(place)


def _platform() -> str:
    machine = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    return f"linux_{machine}"


def install(ledger: Ledger) -> bool:
    """Put the provider into the rig's mirror; say whether there is one.

    Either way Terraform is told to look nowhere else.
    """
    mirror = ledger.part("terraform/mirror")
    config = ledger.part("terraform") / "terraform.rc"
    config.write_text(CLI_CONFIG.format(mirror=mirror))
    ledger.export(TF_CLI_CONFIG_FILE=str(config), CHECKPOINT_DISABLE="1")
    built = _built()
    if built is None:
        return False
    place = mirror / SOURCE / VERSION / _platform()
    place.mkdir(parents=True, exist_ok=True)
    shutil.copy2(built, place / f"{PROGRAM}_v{VERSION}")
    return True
