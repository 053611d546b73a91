"""Where the engine is and how it is reached, as the docker command line finds out.

Source: docker/cli, `cli/command` (`resolveContextName`: DOCKER_HOST, DOCKER_CONTEXT, the
configuration's `currentContext`, the default socket) and `cli/context/store` (metadata under
`contexts/meta/<sha256 of the name>/meta.json`, keys under `contexts/tls/<sha256>/docker/`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from fivetabs.core import (
    Denied,
    Invalid,
    Misconfigured,
    NotFound,
    did_you_mean,
    near,
)
from fivetabs.providers.docker.auth.files import read_json

DEFAULT_SOCKET = "unix:///var/run/docker.sock"
DEFAULT_CONTEXT = "default"
_PLAIN_PORT = 2375
_TLS_PORT = 2376
_KINDS = ("unix", "tcp", "http", "https", "ssh")


@dataclass(frozen=True, slots=True)
class Keys:
    """Paths of the certificates in use; an absent one is None."""

    ca: Path | None
    cert: Path | None
    key: Path | None
    verify: bool

    @property
    def end(self) -> datetime | None:
        """When the client certificate runs out; None where there is none to read."""
        from cryptography import x509

        try:
            content = self.cert.read_bytes() if self.cert else b""
            return x509.load_pem_x509_certificate(content).not_valid_after_utc if content else None
        except (OSError, ValueError):
            return None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One engine's address.

    `label` names it in subjects and can be given as a target again. `kind` is `unix`, `tcp` or
    `ssh`; `path` is the socket's, for ssh the remote one where it is not the default.
    """

    label: str
    kind: str
    host: str = ""
    port: int | None = None
    user: str = ""
    path: str = ""
    keys: Keys | None = None

    def __str__(self) -> str:
        who = f"{self.user}@" if self.user else ""
        port = f":{self.port}" if self.port else ""
        return f"{self.kind}://{who}{self.host}{port}{self.path}"


