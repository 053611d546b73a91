"""What an API server, or its absence, means: every failure becomes a Fault here."""

import json
import socket
import ssl
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from fivetabs.core import (
    Conflict,
    Denied,
    Expired,
    Fault,
    Invalid,
    NotFound,
    TimedOut,
    Unauthorised,
    Unreachable,
    quoted,
    stamp,
)
from fivetabs.providers.kubernetes.auth.identity import token_expired
from fivetabs.providers.kubernetes.auth.kubeconfig import Context
from fivetabs.providers.kubernetes.auth.tls import certificate_end

if TYPE_CHECKING:
    import httpx2

_OK = 300
_UNAUTHORISED, _FORBIDDEN, _MISSING, _CONFLICT = 401, 403, 404, 409
_BAD, _INVALID = 400, 422
_BUSY = 429
# A log is fetched from the kubelet meanwhile: then these codes tell of the node's end, whatever the
# API server's own state. k3s says the same by a relay of its own, with 503 at times.
_OF_KUBELET = frozenset({500, 502, 504})
_RELAY = "proxy error from"


def from_transport(error: Exception, context: Context) -> Fault:
    """No answer: the address, the network, TLS or a proxy in between is at fault."""
    import httpx2

    server = context.cluster.text("server")
    proxy = context.cluster.text("proxy-url")
    through = f" through the proxy {proxy}" if proxy else ""
    here = f"the API server of {context.name} at {server}{through}"
    cause = _cause(error)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return _untrusted(here, cause, context)
    if isinstance(cause, socket.gaierror):
        name = httpx2.URL(server).host
        return Unreachable(
            f"{here} cannot be reached: no DNS server knows the name {name} ({cause.strerror})",
            hint=f"is the VPN up? try: getent hosts {name} (or correct the server's name in "
            f"{context.cluster.file})",
        )
    if isinstance(error, httpx2.ConnectTimeout | httpx2.PoolTimeout):
        return TimedOut(f"{here} does not accept the connection in time", hint=_reach(context))
    if isinstance(error, httpx2.TimeoutException):
        return TimedOut(f"{here} stopped answering", hint=_reach(context))
    if isinstance(error, httpx2.RemoteProtocolError | httpx2.DecodingError):
        return strange(context, str(error))
    told = quoted(str(cause or error)) or type(error).__name__
    return Unreachable(f"{here} cannot be reached: {told}", hint=_reach(context))


def _untrusted(here: str, error: ssl.SSLCertVerificationError, context: Context) -> Fault:
    """Of another authority, for another name, or too old: each is mended elsewhere."""
    said, entry = error.verify_message.lower(), context.cluster
    told = quoted(error.verify_message)
    if "hostname mismatch" in said or "ip address mismatch" in said:
        return Unreachable(
            f"{here} shows a certificate for another name: {told}",
            hint="name the server as its certificate does: kubectl config set-cluster "
            f"{context.cluster_name} --tls-server-name=NAME",
        )
    if "expired" in said:
        return Unreachable(
            f"the certificate that {here} shows has expired: {told}",
            hint="renew it on the control plane (kubeadm: kubeadm certs renew apiserver)",
        )
    return Unreachable(
        f"{here} shows a certificate that is not trusted: {told}",
        hint="set the authority that signed it: kubectl config set-cluster "
        f"{context.cluster_name} --certificate-authority=CA.crt --embed-certs ({entry.file})",
    )


def cut_off(context: Context) -> Fault:
    """An answer ended before its end: the API server, or the kubelet behind it, hung up."""
    return Unreachable(
        f"{context.name} hung up in the middle of the answer",
        hint="call again; did the node or the pod go away meanwhile?",
    )


def strange(context: Context, told: str) -> Fault:
    """Something answered that is no API server."""
    server = context.cluster.text("server")
    return Unreachable(
        f"{server} does not answer like a Kubernetes API server: {quoted(told[:200])}",
        hint=f"check the server of context {context.name} in the kubeconfig",
    )


def from_answer(response: "httpx2.Response", context: Context) -> Fault:
    """A refusal of the API server, in its own words."""
    code, message = response.status_code, _message(response)
    if code == _UNAUTHORISED or (code == _FORBIDDEN and 'User "system:anonymous"' in message):
        return _unknown_to(response, context)
    hint = "ask for this right; `fivetabs` can print the ClusterRole that it needs"
    known: dict[int, Fault] = {
        _FORBIDDEN: Denied(f"{context.name} refused: {message or 'forbidden'}", hint=hint),
        _MISSING: NotFound(message or f"{response.url.path} does not exist"),
        _CONFLICT: Conflict(message or "the object changed meanwhile"),
        _BAD: Invalid(message or "HTTP 400"),
        _INVALID: Invalid(message or "HTTP 422"),
        _BUSY: Unreachable(f"{context.name} is too busy: {message}", hint="call again in a while"),
    }
    if code in known:
        return known[code]
    if not message:
        return strange(context, f"HTTP {code} {response.text}")
    if response.url.path.endswith("/log") and (code in _OF_KUBELET or _RELAY in message):
        return Fault(
            f"{context.name} answers, but not the kubelet of the pod's node: {message}",
            hint="is the node up? describe_pod tells its state",
        )
    return Unreachable(f"{context.name} failed: {message} (HTTP {code})", hint="call again later")


def refused(response: "httpx2.Response") -> bool:
    """Whether the answer is no answer."""
    return response.status_code >= _OK


def _unknown_to(response: "httpx2.Response", context: Context) -> Fault:
    sent = response.request.headers.get("Authorization", "")
    user = context.user
    if until := token_expired(sent):
        return Expired(
            f"the token of context {context.name} ran out at {stamp(until)}",
            hint="log in to the cluster again, or write a new token into the kubeconfig: kubectl "
            f"config set-credentials {context.user_name} --token=TOKEN",
        )
    if (end := certificate_end(context)) and end <= datetime.now(UTC):
        return Expired(
            f"the client certificate of context {context.name} ran out at {stamp(end)}",
            hint="renew it (kubeadm: kubeadm certs renew admin.conf), then: kubectl config "
            f"set-credentials {context.user_name} --client-certificate=CRT --client-key=KEY",
        )
    if exec_ := user.values.get("exec"):
        what = f"the credential that the exec plugin {exec_.get('command')!r} hands out"
    elif user.text("client-certificate-data") or user.text("client-certificate"):
        what = "its client certificate (run out, or of another authority)"
    else:
        what = "its token" if sent else "nobody: there is no credential in the kubeconfig"
    return Unauthorised(
        f"the API server does not accept context {context.name}: {what}",
        hint="log in again with the cluster's own tool, then call again; no restart is needed",
    )


def _message(response: "httpx2.Response") -> str:
    """The message of a Status object, which may be a webhook's; empty when the answer is none."""
    try:
        told = json.loads(response.content)
        return quoted(str(told.get("message") or "")) if told.get("kind") == "Status" else ""
    except (ValueError, AttributeError):
        return ""


def _cause(error: BaseException) -> BaseException | None:
    """The operating system's or TLS's own error: the innermost of a chain."""
    found: BaseException | None = None
    seen: BaseException | None = error
    while seen is not None:
        found = seen if isinstance(seen, OSError) else found
        if isinstance(seen, BaseExceptionGroup):
            seen = cast("BaseExceptionGroup[BaseException]", seen).exceptions[0]
        else:
            seen = seen.__cause__ or seen.__context__
    return found


def _reach(context: Context) -> str:
    return f"is the cluster up, and the VPN? compare `kubectl --context {context.name} version`"
