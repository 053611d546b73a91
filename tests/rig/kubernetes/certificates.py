"""The cluster's own certificate authority, and certificates of any length of life from it."""

import importlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, ip_address
from pathlib import Path
from typing import Any

BACKDATED = timedelta(minutes=1)


@dataclass(frozen=True)
class Pair:
    """A certificate and its key, as PEM files."""

    certificate: Path
    key: Path


def _part(name: str) -> Any:
    """A module of `cryptography`, loaded when it is needed."""
    return importlib.import_module(f"cryptography.{name}")


def _pem(folder: Path, name: str, certificate: Any, key: Any) -> Pair:
    forms = _part("hazmat.primitives.serialization")
    pair = Pair(folder / f"{name}.crt", folder / f"{name}.key")
    pair.certificate.write_bytes(certificate.public_bytes(forms.Encoding.PEM))
    pair.key.touch(0o600)
    plain = forms.NoEncryption()
    pkcs8 = forms.PrivateFormat.PKCS8
    pair.key.write_bytes(key.private_bytes(forms.Encoding.PEM, pkcs8, plain))
    return pair


def _name(common: str, groups: tuple[str, ...]) -> Any:
    x509 = _part("x509")
    oid = _part("x509.oid").NameOID
    attributes = [x509.NameAttribute(oid.ORGANIZATION_NAME, group) for group in groups]
    return x509.Name([*attributes, x509.NameAttribute(oid.COMMON_NAME, common)])


def _builder(subject: Any, issuer: Any, public_key: Any, life: timedelta) -> Any:
    x509 = _part("x509")
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(min(now, now + life) - BACKDATED)
        .not_valid_after(now + life)
    )


def _new_key() -> Any:
    return _part("hazmat.primitives.asymmetric.rsa").generate_private_key(65537, 2048)


def make_authority(folder: Path) -> Pair:
    """Make the authority that signs everything else."""
    key, name = _new_key(), _name("rig-ca", ())
    x509 = _part("x509")
    builder = _builder(name, name, key.public_key(), timedelta(days=2))
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    builder = builder.add_extension(usage, critical=True)
    builder = builder.add_extension(
        x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
    )
    return _pem(folder, "ca", builder.sign(key, _part("hazmat.primitives.hashes").SHA256()), key)


def issue(  # noqa: PLR0913  (what a certificate says)
    authority: Pair,
    folder: Path,
    name: str,
    *,
    groups: tuple[str, ...] = (),
    life: timedelta = timedelta(days=1),
    hosts: tuple[str, ...] = (),
) -> Pair:
    """Issue a certificate; with hosts it is a server's, a negative life makes it expired."""
    x509, forms = _part("x509"), _part("hazmat.primitives.serialization")
    signer = forms.load_pem_private_key(authority.key.read_bytes(), None)
    issuer = x509.load_pem_x509_certificate(authority.certificate.read_bytes()).subject
    key = _new_key()
    builder = _builder(_name(name, groups), issuer, key.public_key(), life)
    purposes = _part("x509.oid").ExtendedKeyUsageOID
    purpose = purposes.SERVER_AUTH if hosts else purposes.CLIENT_AUTH
    builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
    )
    if hosts:
        names = [_host(x509, host) for host in hosts]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    signed = builder.sign(signer, _part("hazmat.primitives.hashes").SHA256())
    return _pem(folder, name, signed, key)


def _host(x509: Any, host: str) -> Any:
    try:
        address: IPv4Address | Any = ip_address(host)
    except ValueError:
        return x509.DNSName(host)
    return x509.IPAddress(address)