@dataclass(frozen=True, slots=True)
class Docker:
    """The docker configuration of this process: its folder and its `DOCKER_*` variables."""

    folder: Path
    environment: Mapping[str, str]

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Docker":
        """As the docker command line would see it."""
        set_folder = environment.get("DOCKER_CONFIG")
        folder = Path(set_folder) if set_folder else Path.home() / ".docker"
        return cls(folder, environment)

    def endpoint(self, target: str | None, hosts: tuple[str, ...]) -> Endpoint:
        """The engine that `target` (a context's name, a host URL or nothing) means.

        Raises:
            NotFound: If there is no such context.
            Denied: If the URL is neither configured in Docker nor among `hosts`.
            Misconfigured: If the configuration cannot be used.
        """
        if target and "://" in target:
            return self._allowed(target, hosts)
        if target:
            return self._context(target)
        name = self._current()
        try:
            return self._context(name)
        except NotFound as fault:
            close = next(iter(near(name, self.contexts())), DEFAULT_CONTEXT)
            raise Misconfigured(
                f"{fault} (chosen by {self.origin()})", hint=f"run: docker context use {close}"
            ) from fault

    def origin(self) -> str:
        """Where the current engine's address comes from, for people."""
        for name in ("DOCKER_HOST", "DOCKER_CONTEXT"):
            if self.environment.get(name):
                return name
        file = self.folder / "config.json"
        chosen = read_json(file).get("currentContext")
        return f"currentContext in {file}" if chosen else "the default socket"

    def contexts(self) -> tuple[str, ...]:
        """The names of all contexts, `default` first."""
        names = (str(m.get("Name", "")) for m in self._metas())
        return (DEFAULT_CONTEXT, *sorted(n for n in names if n))

    def _current(self) -> str:
        if self.environment.get("DOCKER_HOST"):
            return DEFAULT_CONTEXT
        if name := self.environment.get("DOCKER_CONTEXT"):
            return name
        file = self.folder / "config.json"
        return str(read_json(file).get("currentContext") or DEFAULT_CONTEXT)

    def _allowed(self, url: str, hosts: tuple[str, ...]) -> Endpoint:
        """A URL decides where credentials go, so the model cannot make one up."""
        for name in self.contexts():
            found = self._context(name)
            if name != DEFAULT_CONTEXT and str(found) == url:
                return found
        if url in (*hosts, self.environment.get("DOCKER_HOST"), DEFAULT_SOCKET):
            return parse_host(url, label=url, keys=self._default_keys())
        raise Denied(
            f"{url} is not a Docker host this server may open",
            hint="make a context of it (docker context create NAME --docker host=URL), "
            "or list it in the setting docker.hosts",
        )

    def _context(self, name: str) -> Endpoint:
        if name == DEFAULT_CONTEXT:
            url = self.environment.get("DOCKER_HOST") or DEFAULT_SOCKET
            label = DEFAULT_CONTEXT if url == DEFAULT_SOCKET else _without_password(url)
            return parse_host(url, label=label, keys=self._default_keys())
        code = sha256(name.encode()).hexdigest()
        file = self.folder / "contexts" / "meta" / code / "meta.json"
        if not file.is_file():
            raise NotFound(
                f"there is no Docker context {name!r}",
                hint=did_you_mean(
                    name, self.contexts(), otherwise=f"contexts: {', '.join(self.contexts())}"
                ),
            )
        try:
            docker: Mapping[str, Any] = read_json(file)["Endpoints"]["docker"]
            host = str(docker["Host"])
        except (KeyError, TypeError) as error:
            raise Misconfigured(
                f"the Docker context {name!r} has no docker endpoint", hint=f"look into {file}"
            ) from error
        folder = self.folder / "contexts" / "tls" / code / "docker"
        verify = not docker.get("SkipTLSVerify", False)
        keys = _keys(folder, verify=verify) if folder.is_dir() or not verify else None
        return parse_host(host, label=name, keys=keys)

    def _default_keys(self) -> Keys | None:
        """`DOCKER_TLS_VERIFY` (or `DOCKER_TLS`, without verifying) with `DOCKER_CERT_PATH`."""
        verify = bool(self.environment.get("DOCKER_TLS_VERIFY"))
        if not verify and not self.environment.get("DOCKER_TLS"):
            return None
        set_folder = self.environment.get("DOCKER_CERT_PATH")
        folder = Path(set_folder) if set_folder else self.folder
        if verify and not (folder / "ca.pem").is_file():
            raise Misconfigured(
                f"DOCKER_TLS_VERIFY is set and {folder / 'ca.pem'} cannot be read",
                hint="point DOCKER_CERT_PATH to the folder that holds ca.pem, cert.pem and key.pem",
            )
        return _keys(folder, verify=verify)

    def _metas(self) -> Iterator[Mapping[str, Any]]:
        for file in (self.folder / "contexts" / "meta").glob("*/meta.json"):
            yield read_json(file)


def parse_host(url: str, *, label: str, keys: Keys | None) -> Endpoint:
    """Read a host as `docker --host` does.

    Raises:
        Misconfigured: If it is of a kind this server does not speak.
        Invalid: If it names no usable host.
    """
    parts = _split(url)
    if parts.scheme not in _KINDS:
        raise Misconfigured(
            f"{parts.scheme}:// is not a way this server reaches a Docker engine",
            hint="set DOCKER_HOST to a unix://, tcp:// or ssh:// address",
        )
    if parts.scheme == "unix":
        return Endpoint(label, "unix", path=url.removeprefix("unix://"))
    try:
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise Invalid(f"{label} has a port that is not a number") from error
    user = parts.username or ""
    if not host or host.startswith("-") or user.startswith("-"):
        raise Invalid(f"{label!r} names no host", hint="write it like tcp://host:2376")
    if parts.scheme == "ssh":
        return Endpoint(label, "ssh", host, port, user, parts.path.rstrip("/"))
    if parts.scheme == "https" and keys is None:
        keys = Keys(None, None, None, verify=True)
    return Endpoint(label, "tcp", host, port or (_TLS_PORT if keys else _PLAIN_PORT), keys=keys)


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url if "://" in url else f"tcp://{url}")
    except ValueError as error:
        raise Invalid(f"{url!r} is no address: {error}") from error


def _without_password(url: str) -> str:
    user, at, rest = url.rpartition("@")
    scheme, slashes, name = user.partition("://")
    return f"{scheme}{slashes}{name.partition(':')[0]}{at}{rest}" if at else url


def _keys(folder: Path, *, verify: bool) -> Keys:
    ca, cert, key = (folder / f"{n}.pem" for n in ("ca", "cert", "key"))
    given = (p if p.is_file() else None for p in (ca, cert, key))
    return Keys(*given, verify=verify)
