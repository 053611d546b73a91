"""Approvals sealed with the owner's passphrase, which the server can check and cannot make.

The passphrase gives a key pair (scrypt, RFC 7914, then Ed25519, RFC 8032). Its public half stands
in the settings, so nobody who can only write files can approve anything.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from typing import TYPE_CHECKING

from fivetabs.core import Invalid

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_KIND = "ed25519"
_SALT = 16
_COST, _BLOCK, _LANES, _LENGTH = 2**15, 8, 1, 32


def approver(passphrase: str, salt: bytes) -> str:
    """The public key of a passphrase, as it stands in the settings. `salt` is 16 random bytes."""
    public = _private(passphrase, salt).public_key().public_bytes_raw()
    return ".".join((_KIND, _text(salt), _text(public)))


def check(key: str) -> None:
    """Pass where this is a key as `approver` makes them.

    Raises:
        Invalid: If it is none.
    """
    _read(key)


def seal(passphrase: str, key: str, message: bytes) -> str:
    """The seal of a message.

    Raises:
        Invalid: If this is not the passphrase of that key, or the key is none.
    """
    salt, public = _read(key)
    private = _private(passphrase, salt)
    if private.public_key().public_bytes_raw() != public:
        raise Invalid("this is not the passphrase; nothing was approved")
    return _text(private.sign(message))


def genuine(key: str, message: bytes, given: str) -> bool:
    """Whether a seal is of this very message and made with that key's passphrase."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PublicKey,
    )

    _, public = _read(key)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(_bytes(given), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _private(passphrase: str, salt: bytes) -> "Ed25519PrivateKey":
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
    )
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    derived = Scrypt(salt=salt, length=_LENGTH, n=_COST, r=_BLOCK, p=_LANES)
    return Ed25519PrivateKey.from_private_bytes(derived.derive(passphrase.encode()))


def _read(key: str) -> tuple[bytes, bytes]:
    parts = key.split(".")
    try:
        kind, salt, public = parts[0], *map(_bytes, parts[1:])
    except ValueError as error:
        raise Invalid("the setting approver is not a key", hint=_HINT) from error
    if kind != _KIND or len(salt) != _SALT or len(public) != _LENGTH:
        raise Invalid("the setting approver is not a key", hint=_HINT)
    return salt, public


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except NotBase64 as error:
        raise ValueError(text) from error


_HINT = "fivetabs approve passphrase prints the line to set"
