"""Docker configurations for tests, laid out as the docker command line lays them out."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from fivetabs.providers.docker.auth import Docker
from fivetabs.providers.docker.settings import Settings

QUICK = Settings(quiet=0.3, connect_timeout=0.5)


def configured(folder: Path, name: str, host: str, **more: Any) -> Docker:
    """A Docker configuration with one context, which is the current one."""
    meta = folder / "contexts" / "meta" / sha256(name.encode()).hexdigest()
    meta.mkdir(parents=True)
    endpoint = {"Host": host, "SkipTLSVerify": False, **more}
    (meta / "meta.json").write_text(json.dumps({"Name": name, "Endpoints": {"docker": endpoint}}))
    (folder / "config.json").write_text(json.dumps({"currentContext": name}))
    return Docker(folder, {})


def keys_of(folder: Path, name: str) -> Path:
    """Where the keys of a context lie."""
    return folder / "contexts" / "tls" / sha256(name.encode()).hexdigest() / "docker"
