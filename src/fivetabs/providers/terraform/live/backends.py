"""Where a directory's state is kept, read from its data folder; and whether anybody is there."""

import asyncio
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from fivetabs.core import Unreachable
from fivetabs.core.secrecy import secrets_of
from fivetabs.providers.terraform.shapes.raw import mapping

DEFAULT = "default"
REMOTE_PLANS = ("remote", "cloud")
_CONNECT = 3.0
_PORTS = (("https", 443), ("http", 80))


@dataclass(frozen=True, slots=True)
class Backend:
    """A state's backend. `address` is empty where it is local or not known.

    `secrets` are the credentials that its configuration holds.
    """

    type: str
    workspace: str
    address: str = ""
    state: Path | None = None
    lock: Path | None = None
    secrets: tuple[str, ...] = ()

    async def check(self) -> None:
        """See that something listens at the address.

        Raises:
            Unreachable: If nothing does.
        """
        if target := _direct(self.address):
            await _greet(*target, speak=False)

    async def answer(self) -> None:
        """See that what listens says something: a byte of HTTP, or a TLS handshake.

        Raises:
            Unreachable: If nothing listens.
        """
        if target := _direct(self.address):
            await _greet(*target, speak=True)


def read_backend(path: Path, data: Path, workspace: str) -> Backend:
    """The backend `terraform init` chose for a directory; `local` where it chose none."""
    chosen = mapping(_json(data / "terraform.tfstate"), "backend")
    kind, config = str(chosen.get("type") or "local"), mapping(chosen, "config")
    if kind != "local":
        secrets = tuple(secrets_of(dict(config)))
        return Backend(kind, workspace, _address(kind, config), secrets=secrets)
    file = Path(str(config.get("path") or "terraform.tfstate"))
    if workspace != DEFAULT:
        file = Path(str(config.get("workspace_dir") or "terraform.tfstate.d")) / workspace
        file /= "terraform.tfstate"
    state = path / file
    return Backend(kind, workspace, "", state, state.with_name(f".{state.name}.lock.info"))


def lock_of(backend: Backend) -> Mapping[str, Any] | None:
    """The lock somebody holds on a local state."""
    return (_json(backend.lock) or None) if backend.lock else None


def written(backend: Backend) -> tuple[str, datetime | None]:
    """Which version wrote a local state, and when."""
    if backend.state is None or not backend.state.is_file():
        return "", None
    when = datetime.fromtimestamp(backend.state.stat().st_mtime, UTC)
    return str(_json(backend.state).get("terraform_version", "")), when


def replaced(backend: Backend) -> Mapping[str, Any] | None:
    """The state that the last write of a local state replaced, as Terraform keeps it beside."""
    if backend.state is None:
        return None
    return _json(backend.state.with_name(f"{backend.state.name}.backup")) or None


def _json(path: Path) -> Mapping[str, Any]:
    try:
        found: Any = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}  # pyright: ignore[reportUnknownVariableType]


def _address(kind: str, config: Mapping[str, Any]) -> str:
    if kind in ("http", "consul"):
        return str(config.get("address") or "")
    if kind in REMOTE_PLANS:
        return f"https://{config.get('hostname') or 'app.terraform.io'}"
    if kind == "s3":
        own = mapping(config, "endpoints").get("s3") or config.get("endpoint")
        region = config.get("region")
        return str(own or (f"https://s3.{region}.amazonaws.com" if region else ""))
    return ""


def _direct(address: str) -> tuple[str, int, bool] | None:
    """Host, port and whether TLS; None when unknown or when a proxy stands between."""
    try:
        parts = urlsplit(address)
        port = parts.port or dict(_PORTS).get(parts.scheme)
    except ValueError:
        return None
    host = parts.hostname
    if not host or not port or (parts.scheme in getproxies() and not proxy_bypass(host)):
        return None
    return host, port, parts.scheme == "https"


async def _greet(host: str, port: int, tls: bool, *, speak: bool) -> None:  # noqa: FBT001
    context = ssl.create_default_context() if tls and speak else None
    if context is not None:
        # Nothing is sent or believed here; the question is only whether somebody answers.
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        opening = asyncio.open_connection(host, port, ssl=context)
        reader, writer = await asyncio.wait_for(opening, None if speak else _CONNECT)
    except ssl.SSLError:
        return
    except (OSError, TimeoutError) as error:
        raise Unreachable(
            f"nothing answers at {host}:{port}, where the Terraform state is kept",
            hint=f"see that {host}:{port} is up and reachable from this machine",
        ) from error
    try:
        if speak and not tls:
            writer.write(
                b"HEAD / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n" % host.encode()
            )
            await reader.read(1)
    except OSError:
        return
    finally:
        writer.close()
