"""Exec credential plugins: programs of the cloud's own that print a token or a certificate.

The protocol is client.authentication.k8s.io (kubernetes.io/docs/reference/access-authn-authz/
authentication/#client-go-credential-plugins). A plugin gets no stdin: ours is the client's.
"""

import asyncio
import contextlib
import json
import os
import shutil
import signal
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from fivetabs.core import (
    Expired,
    Misconfigured,
    TimedOut,
    Unauthorised,
    Unavailable,
    parse_time,
    quoted,
)
from fivetabs.providers.kubernetes.auth.files import Entry
from fivetabs.providers.kubernetes.auth.kubeconfig import Context
from fivetabs.providers.kubernetes.port import Json
from fivetabs.providers.kubernetes.shapes.fields import parts

_GROUP = "client.authentication.k8s.io/"
_LONGEST = 400
# Where package managers and installers put them, which a desktop app's PATH may leave out.
_PLACES = (
    "/usr/local/bin",
    "/usr/bin",
    "/opt/homebrew/bin",
    "~/.local/bin",
    "~/bin",
    "~/google-cloud-sdk/bin",
    "/usr/lib/google-cloud-sdk/bin",
    "~/.krew/bin",
    "~/.azure-kubelogin",
    "/snap/bin",
)
_INSTALL = MappingProxyType(
    {
        "aws": "install the AWS CLI, version 2",
        "aws-iam-authenticator": "install aws-iam-authenticator",
        "gke-gcloud-auth-plugin": "run: gcloud components install gke-gcloud-auth-plugin",
        "kubelogin": "run: az aks install-cli",
        "kubectl-oidc_login": "run: kubectl krew install oidc-login",
    }
)
_LOGIN = MappingProxyType(
    {
        "aws": "run: aws sso login",
        "aws-iam-authenticator": "run: aws sso login",
        "gke-gcloud-auth-plugin": "run: gcloud auth login",
        "kubelogin": "run: az login",
        "tsh": "run: tsh login",
    }
)
_EXPIRED = ("expired", "has run out", "sso login", "re-authenticate", "reauthenticate", "az login")


@dataclass(frozen=True, slots=True)
class Issued:
    """What a plugin handed out, and until when it is good (None: until it is refused)."""

    token: str
    certificate: str
    key: str
    until: datetime | None


async def run_plugin(context: Context, spec: Json, *, seconds: float) -> Issued:
    """Run the plugin of a context's user once. It is killed when the caller is cancelled.

    Raises:
        Misconfigured: If the plugin is not on this process's PATH, or its entry is wrong.
        Expired: If the plugin says that its own login has run out.
        Unauthorised: If it fails otherwise, or answers with something else than a credential.
        TimedOut: If it does not end within so many seconds.
    """
    command = [program_of(context.user, spec), *map(str, parts(spec, "args"))]
    name = str(spec.get("command"))
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=_environment(context, spec),
        start_new_session=True,
    )
    out, complaint = await _finished(process, context, name, seconds)
    if process.returncode:
        raise _failure(context, name, process.returncode, complaint)
    return _issued(context, name, out)


async def _finished(
    process: asyncio.subprocess.Process, context: Context, name: str, seconds: float
) -> tuple[bytes, bytes]:
    """What the plugin wrote; it is ended when it takes too long or nobody waits any more."""
    try:
        async with asyncio.timeout(seconds):
            return await process.communicate()
    except TimeoutError as error:
        raise TimedOut(
            f"the exec plugin {name!r} of context {context.name} did not end in {seconds:g} s",
            hint="run it by hand: it may wait for a login ",
        ) from error
    finally:
        _end(process)
        await process.wait()


def program_of(user: Entry, spec: Json) -> str:
    """The absolute path of a plugin; nothing is run.

    Raises:
        Misconfigured: If it is not on this process's PATH, or its entry is wrong.
    """
    name = str(spec.get("command") or "")
    if not str(spec.get("apiVersion") or "").startswith(_GROUP) or not name:
        raise Misconfigured(
            "the kubeconfig's exec entry has no command or a wrong apiVersion",
            hint=f"write the user again with your cloud's tool (it is in {user.file})",
        )
    if os.sep in name:
        path = user.folder / Path(name).expanduser()
        found = str(path) if os.access(path, os.X_OK) and path.is_file() else None
    else:
        found = shutil.which(name)
    if found is None:
        raise _absent(name, " ".join(str(spec.get("installHint") or "").split()))
    return found


def _absent(name: str, install: str) -> Misconfigured:
    if os.sep in name:
        return Misconfigured(
            f"the exec plugin {name!r} is not there or cannot be run",
            hint=install or f"install it, or correct it: ls -l {name}",
        )
    message = (
        f"the exec plugin {name!r} is not on this process's PATH "
        f"({os.environ.get('PATH', '') or 'empty'})"
    )
    places = os.pathsep.join(str(Path(each).expanduser()) for each in _PLACES)
    if elsewhere := shutil.which(name, path=places):
        place = Path(elsewhere).parent
        hint = f"it is in {place}: start this server with PATH={place}:$PATH (fivetabs setup does)"
        return Misconfigured(message, hint=hint)
    return Misconfigured(
        message,
        hint=install
        or _INSTALL.get(name)
        or f"install {name}, or start this server with a PATH that holds it",
    )


def _environment(context: Context, spec: Json) -> dict[str, str]:
    told: Json = {"interactive": False}
    if spec.get("provideClusterInfo"):
        told["cluster"] = {
            "server": context.cluster.text("server"),
            "certificate-authority-data": context.cluster.text("certificate-authority-data"),
            "tls-server-name": context.cluster.text("tls-server-name"),
            "insecure-skip-tls-verify": bool(
                context.cluster.values.get("insecure-skip-tls-verify")
            ),
        }
    info = {"apiVersion": spec["apiVersion"], "kind": "ExecCredential", "spec": told}
    more = {str(e["name"]): str(e["value"]) for e in parts(spec, "env")}
    return {**os.environ, **more, "KUBERNETES_EXEC_INFO": json.dumps(info)}


def _end(process: asyncio.subprocess.Process) -> None:
    """Nothing the plugin started outlives it."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


def _failure(context: Context, name: str, code: int, complaint: bytes) -> Unavailable:
    said = " ".join(complaint.decode("utf-8", "replace").split())[-_LONGEST:]
    message = f"the exec plugin {name!r} of context {context.name} failed (exit {code}): "
    message += quoted(said) or "it said nothing"
    if any(mark in said.lower() for mark in _EXPIRED):
        again = f"log in again with {name}'s own login command"
        return Expired(message, hint=_LOGIN.get(Path(name).name, again))
    return Unauthorised(message, hint=f"run it by hand to see what it lacks: {name}")


def _issued(context: Context, name: str, out: bytes) -> Issued:
    try:
        status = json.loads(out)["status"]
        until = status.get("expirationTimestamp")
        issued = Issued(
            token=status.get("token") or "",
            certificate=status.get("clientCertificateData") or "",
            key=status.get("clientKeyData") or "",
            until=parse_time(until) if until else None,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unauthorised(
            f"the exec plugin {name!r} of context {context.name} did not print an ExecCredential",
            hint=f"run {name} by hand to see what it prints",
        ) from error
    if not issued.token and not (issued.certificate and issued.key):
        raise Unauthorised(f"the exec plugin {name!r} printed neither a token nor a certificate")
    return issued
