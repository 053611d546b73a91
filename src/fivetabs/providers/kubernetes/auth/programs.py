"""The programs that the kubeconfig's users will have started."""

import os
from collections.abc import Iterator
from pathlib import Path

from fivetabs.core import Program
from fivetabs.providers.kubernetes.auth.kubeconfig import load_kubeconfig
from fivetabs.providers.kubernetes.settings import Settings
from fivetabs.providers.kubernetes.shapes.fields import part


def programs(_: Settings) -> Iterator[Program]:
    """The exec plugin of each user, and kubectl.

    Raises:
        NotConfigured: If a file of the kubeconfig is there and cannot be read.
    """
    yield Program("kubectl", "for the person", needed=False)
    config = load_kubeconfig()
    if config is None:
        return
    for user, entry in config.users.items():
        if name := part(entry.values, "exec").get("command"):
            path = str(entry.folder / Path(name).expanduser()) if os.sep in name else name
            yield Program(path, f"exec plugin of the kubeconfig's user {user!r}")
