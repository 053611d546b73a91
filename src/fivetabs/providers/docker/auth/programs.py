"""The programs that reaching a Docker engine starts, as its configuration names them."""

import os
from collections.abc import Iterator
from typing import cast

from fivetabs.core import Program
from fivetabs.providers.docker.auth import Docker
from fivetabs.providers.docker.auth.files import read_json
from fivetabs.providers.docker.settings import Settings


def programs(settings: Settings) -> Iterator[Program]:
    """The credential helpers of the configuration, ssh where a context needs it, and docker.

    Raises:
        NotConfigured: If the configuration cannot be used.
    """
    yield Program("docker", "for the person", needed=False)
    here = Docker.of(os.environ)
    config = read_json(here.folder / "config.json")
    helpers = cast("dict[str, str]", config.get("credHelpers") or {}).values()
    for name in sorted({*helpers, str(config.get("credsStore") or "")} - {""}):
        yield Program(f"docker-credential-{name}", f"credential helper of {here.folder}")
    for name in here.contexts():
        if here.endpoint(name, ()).kind == "ssh":
            yield Program(settings.ssh, f"ssh of the Docker context {name!r}")
