"""Whom to trust, and the certificate to show."""

import base64
import binascii
import ssl
import tempfile
from datetime import datetime
from pathlib import Path

from fivetabs.core import Misconfigured
from fivetabs.providers.kubernetes.auth.files import Entry
from fivetabs.providers.kubernetes.auth.kubeconfig import Context
from fivetabs.providers.kubernetes.auth.plugins import Issued


def make_tls(context: Context, issued: Issued | None) -> ssl.SSLContext:
    """The TLS settings of a context; a client certificate is shown when there is one.

    Raises:
        Misconfigured: If a certificate or key is not there or cannot be used.
    """
    cluster, user = context.cluster, context.user
    try:
        tls = _trust(cluster)
        certificate, key = _pair(user, issued)
        if certificate and key:
            _show(tls, certificate, key)
    except (OSError, ssl.SSLError, binascii.Error, ValueError) as error:
        raise Misconfigured(
            f"a certificate or key of context {context.name} cannot be used: {error}",
            hint="check certificate-authority, client-certificate and client-key in the kubeconfig",
        ) from error
    return tls


def certificate_end(context: Context) -> datetime | None:
    """When the client certificate in the kubeconfig runs out; None where there is none to read."""
    from cryptography import x509

    try:
        content = _content(context.user, "client-certificate")
        return x509.load_pem_x509_certificate(content).not_valid_after_utc if content else None
    except (OSError, ValueError):
        return None


def _trust(cluster: Entry) -> ssl.SSLContext:
    data, path = cluster.text("certificate-authority-data"), cluster.path("certificate-authority")
    if data:
        tls = ssl.create_default_context(cadata=base64.b64decode(data).decode("ascii"))
    else:
        tls = ssl.create_default_context(cafile=str(path) if path else None)
    # Python 3.13 refuses authorities without every extension of RFC 5280; kubectl takes them, and
    # managed clusters have them.
    tls.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if cluster.values.get("insecure-skip-tls-verify"):
        tls.check_hostname = False
        tls.verify_mode = ssl.CERT_NONE
    return tls


def _pair(user: Entry, issued: Issued | None) -> tuple[bytes, bytes]:
    if issued is not None and issued.certificate:
        return issued.certificate.encode(), issued.key.encode()
    return _content(user, "client-certificate"), _content(user, "client-key")


def _content(user: Entry, name: str) -> bytes:
    """Data wins over a path, as in client-go."""
    if data := user.text(f"{name}-data"):
        return base64.b64decode(data)
    path = user.path(name)
    return path.read_bytes() if path else b""


def _show(tls: ssl.SSLContext, certificate: bytes, key: bytes) -> None:
    """OpenSSL wants files: they are there, for us alone, no longer than it takes to load them."""
    with tempfile.TemporaryDirectory(prefix="fivetabs-") as folder:
        path = Path(folder) / "pair.pem"
        path.touch(0o600)
        path.write_bytes(certificate + b"\n" + key)
        tls.load_cert_chain(path)
