"""The few requests to the API server with which the rig seeds and watches its cluster."""

import json
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

from tests.rig.kubernetes.auth import ADMIN, Access

Manifest = dict[str, Any]
PLURALS = {"NetworkPolicy": "networkpolicies", "Ingress": "ingresses", "Endpoints": "endpoints"}
CLUSTER_WIDE = {
    "Namespace",
    "Node",
    "PersistentVolume",
    "PriorityClass",
    "StorageClass",
    "ClusterRole",
    "ClusterRoleBinding",
    "ValidatingWebhookConfiguration",
}


class RefusedError(Exception):
    """The API server said no; the message is its own."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"{status}: {message}")
        self.status = status


def path_of(manifest: Manifest) -> str:
    """Where an object lives, by its apiVersion, kind, namespace and name."""
    version, kind, about = manifest["apiVersion"], manifest["kind"], manifest["metadata"]
    root = f"/api/{version}" if "/" not in version else f"/apis/{version}"
    plural = PLURALS.get(kind) or (f"{kind}es" if kind.endswith("s") else f"{kind}s").lower()
    middle = "" if kind in CLUSTER_WIDE else f"/namespaces/{about.get('namespace', 'default')}"
    return f"{root}{middle}/{plural}/{about['name']}"


@dataclass(frozen=True)
class Api:
    """The API server as its admin sees it."""

    access: Access

    def call(self, method: str, path: str, body: object = None, kind: str = "json") -> Manifest:
        """One request and its answer; raise RefusedError for any status above 299."""
        request = urllib.request.Request(  # noqa: S310  (always the rig's own server)
            self.access.server + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {ADMIN}", "Content-Type": f"application/{kind}"},
            method=method,
        )
        trust = ssl.create_default_context(cafile=str(self.access.authority.certificate))
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trust)
        )
        try:
            with opener.open(request, timeout=20) as answer:
                content: bytes = answer.read()
        except urllib.error.HTTPError as error:
            with error:
                raise RefusedError(error.code, error.read().decode()[-500:]) from None
        return json.loads(content) if content.startswith(b"{") else {"text": content.decode()}

    def get(self, path: str) -> Manifest:
        """Read."""
        return self.call("GET", path)

    def apply(self, manifest: Manifest) -> Manifest:
        """Create an object or change it to this (server-side apply)."""
        path = f"{path_of(manifest)}?fieldManager=rig&force=true"
        return self.call("PATCH", path, manifest, "apply-patch+yaml")

    def merge(self, path: str, change: Manifest) -> Manifest:
        """Change an object in these fields."""
        return self.call("PATCH", path, change, "merge-patch+json")

    def delete(self, path: str) -> Manifest:
        """Ask for an object's deletion."""
        return self.call("DELETE", path)

    def ready(self) -> bool:
        """Whether the API server says that it is."""
        try:
            return self.get("/readyz")["text"] == "ok"
        except (OSError, RefusedError):
            return False
