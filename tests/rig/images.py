"""A container image made by hand: static busybox, a few folders, no download."""

import hashlib
import io
import json
import shutil
import subprocess
import tarfile
from collections.abc import Sequence
from pathlib import Path

USERS = "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n"
GROUP = "root:x:0:\nnogroup:x:65534:\n"


def busybox() -> Path:
    """The static busybox of this machine."""
    found = shutil.which("busybox")
    if found is None:
        raise FileNotFoundError("busybox is not installed")
    return Path(found)


def _add(archive: tarfile.TarFile, name: str, content: bytes, mode: int = 0o644) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), mode
    archive.addfile(entry, io.BytesIO(content))


def _add_special(archive: tarfile.TarFile, name: str, kind: bytes, target: str = "") -> None:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, target
    entry.mode = 0o1777 if name == "tmp" else 0o755
    archive.addfile(entry)


def layer() -> bytes:
    """The one file system layer: busybox under all its names, /tmp, two users."""
    listed = subprocess.run([str(busybox()), "--list"], check=True, capture_output=True, text=True)
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for folder in ("bin", "etc", "root", "tmp", "var"):
            _add_special(archive, folder, tarfile.DIRTYPE)
        _add(archive, "bin/busybox", busybox().read_bytes(), 0o755)
        for name in listed.stdout.split():
            if name != "busybox":
                _add_special(archive, f"bin/{name}", tarfile.SYMTYPE, "busybox")
        _add(archive, "etc/passwd", USERS.encode())
        _add(archive, "etc/group", GROUP.encode())
    return made.getvalue()


def write_archive(place: Path, names: Sequence[str], *command: str) -> None:
    """Write the image under all these names as a file for `ctr images import` or `docker load`.

    The command is what a container of it runs unless told otherwise: a shell, which ends at once
    without a terminal.
    """
    content = layer()
    config = {
        "architecture": "amd64",
        "os": "linux",
        "created": "2026-03-01T00:00:00Z",
        "config": {"Cmd": list(command) or ["sh"], "Env": ["PATH=/bin"]},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(content).hexdigest()}"]},
    }
    text = json.dumps(config).encode()
    config_name = f"{hashlib.sha256(text).hexdigest()}.json"
    manifest = [{"Config": config_name, "RepoTags": list(names), "Layers": ["layer/layer.tar"]}]
    with tarfile.open(place, "w") as archive:
        _add(archive, config_name, text)
        _add(archive, "layer/layer.tar", content)
        _add(archive, "manifest.json", json.dumps(manifest).encode())
