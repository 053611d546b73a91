"""Secrets to plant in real backends, and how to see whether anything of one came to light."""

import base64
from collections.abc import Iterator
from itertools import cycle
from random import Random
from urllib.parse import quote

from tests.corpus import expand

TOKENS = (
    "gh~p_{alnum:36}",
    "gl~pat-{b64url:20}",
    "xo~xb-{digit:12}-{digit:12}-{alnum:24}",
    "sk~_live_{alnum:24}",
    "hv~s.{b64url:95}",
    "AK~IA{b32:16}",
    "AI~za{b64url:35}",
    "npm~_{alnum:36}",
    "SG~.{b64url:22}.{b64url:43}",
    "do~p_v1_{hex:64}",
)
LABELS = ("gh~p_{alnum:36}", "AK~IA{b32:16}", "gl~rt-{alnum:20}")
"""Those that the grammar of a Kubernetes label allows as a value."""
LOOKALIKES = {
    "digest": "sha256:{hex:64}",
    "uuid": "{uuid}",
    "commit": "{hex:40}",
    "trace": "Root=1-{hex:8}-{hex:24}",
    "object": "secret/app-token-{lowalnum:5}",
    "arn": "arn:aws:iam::123456789012:role/shop-{lowalnum:6}",
}


class Seeds:
    """Values for a planting, each one different: by form, by name, and harmless ones."""

    def __init__(self, name: str) -> None:
        self._seed = Random(f"planted in {name}")
        self._tokens, self._labels = cycle(TOKENS), cycle(LABELS)
        self.secrets: dict[str, str] = {}
        self.harmless: dict[str, str] = {}

    def token(self, place: str) -> str:
        """A secret that its form gives away."""
        return self._planted(place, next(self._tokens))

    def label(self, place: str) -> str:
        """The same, fit for a label."""
        return self._planted(place, next(self._labels))

    def password(self, place: str) -> str:
        """A secret that only its name gives away."""
        return self._planted(place, "{alnum:7}-{word:5}{digit:3}")

    def web_token(self, place: str) -> str:
        """A JSON web token."""
        return self._planted(place, "{jwt}")

    def hexadecimal(self, place: str) -> str:
        """A signature, which only its parameter's name gives away."""
        return self._planted(place, "{hex:64}")

    def key(self, place: str) -> str:
        """A whole private key."""
        return self._planted(place, "{pem:RSA PRIVATE KEY}")

    def harmless_value(self, kind: str) -> str:
        """A look-alike that must be seen unchanged."""
        made = expand(LOOKALIKES[kind], self._seed)
        self.harmless[kind] = made
        return made

    def _planted(self, place: str, template: str) -> str:
        made = expand(template, self._seed)
        assert place not in self.secrets
        self.secrets[place] = made
        return made


def forms(secret: str) -> Iterator[str]:
    """How a secret may come to light: as it is, each telling line of it, quoted, in base64."""
    lines = [line for line in secret.splitlines() if not line.startswith("-----")]
    for line in lines:
        yield line
        yield quote(line, safe="")
        raw = line.encode()
        for shift in range(3):
            packed = base64.b64encode(b"\0" * shift + raw).decode()
            yield packed[(0, 2, 3)[shift] : (shift + len(raw)) * 8 // 6]
