"""A new person's home folder, over the rig's real backends; nothing of this process's own."""

import json
import os
import sys
from base64 import b64decode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.rig import Rig

BARE = "/usr/bin:/bin"
"""What a desktop program gives the servers that it starts."""

PLUGIN, SIGNER = "shop-login", "shop-keys"


@dataclass(frozen=True)
class Home:
    """Two contexts (the first signs in by a plugin), an AWS profile whose keys expire, two Docker
    hosts of which one is dead, and one Terraform folder."""

    folder: Path
    rig: Rig

    def furnish(self) -> None:
        """Write all of it, as each backend's own tools would."""
        self._kubernetes(json.loads(Path(self.rig.environment["KUBECONFIG"]).read_text()))
        self._aws()
        self._docker()
        settings = self._file(".config/fivetabs/settings.toml")
        roots = [self.rig.environment["TERRAFORM_ALLOWED_DIRS"]]
        settings.write_text(f"[terraform]\nallowed_dirs = {json.dumps(roots)}\n")
        self._file(".config/Claude/claude_desktop_config.json").write_text("{}")

    @property
    def claude(self) -> Path:
        """The settings of Claude Desktop."""
        return self.folder / ".config/Claude/claude_desktop_config.json"

    def environment(self, *, typed: bool) -> dict[str, str]:
        """What a shell of theirs has (the plugins are on its PATH), or a desktop program."""
        path = f"{self.folder / 'bin'}:{os.environ['PATH']}" if typed else BARE
        own = {"HOME": str(self.folder), "PATH": path, "AWS_EC2_METADATA_DISABLED": "true"}
        code = {"PYTHONPATH": os.pathsep.join(sys.path)}
        return {**own, **code, "TF_CLI_CONFIG_FILE": self.rig.environment["TF_CLI_CONFIG_FILE"]}

    def _kubernetes(self, given: dict[str, Any]) -> None:
        user = given["users"][0]["user"]
        keys = {
            "clientCertificateData": user.get("client-certificate-data"),
            "clientKeyData": user.get("client-key-data"),
            "token": user.get("token"),
        }
        status = {name: _plain(name, value) for name, value in keys.items() if value}
        version = "client.authentication.k8s.io/v1"
        said = {"apiVersion": version, "kind": "ExecCredential", "status": status}
        self._program(PLUGIN, f"cat <<'END'\n{json.dumps(said)}\nEND")
        plugin = {"apiVersion": version, "command": PLUGIN, "interactiveMode": "Never"}
        dead = {"name": "dead", "cluster": {"server": "https://127.0.0.1:9"}}
        cluster = {"name": "shop", "cluster": given["clusters"][0]["cluster"]}
        contexts = [("shop", "shop"), ("old", "dead")]
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [cluster, dead],
            "users": [{"name": "me", "user": {"exec": plugin}}],
            "contexts": [{"name": n, "context": {"cluster": c, "user": "me"}} for n, c in contexts],
            "current-context": "shop",
        }
        self._file(".kube/config").write_text(json.dumps(config))

    def _aws(self) -> None:
        ends = (datetime.now(UTC) + timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
        keys = {"Version": 1, "AccessKeyId": "testing", "SecretAccessKey": "testing"}
        said = {**keys, "SessionToken": "testing-session", "Expiration": ends}
        self._program(SIGNER, f"echo '{json.dumps(said)}'")
        lines = (
            "[default]",
            "region = eu-west-1",
            f"endpoint_url = {self.rig.environment['AWS_ENDPOINT_URL']}",
            f"credential_process = {SIGNER}",
        )
        self._file(".aws/config").write_text("\n".join(lines) + "\n")

    def _docker(self) -> None:
        hosts = {"shop": self.rig.environment["DOCKER_HOST"], "away": "tcp://127.0.0.1:9"}
        for name, host in hosts.items():
            folder = f".docker/contexts/meta/{sha256(name.encode()).hexdigest()}"
            meta = {"Name": name, "Metadata": {}, "Endpoints": {"docker": {"Host": host}}}
            self._file(f"{folder}/meta.json").write_text(json.dumps(meta))
        self._file(".docker/config.json").write_text(json.dumps({"currentContext": "shop"}))

    def _program(self, name: str, script: str) -> None:
        file = self._file(f"bin/{name}")
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)

    def _file(self, name: str) -> Path:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        return file


def _plain(name: str, value: str) -> str:
    """Plugins hand out PEM where a kubeconfig has base64 of it."""
    return value if name == "token" else b64decode(value).decode()
