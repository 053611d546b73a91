"""What stands where a secret stood: a short keyed name, the same for the same secret.

The name is the beginning of an HMAC-SHA256 over the secret, so that two equal secrets can be seen
to be equal and nobody without the key can try guesses against it.
"""

import hmac
import re
from collections.abc import Iterator
from hashlib import sha256
from threading import Lock

MARKER = re.compile(r"<secret:[0-9a-f]{4,64}>")
_SHORTEST = 4
_FULL = 64
_MOST_NAMES = 20_000
_FOLDS = re.compile(r"\\+[nrt]|\s")


class Markers:
    """The markers given so far. Two different secrets never share one."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._names: dict[str, str] = {}
        self._lock = Lock()

    def of(self, value: str) -> str:
        """The marker of a secret; however its lines are joined, a PEM key has one marker."""
        plain = _FOLDS.sub("", value) if "-----" in value else value
        digest = hmac.new(self._key, plain.encode("utf-8", "surrogatepass"), sha256).hexdigest()
        with self._lock:
            return f"<secret:{self._name(digest)}>"

    def _name(self, digest: str) -> str:
        for length in range(_SHORTEST, _FULL, 2):
            name = digest[:length]
            taken = self._names.get(name)
            if taken == digest:
                return name
            if taken is None and len(self._names) < _MOST_NAMES:
                self._names[name] = digest
                return name
        return digest


def outside_markers(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of a span that are not a marker already."""
    for marker in MARKER.finditer(text, start, end):
        if marker.start() > start:
            yield start, marker.start()
        start = marker.end()
    if start < end:
        yield start, end
