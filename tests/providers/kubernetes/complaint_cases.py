"""Cases of the rules that read a crashed program's last words."""

from collections.abc import Mapping
from typing import Any

from tests.providers.kubernetes.casting import case, crashed

Cases = Mapping[str, tuple[object, object]]
MOUNTED: dict[str, Any] = {
    "spec": {"volumeMounts": [{"name": "settings", "mountPath": "/etc/cart"}]},
    "volumes": [{"name": "settings", "configMap": {"name": "cart-settings"}}],
}


def said(*lines: str, code: int = 1, **more: Any) -> object:
    """A crash loop whose last run wrote this."""
    return case(crashed(code, **more), words={"cart": lines})


COMPLAINTS: Cases = {
    "K8S112": (
        said(
            "Traceback (most recent call last):",
            '  File "/app/main.py", line 3, in <module>',
            '    url = os.environ["DATABASE_URL"]',
            "KeyError: 'DATABASE_URL'",
            spec={"env": [{"name": "DATABASE_URI", "value": "x"}]},
        ),
        said("WARN DEBUG_LEVEL is not set, using info", "FATAL cannot reach cart-db:5432"),
    ),
    "K8S113": (
        said("open /etc/cart/app.yaml: no such file or directory", **MOUNTED),
        said("skipping /etc/extra: No such file or directory", "ValueError: bad row 17"),
    ),
    "K8S114": (
        said("Error: unknown flag: --listen-addr", "Usage:", "  cart [flags]", "", code=2),
        said("ERROR invalid input in row 3", code=2),
    ),
    "K8S115": (
        said("listen tcp :8080: bind: address already in use"),
        said("listening on :8080", "Exception: out of stock"),
    ),
    "K8S116": (
        said(
            "mkdir: can't create directory '/var/cache/cart': Read-only file system",
            spec={"securityContext": {"readOnlyRootFilesystem": True}},
        ),
        said("mounted the snapshot read only", "Error: stale snapshot"),
    ),
    "K8S117": (
        said(
            "PermissionError: [Errno 13] Permission denied: '/data/index'",
            spec={"securityContext": {"runAsUser": 1000}},
        ),
        said("user anna has no permission", "Error: denied by the shop"),
    ),
    "K8S118": (
        said("exec /app/cart: exec format error", code=255),
        said("Error: bad format in line 3"),
    ),
    "K8S119": (
        said("java.lang.OutOfMemoryError: Java heap space", "exiting"),
        said("Error: cache full, out of slots"),
    ),
}
