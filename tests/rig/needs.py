"""What the rig's parts need of a machine."""

import importlib.util
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from tests.rig.kubernetes import binary

PARTS = ("aws", "terraform", "docker", "kubernetes")
TOOLS = {
    "aws": (),
    "terraform": ("terraform",),
    "docker": ("docker", "dockerd", "containerd", "runc", "busybox", "ip"),
    "kubernetes": ("containerd", "ctr", "runc", "busybox", "ip", "xz"),
}
MODULES = {"aws": ("moto", "flask", "botocore"), "kubernetes": ("cryptography",)}
AS_ROOT = {"docker", "kubernetes"}


def missing(parts: Sequence[str] = PARTS) -> list[str]:
    """Why parts cannot run here, each reason with its part; empty if all can."""
    reasons: list[str] = []
    for part in parts:
        if part in AS_ROOT and os.geteuid() != 0:
            reasons.append(f"{part}: not root")
        lacks = [tool for tool in TOOLS[part] if shutil.which(tool) is None]
        modules = MODULES.get(part, ())
        lacks += [f"python's {name}" for name in modules if importlib.util.find_spec(name) is None]
        reasons += [f"{part}: {tool} is not installed" for tool in lacks]
    if "kubernetes" in parts:
        if not Path("/usr/lib/cni/bridge").exists():
            reasons.append("kubernetes: containernetworking-plugins is not installed")
        reasons += [f"kubernetes: {reason}" for reason in binary.missing()]
    return reasons
