"""A certificate authority for one test, with certificates for the engine and its client."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from ipaddress import ip_address
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Authority:
    """`folder` holds `ca.pem` and what was issued, as Docker lays keys out."""

    folder: Path
    key: Any
    name: Any

    def issue(self, folder: Path, *, days: int = 1) -> Path:
        """`ca.pem`, `cert.pem` and `key.pem` in a new folder; expired for negative days."""
        x509: Any = import_module("cryptography.x509")
        key = _new_key()
        folder.mkdir(parents=True, exist_ok=True)
        address = x509.IPAddress(ip_address("127.0.0.1"))
        built = _builder("edge-1", self.name, key, days).add_extension(
            x509.SubjectAlternativeName([address]), critical=False
        )
        (folder / "ca.pem").write_bytes((self.folder / "ca.pem").read_bytes())
        _write(folder / "cert.pem", built.sign(self.key, _hash()))
        _write_key(folder / "key.pem", key)
        return folder

    def serving(self, *, days: int = 1) -> ssl.SSLContext:
        """A server that shows a certificate of ours and wants one."""
        folder = self.issue(self.folder / "server", days=days)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
        context.load_verify_locations(folder / "ca.pem")
        context.verify_mode = ssl.CERT_REQUIRED
        return context


def authority(folder: Path) -> Authority:
    """A new authority with its `ca.pem`."""
    x509: Any = import_module("cryptography.x509")
    folder.mkdir(parents=True)
    key = _new_key()
    name = _named("test authority")
    certificate = (
        _builder("test authority", name, key, 2)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, _hash())
    )
    _write(folder / "ca.pem", certificate)
    return Authority(folder, key, name)


def _builder(common_name: str, issuer: Any, key: Any, days: int) -> Any:
    x509: Any = import_module("cryptography.x509")
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_named(common_name))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=30))
        .not_valid_after(now + timedelta(days=days))
    )


def _named(common_name: str) -> Any:
    x509: Any = import_module("cryptography.x509")
    oid: Any = import_module("cryptography.x509.oid")
    return x509.Name([x509.NameAttribute(oid.NameOID.COMMON_NAME, common_name)])


def _new_key() -> Any:
    ec: Any = import_module("cryptography.hazmat.primitives.asymmetric.ec")
    return ec.generate_private_key(ec.SECP256R1())


def _hash() -> Any:
    hashes: Any = import_module("cryptography.hazmat.primitives.hashes")
    return hashes.SHA256()


def _write(path: Path, certificate: Any) -> None:
    serialization: Any = import_module("cryptography.hazmat.primitives.serialization")
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def _write_key(path: Path, key: Any) -> None:
    serialization: Any = import_module("cryptography.hazmat.primitives.serialization")
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
