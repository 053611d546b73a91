"""Finding, unpacking or building the one binary that is every Kubernetes component."""

import os
import shutil
import subprocess
from pathlib import Path

from tests.rig.processes import run

VERSION = "v1.34.4"
COMPONENTS = (
    "etcd",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kubelet",
)
BUILD = Path(__file__).parent / "build"
STAMPS = (
    f"k8s.io/component-base/version.gitVersion={VERSION}",
    "k8s.io/component-base/version.gitMajor=1",
    "k8s.io/component-base/version.gitMinor=34",
    f"k8s.io/client-go/pkg/version.gitVersion={VERSION}",
)


def cache() -> Path:
    """Where unpacked and built programs are kept from one run to the next."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "fivetabs-rig"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def given() -> Path | None:
    """The file or folder that the environment names, if any."""
    name = os.environ.get("FIVETABS_RIG_KUBE") or os.environ.get("KUBEBUILDER_ASSETS")
    return Path(name).expanduser() if name else None


def _unpack(packed: Path) -> Path:
    size = packed.stat().st_size
    place = cache() / f"kube-{packed.stem}-{size}"
    if not place.exists():
        draft = place.with_suffix(f".{os.getpid()}")
        with draft.open("wb") as target:
            subprocess.run(["xz", "-dc", str(packed)], check=True, stdout=target)
        draft.chmod(0o755)
        draft.replace(place)
    return place


def _build() -> Path:
    place = cache() / f"kube-{VERSION}"
    if not place.exists():
        draft = place.with_suffix(f".{os.getpid()}")
        flags = "-s -w " + " ".join(f"-X {stamp}" for stamp in STAMPS)
        command = ("go", "build", "-trimpath", "-ldflags", flags, "-o", draft, ".")
        run(*command, env={"CGO_ENABLED": "0", "GOFLAGS": "-buildvcs=false"}, cwd=BUILD)
        draft.replace(place)
    return place


def _one_binary() -> Path:
    named = given()
    if named is None:
        return _build()
    return _unpack(named) if named.suffix == ".xz" else named


def _from_folder(folder: Path, name: str) -> Path:
    if (folder / name).exists():
        return folder / name
    packed = sorted(folder.glob("kube-*.xz"))
    return _unpack(packed[0]) if packed else _build()


def link_components(folder: Path) -> None:
    """Put every component into this folder under its own name."""
    named = given()
    for name in COMPONENTS:
        link = folder / name
        link.unlink(missing_ok=True)
        in_folder = named is not None and named.is_dir()
        link.symlink_to(_from_folder(named, name) if named and in_folder else _one_binary())


def missing() -> list[str]:
    """Why no binary can be had, if so."""
    named = given()
    if named is not None and not named.exists():
        return [f"there is no {named} (FIVETABS_RIG_KUBE or KUBEBUILDER_ASSETS)"]
    if named is None and not (cache() / f"kube-{VERSION}").exists() and not shutil.which("go"):
        return ["go, to build Kubernetes (or FIVETABS_RIG_KUBE, naming a built one)"]
    return []
