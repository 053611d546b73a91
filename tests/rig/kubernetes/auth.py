"""Ways to be known to the cluster: kubeconfigs for tokens, certificates, plugins and proxies."""

import base64
import json
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.rig.kubernetes.certificates import Pair, issue
from tests.rig.ledger import Ledger
from tests.rig.loopback import tokens

ADMIN, VIEWER, NOBODY, STRANGER = "admin-token", "viewer-token", "nobody-token", "wrong-token"
TOKEN_FILE = f"""\
{ADMIN},admin,admin,system:masters
{VIEWER},viewer,viewer
{NOBODY},nobody,nobody
"""
USERS: Mapping[str, str] = {
    "shop-eu": ADMIN,
    "viewer": VIEWER,
    "nobody": NOBODY,
    "stranger": STRANGER,
}
PLUGIN = """\
#!{python}
# An exec credential plugin: a new token that is good for {seconds} seconds, and a line in a log.
import datetime, json, os, runpy, time
end = int(time.time()) + {seconds}
tokens = runpy.run_path({tokens!r})
spoiled = {spoiled} and not os.path.getsize({calls!r})
real_end = 1 if spoiled else end
with open({calls!r}, "a") as log:
    log.write(f"{{time.time()}}\\n")
moment = datetime.datetime.fromtimestamp(end, datetime.timezone.utc)
asked = json.loads(os.environ.get("KUBERNETES_EXEC_INFO", "{{}}"))
print(json.dumps({{
    "apiVersion": asked.get("apiVersion", "client.authentication.k8s.io/v1"),
    "kind": "ExecCredential",
    "status": {{
        "token": tokens["sign"](open({key!r}, "rb").read(), {user!r}, real_end),
        "expirationTimestamp": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }},
}}))
"""


@dataclass(frozen=True)
class Plugin:
    """A kubeconfig with an exec plugin, and the log in which each call of the plugin is a line."""

    kubeconfig: Path
    calls: Path


@dataclass(frozen=True)
class Access:
    """The way into one cluster; every function writes a new file in `folder` and names it."""

    folder: Path
    server: str
    authority: Pair

    @property
    def token_key(self) -> Path:
        """The key with which tokens that expire are signed."""
        return self.folder / "token.key"

    def token(self, user: str, seconds: int) -> str:
        """A token of this user that the API server really refuses after so many seconds.

        The user `admin` may do everything; any other has the rights that RBAC gives that name.
        The API server remembers a yes for ten seconds, so a token that was in use is refused at
        most that much later; one with negative seconds is refused at once.
        """
        return tokens.sign(self.token_key.read_bytes(), user, int(time.time()) + seconds)

    def write(self, name: str, users: Mapping[str, Mapping[str, Any]], **cluster: str) -> Path:
        """A kubeconfig with one context for each user; the first is the current one."""
        ca = base64.b64encode(self.authority.certificate.read_bytes()).decode()
        entry = {"server": self.server, "certificate-authority-data": ca, **cluster}
        content = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": name, "cluster": entry}],
            "users": [{"name": user, "user": how} for user, how in users.items()],
            "contexts": [
                {"name": user, "context": {"cluster": name, "user": user, "namespace": "default"}}
                for user in users
            ],
            "current-context": next(iter(users)),
        }
        place = self.folder / f"{name}.kubeconfig"
        place.touch(0o600)
        place.write_text(json.dumps(content, indent=1))
        return place

    def usual(self) -> Path:
        """The kubeconfig with the contexts shop-eu (current), viewer, nobody and stranger."""
        return self.write("shop", {user: {"token": token} for user, token in USERS.items()})

    def plugin(self, user: str = "admin", seconds: int = 5, *, spoiled: bool = False) -> Plugin:
        """A kubeconfig whose exec plugin makes tokens that end after so many seconds.

        If spoiled, the first token is over already, whatever the plugin says of it: the server
        refuses it, and a good one is to be had by calling the plugin again.
        """
        name = f"plugin-{user}-{seconds}{'-spoiled' if spoiled else ''}"
        script, calls = self.folder / name, self.folder / f"{name}.calls"
        script.write_text(
            PLUGIN.format(
                python=sys.executable,
                tokens=tokens.__file__,
                calls=str(calls),
                key=str(self.token_key),
                user=user,
                seconds=seconds,
                spoiled=spoiled,
            )
        )
        script.chmod(0o700)
        calls.write_text("")
        how = {
            "apiVersion": "client.authentication.k8s.io/v1",
            "command": str(script),
            "interactiveMode": "Never",
        }
        return Plugin(self.write(name, {name: {"exec": how}}), calls)

    def certificate(self, user: str, *groups: str, life: timedelta = timedelta(hours=1)) -> Path:
        """A kubeconfig with a client certificate; a negative life makes it an expired one."""
        pair = issue(self.authority, self.folder, user, groups=groups, life=life)
        how = {"client-certificate": str(pair.certificate), "client-key": str(pair.key)}
        return self.write(f"certificate-{user}", {f"certificate-{user}": how})

    def through(self, proxy_port: int) -> Path:
        """A kubeconfig of the admin that reaches the server through a proxy."""
        proxy = {"proxy-url": f"http://127.0.0.1:{proxy_port}"}
        return self.write("proxied", {"proxied": {"token": ADMIN}}, **proxy)

    def elsewhere(self, name: str, port: int) -> Path:
        """A kubeconfig that leads to another port: one that hangs, or is closed."""
        return self.write(name, {name: {"token": ADMIN}}, server=f"https://127.0.0.1:{port}")

    def untrusted(self) -> Path:
        """A kubeconfig without the authority's certificate: the server cannot be verified."""
        how = {"certificate-authority-data": ""}
        return self.write("untrusted", {"untrusted": {"token": ADMIN}}, **how)

    def two_files(self) -> tuple[Path, Path]:
        """Two files for one KUBECONFIG: the first has context and cluster, the second the user."""
        whole = json.loads(self.write("split", {"split": {"token": ADMIN}}).read_text())
        first, second = self.folder / "split-1.kubeconfig", self.folder / "split-2.kubeconfig"
        first.write_text(json.dumps({**whole, "users": []}))
        second.write_text(json.dumps({**whole, "clusters": [], "contexts": []}))
        return first, second


def access(ledger: Ledger) -> Access:
    """The way into the cluster of this rig, once its control plane has been started."""
    folder = ledger.part("kubernetes") / "access"
    folder.mkdir(exist_ok=True)
    authority = Pair(folder / "ca.crt", folder / "ca.key")
    return Access(folder, ledger.facts["kubernetes-server"], authority)
