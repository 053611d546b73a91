"""Whether a name says that what stands under it is secret.

A name is read as its words, however they are joined: `dbPassword`, `DB_PASSWORD`, `db.password`.
"""

import re
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise

from fivetabs.core.secrecy.words import ABOUT, DIRECTIVES, KEY_KINDS, KEYS, OF_OBJECTS, PLACES


class Secrecy(IntEnum):
    """How surely a name announces a secret."""

    NONE = 0
    OBJECT = 1
    """It may as well name a Secret object: `secret`, `tlsSecret`, `imagePullSecret`."""
    TOKEN = 2
    """It may as well be said of a token in prose: `token`, `credentials`, `auth`."""
    KEY = 3
    """A key or a secret: whatever stands there that is long enough to be one."""
    PASSWORD = 4
    """Whatever stands there is secret."""


_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_PASSWORDS = ("password", "passwd", "passphrase", "passcode", "pwd")
_TOKENS = ("token", "jwt", "credential", "credentials", "creds", "cred")
_HOLDING = frozenset({"secret_id", "access_key_id", "accesskeyid", "secretid"})


def secrecy(name: str) -> Secrecy:
    """What a name says of its value. `[]` and quotes around it do not count."""
    return _secrecy(name[-120:])


@lru_cache(maxsize=4096)
def _secrecy(name: str) -> Secrecy:
    words = [word.lower() for word in _WORD.findall(name)]
    while words and words[-1].isdigit():
        words.pop()
    if not words:
        return Secrecy.NONE
    if "_".join(words[-3:]) in _HOLDING or "_".join(words[-2:]) in _HOLDING:
        return Secrecy.TOKEN
    if words[-1] in ABOUT or "public" in words:
        return Secrecy.NONE
    return _said(words)


def _said(words: list[str]) -> Secrecy:
    last = words[-1]
    if any(word.endswith(_PASSWORDS) for word in words) or last == "passwords":
        return Secrecy.PASSWORD
    if last in {"userpass", "dbpass"} or last in DIRECTIVES or words[-2:] == ["olc", "rootpw"]:
        return Secrecy.PASSWORD
    if last == "pass":
        return Secrecy.PASSWORD if len(words) > 1 else Secrecy.TOKEN
    if _is_key(words):
        return Secrecy.KEY
    if any(word.endswith("secret") for word in words) and not _is_connection(words):
        return _of_secret(words)
    return Secrecy.TOKEN if _is_token(words) or _is_connection(words) else Secrecy.NONE


def _is_key(words: list[str]) -> bool:
    if any(word.endswith(tuple(KEYS)) for word in words):
        return True
    return any(word in {"key", "keys"} and before in KEY_KINDS for before, word in pairwise(words))


def _is_token(words: list[str]) -> bool:
    last = words[-1]
    if len(words) > 1 and last == "token" and words[-2] in PLACES:
        return False
    return last.endswith(_TOKENS) or last == "auth" or any(w.endswith("token") for w in words)


def _is_connection(words: list[str]) -> bool:
    text = "_".join(words)
    return (
        words[-1] == "dsn"
        or "connection_string" in text
        or "connectionstring" in text
        or "conn_str" in text
    )


def _of_secret(words: list[str]) -> Secrecy:
    """`secret` alone may name an object; `client_secret` cannot."""
    at = max(i for i, word in enumerate(words) if word.endswith("secret"))
    if words[at] != "secret":
        return Secrecy.KEY
    return Secrecy.OBJECT if at == 0 or words[at - 1] in OF_OBJECTS else Secrecy.KEY
