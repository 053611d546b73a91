"""Keys and tokens that have a structure of their own: PEM in its forms, JSON web tokens."""

import base64
import json
from collections.abc import Callable, Mapping
from random import Random

_COLUMNS = 64
# How the DER of each begins: RFC 8017 A.1.2, RFC 5208, RFC 5915, X.509 v3, RFC 5280, PROTOCOL.key.
_BEGINNINGS = {
    "RSA PRIVATE KEY": b"\x30\x82\x04\xa3\x02\x01\x00\x02\x82\x01\x01\x00",
    "PRIVATE KEY": bytes.fromhex("308204be020100300d06092a864886f70d0101010500048204a8"),
    "EC PRIVATE KEY": b"\x30\x77\x02\x01\x01\x04\x20",
    "ENCRYPTED PRIVATE KEY": bytes.fromhex("30820536305f06092a864886f70d01050d"),
    "OPENSSH PRIVATE KEY": b"openssh-key-v1\0\0\0\0\4none",
    "PGP PRIVATE KEY BLOCK": b"\x95\x03\xbe\x04",
    "CERTIFICATE": bytes.fromhex("308203a73082028fa003020102021400"),
    "CERTIFICATE REQUEST": bytes.fromhex("308202a53082018d020100"),
    "PUBLIC KEY": bytes.fromhex("30820122300d06092a864886f70d01010105000382010f00"),
    "RSA PUBLIC KEY": bytes.fromhex("3082010a0282010100"),
}


def _lines(label: str, seed: Random) -> list[str]:
    size = 100 if label == "EC PRIVATE KEY" else 900
    body = base64.b64encode(_BEGINNINGS[label] + seed.randbytes(size)).decode()
    cut = [body[at : at + _COLUMNS] for at in range(0, len(body), _COLUMNS)]
    return [f"-----BEGIN {label}-----", *cut, f"-----END {label}-----"]


def _joined(joint: str, first: int = 0, last: int | None = None) -> Callable[[str, Random], str]:
    return lambda label, seed: joint.join(_lines(label, seed)[first:last])


def _base64_of_pem(label: str, seed: Random) -> str:
    return base64.b64encode(("\n".join(_lines(label, seed)) + "\n").encode()).decode()


def _part(value: object) -> str:
    raw = json.dumps(value, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _token(form: str, seed: Random) -> str:
    head = {"alg": "RS256", "kid": f"{seed.getrandbits(64):x}", "typ": "JWT"}
    claims: dict[str, object] = {"iss": "https://example.com", "sub": "anna", "exp": 1773480413}
    if form == "k8s":
        claims |= {"sub": "system:serviceaccount:shop:web", "aud": ["https://kubernetes.default"]}
    signature = base64.urlsafe_b64encode(seed.randbytes(256)).decode().rstrip("=")
    whole = f"{_part(head)}.{_part(claims)}.{signature}"
    return {"cut": whole[: len(whole) // 3], "head": whole[:40]}.get(form, whole)


KEYS: Mapping[str, Callable[[str, Random], str]] = {
    "pem": _joined("\n"),
    "pemindent": _joined("\n    "),
    "pemjson": _joined("\\n"),
    "pemjson2": _joined("\\\\n"),
    "pemspace": _joined(" "),
    "pemhead": _joined("\n", 0, 5),
    "pemtail": _joined("\n", 6),
    "pembody": _joined("\n", 2, -2),
    "pemjsonhead": _joined("\\n", 0, 4),
    "b64pem": _base64_of_pem,
    "jwt": _token,
}
