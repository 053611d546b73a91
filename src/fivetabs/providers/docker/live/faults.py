"""What can go wrong on the way to an engine, as Faults. Nowhere else in this house."""

import json
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from fivetabs.core import (
    Conflict,
    Denied,
    Expired,
    Fault,
    Misconfigured,
    NotConfigured,
    NotFound,
    TimedOut,
    Unauthorised,
    Unreachable,
    quoted,
    stamp,
)
from fivetabs.providers.docker.auth import DEFAULT_CONTEXT, Endpoint

if TYPE_CHECKING:
    from fivetabs.providers.docker.live.dial import Line

_LONGEST = 400
_UNDECIDED = (ssl.SSLWantReadError, ssl.SSLWantWriteError)


def unreached(endpoint: Endpoint, error: Exception, words: str) -> Fault:
    """The fault for a request that got no answer. `words` is what ssh said."""
    chain = tuple(_chain(error))
    if endpoint.kind == "ssh":
        return _ssh(endpoint, words or str(error))
    if endpoint.kind == "unix":
        for each in chain:
            if isinstance(each, OSError) and (fault := _socket(endpoint, each)):
                return fault
    for each in chain:
        if isinstance(each, ssl.SSLError) and not isinstance(each, _UNDECIDED):
            return _tls(endpoint, each)
    return _cut_off(endpoint, error, _reason(chain))


def _cut_off(endpoint: Endpoint, error: Exception, reason: str) -> Fault:
    """The names are httpx2's, which is not imported for them."""
    name = type(error).__name__
    if name == "ConnectTimeout" and endpoint.keys:
        return TimedOut(
            f"{endpoint} does not complete a TLS connection in time", hint=_look(endpoint)
        )
    if name != "ConnectError" and endpoint.keys and ("reset" in reason or "disconn" in str(error)):
        return _hung_up(endpoint, has_certificate=endpoint.keys.cert is not None)
    if "Protocol" in name:
        return no_engine(endpoint, quoted(str(error)))
    reason = reason or str(error) or f"no answer in time ({name})"
    return Unreachable(
        f"no Docker engine can be reached at {endpoint}: {quoted(reason)}", hint=_look(endpoint)
    )


def _hung_up(endpoint: Endpoint, *, has_certificate: bool) -> Fault:
    """An engine that refuses a client certificate may be gone before its alert is read."""
    if endpoint.keys and (end := endpoint.keys.end) and end <= datetime.now(UTC):
        return Expired(
            f"{endpoint} hung up, and our client certificate ran out at {stamp(end)}",
            hint=f"renew {endpoint.keys.cert} and its key.pem with your authority",
        )
    if has_certificate:
        return Unreachable(
            f"{endpoint} hung up without an answer",
            hint="it may not accept our client certificate (cert.pem, key.pem); its log says",
        )
    return Unauthorised(
        f"{endpoint} hung up on us: it seems to want a client certificate, and there is none",
        hint="put cert.pem and key.pem into DOCKER_CERT_PATH, or the context's TLS material",
    )


async def silent(line: "Line", error: Exception) -> Fault:
    """The fault for an engine that is there and does not answer."""
    words = await line.words() if line.endpoint.kind == "ssh" else ""
    if words:
        return _ssh(line.endpoint, words)
    waited = 2 * line.settings.quiet
    del error
    return TimedOut(
        f"{line.endpoint} accepted the connection but has not answered for {waited:.0f} s",
        hint="is the Docker engine stuck? (systemctl status docker; docker info)",
    )


def refused(endpoint: Endpoint, path: str, status: int, body: bytes) -> Fault:
    """The fault for an error status.

    Source: Engine API, each operation's responses; the body is `{"message": ...}`.
    """
    said = _message(body)
    if "client version" in said and ("too new" in said or "too old" in said):
        return Misconfigured(
            f"the engine at {endpoint} refuses the API version: {quoted(said)}",
            hint="unset DOCKER_API_VERSION, or set it to a version the engine names",
        )
    if "HTTP request to an HTTPS server" in said:
        return Misconfigured(
            f"{endpoint} speaks TLS and was asked without it",
            hint="set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH, or use a context with TLS",
        )
    kinds: dict[int, tuple[type[Fault], str]] = {
        401: (Unauthorised, "give the credentials that the engine or the proxy before it asks for"),
        403: (Denied, "an authorisation plugin of the engine decides this"),
        404: (NotFound, "list_containers shows what there is"),
        409: (Conflict, "look again with list_containers"),
        501: (NotFound, "its logging driver cannot be read from; look where the driver sends them"),
    }
    if said.startswith("<") or not said:
        return no_engine(endpoint, f"{path} answers {status} without the engine's own words")
    kind, hint = kinds.get(status, (Fault, "the engine's own log has more (journalctl -u docker)"))
    return kind(f"the Docker engine at {endpoint} answers {status}: {quoted(said)}", hint=hint)


