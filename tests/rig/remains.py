"""What containers leave on a machine besides processes, and how each kind of it is removed."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tests.rig.ledger import Ledger
from tests.rig.waiting import GaveUpError, until

CGROUP_TYPES = ("cgroup", "cgroup2")
POD_LOG_LINKS = Path("/var/log/containers")
NETWORK_RESULTS = Path("/var/lib/cni/results")
# Folders outside the rig's own that its daemons make, and no flag of theirs puts elsewhere.
ELSEWHERE = (
    "/opt/containerd/bin",
    "/opt/containerd/lib",
    "/opt/containerd",
    "/run/containerd/s",
    "/run/containerd",
    "/run/docker/plugins",
    "/run/docker",
    "/run/mount",
    "/var/lib/cni/results",
    "/var/lib/cni",
    "/var/lib/kubelet/device-plugins",
    "/var/lib/kubelet",
    "/var/log/containers",
)
SHIM_SOCKETS = Path("/run/containerd/s")
KUBELET_SOCKET = Path("/var/lib/kubelet/device-plugins/kubelet.sock")


def mounts() -> list[tuple[str, Path]]:
    """Every mount's type and place, in the order in which they were made."""
    lines = Path("/proc/mounts").read_text().splitlines()
    fields = [line.split() for line in lines]
    return [(kind, Path(place.replace("\\040", " "))) for _, place, kind, *_ in fields]


def cgroup_folders(ledger: Ledger) -> list[Path]:
    """The rig's control group in every hierarchy of the machine, made or not."""
    return [place / ledger.cgroup[1:] for kind, place in mounts() if kind in CGROUP_TYPES]


def make_cgroups(ledger: Ledger) -> None:
    """Make the control group under which the rig's containers will be found again."""
    for folder in cgroup_folders(ledger):
        with suppress(OSError):  # a read-only hierarchy is none that a container would use
            folder.mkdir(exist_ok=True)


def _files(top: Path, name: str) -> Iterator[Path]:
    """Files of this name, in a tree that may change meanwhile (a glob would raise for that)."""
    for folder, _, files in os.walk(top):
        if name in files:
            yield Path(folder) / name


def _pids(ledger: Ledger) -> Iterator[int]:
    """Processes in the rig's control groups, and those that name the rig's folder (shims)."""
    for folder in cgroup_folders(ledger):
        for member in _files(folder, "cgroup.procs"):
            with suppress(OSError):
                yield from map(int, member.read_text().split())
    inside = f"{ledger.folder}/".encode()
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (entry / "cmdline").read_bytes().split(b"\0")
            if b"containerd-shim" in words[0] and any(inside in word for word in words):
                yield int(entry.name)


def end_containers(ledger: Ledger) -> None:
    """Kill whatever runs in the rig's containers, and the shims that watch over it."""

    def none_left() -> bool:
        pids = {pid for pid in _pids(ledger) if pid > 1}
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return not pids

    with suppress(GaveUpError):
        until(none_left, "the end of all containers", 10)


def shim_sockets(ledger: Ledger) -> set[Path]:
    """The sockets that the rig's shims keep outside its folder, as their bundles name them."""
    found: set[Path] = set()
    for address in _files(ledger.folder, "address"):
        with suppress(OSError):
            place = Path(address.read_text().strip().removeprefix("unix://"))
            if place.parent == SHIM_SOCKETS:
                found.add(place)
    return found


def unmount(ledger: Ledger) -> None:
    """Undo every mount in the rig's folder, the last one first."""
    for _, place in reversed(mounts()):
        if place.is_relative_to(ledger.folder):
            subprocess.run(["umount", "-l", str(place)], check=False, capture_output=True)


def remove_network(ledger: Ledger) -> None:
    """Delete the rig's bridges and what the network plugin noted down about them."""
    for parent, folders, _ in os.walk(ledger.folder):
        for sandbox in folders if parent.endswith("/sandboxes") else ():
            for note in NETWORK_RESULTS.glob(f"*-{sandbox}-*"):
                note.unlink(missing_ok=True)
    for bridge in ledger.bridges:
        subprocess.run(["ip", "link", "delete", bridge], check=False, capture_output=True)


def remove_cgroups(ledger: Ledger) -> None:
    """Remove the rig's control groups, the innermost first."""
    for top in cgroup_folders(ledger):
        for folder, _, _ in os.walk(top, topdown=False):
            with suppress(OSError):
                Path(folder).rmdir()


def remove_links(ledger: Ledger) -> None:
    """Remove the kubelet's links to log files of this rig."""
    for link in POD_LOG_LINKS.glob("*"):
        if link.is_symlink() and link.readlink().is_relative_to(ledger.folder):
            link.unlink(missing_ok=True)


def remember_sysctls(ledger: Ledger, names: tuple[str, ...]) -> None:
    """Note kernel settings that a backend is going to change."""
    for name in names:
        place = Path("/proc/sys") / name
        with ledger.lock, suppress(OSError):
            ledger.sysctls.setdefault(name, place.read_text().strip())
    ledger.save()


def restore_sysctls(ledger: Ledger) -> None:
    """Set kernel settings back to what they were."""
    for name, value in ledger.sysctls.items():
        with suppress(OSError):
            (Path("/proc/sys") / name).write_text(value)


def note_absent(ledger: Ledger) -> None:
    """Note which folders the rig's daemons are going to make outside its own."""
    if not ledger.absent:
        ledger.absent = [place for place in ELSEWHERE if not Path(place).exists()]
        ledger.save()


def remove_absent(ledger: Ledger) -> None:
    """Remove what was not there before, if nobody else has put anything into it since."""
    if str(KUBELET_SOCKET.parent) in ledger.absent:
        KUBELET_SOCKET.unlink(missing_ok=True)
    for place in ledger.absent:
        with suppress(OSError):
            Path(place).rmdir()


def remove_folder(ledger: Ledger) -> None:
    """Remove the rig's folder, once nothing is mounted in it any more."""
    if not any(place.is_relative_to(ledger.folder) for _, place in mounts()):
        shutil.rmtree(ledger.folder, ignore_errors=True)