def no_engine(endpoint: Endpoint, why: str) -> Unreachable:
    """The fault for something that answers but is no Docker engine."""
    return Unreachable(
        f"what answers at {endpoint} is no Docker engine: {why}",
        hint="check where DOCKER_HOST or the Docker context points (docker context inspect)",
    )


def _socket(endpoint: Endpoint, error: OSError) -> Fault | None:
    if isinstance(error, FileNotFoundError):
        unset = endpoint.label == DEFAULT_CONTEXT
        return (NotConfigured if unset else Misconfigured)(
            f"there is no Docker socket at {endpoint.path}",
            hint="start Docker (systemctl start docker), or set DOCKER_HOST or a Docker context",
        )
    if isinstance(error, PermissionError):
        return Unauthorised(
            f"this user may not open the Docker socket {endpoint.path}",
            hint="add the user to the docker group (sudo usermod -aG docker $USER) and log in anew",
        )
    if isinstance(error, ConnectionRefusedError):
        return Unreachable(
            f"nothing listens on the Docker socket {endpoint.path}",
            hint="start Docker again (systemctl restart docker)",
        )
    return None


def _tls(endpoint: Endpoint, error: ssl.SSLError) -> Fault:
    said = str(error).lower()
    where = "DOCKER_CERT_PATH, or the context's TLS material"
    if "alert certificate expired" in said:
        return Expired(
            f"{endpoint} says our client certificate has expired",
            hint=f"renew cert.pem and key.pem in {where}",
        )
    if "has expired" in said:
        return Expired(
            f"the certificate that {endpoint} shows has expired", hint="renew it on the Docker host"
        )
    if isinstance(error, ssl.SSLCertVerificationError):
        return Unauthorised(
            f"the certificate that {endpoint} shows is not trusted: {quoted(error.verify_message)}",
            hint=f"put the right ca.pem into {where}",
        )
    if "alert" in said:
        return Unauthorised(
            f"{endpoint} does not accept our client certificate: {error.reason}",
            hint=f"put the right cert.pem and key.pem into {where}",
        )
    return Unreachable(
        f"no TLS connection to {endpoint}: {error.reason or error}",
        hint="does it speak TLS there? (port 2376; unset DOCKER_TLS_VERIFY for a plain one)",
    )


def _ssh(endpoint: Endpoint, words: str) -> Fault:
    said = " ".join(words.split())[-_LONGEST:]
    told = f"ssh to {endpoint} failed: {quoted(said)}"
    try_it = f"try it by hand: ssh {endpoint.host} docker version"
    if "Host key verification failed" in said:
        return Unauthorised(told, hint=f"accept its host key once: ssh {endpoint.host}")
    if "Permission denied" in said or "Too many authentication failures" in said:
        return Unauthorised(told, hint=f"load a key that it accepts (ssh-add); {try_it}")
    if "docker: command not found" in said or "docker: not found" in said:
        return Misconfigured(told, hint="install the docker command on that host")
    if "timed out" in said.lower():
        return Unreachable(told, hint=_look(endpoint))
    return Unreachable(told, hint=try_it)


def _look(endpoint: Endpoint) -> str:
    if endpoint.kind == "tcp":
        return f"is Docker listening on {endpoint.host}:{endpoint.port}? check DOCKER_HOST"
    return "check DOCKER_HOST or the Docker context (docker context ls)"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what caused it, the outermost first."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        each = waiting.pop(0)
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        waiting += [each.__cause__, each.__context__]


def _reason(chain: tuple[BaseException, ...]) -> str:
    told = (e.strerror for e in chain if isinstance(e, OSError) and e.strerror)
    return next(iter(told), "")


def _message(body: bytes) -> str:
    text = body[: 4 * _LONGEST].decode("utf-8", "replace").strip()
    try:
        value: Any = json.loads(body)
    except ValueError:
        return " ".join(text.split())[:_LONGEST]
    told = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
    return str(told.get("message", ""))
