"""Private keys that span lines: which lines are their bodies, and what is shown instead."""

import re
from dataclasses import dataclass

from fivetabs.core.quoting import secret, unmarked

_BEGIN = re.compile(rb"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----")
_END = b"-----END"
_DASHES = b"-----"
_BODY = re.compile(rb"\s*[A-Za-z0-9+/=]+\s*$")
_LONG_BODY = re.compile(rb"\s*[A-Za-z0-9+/=]{40,}\s*$")
_TOKEN = re.compile(r"[A-Za-z0-9+/=]{16,}")
_MOST_LINES = 400


@dataclass(slots=True)
class Veil:
    """Whether one writer's stream is inside a private key; where it begins in one, too.

    `prefix` counts the words that stand before the key in each of its lines.
    """

    inside: bool = False
    begun: bool = False
    lines: int = 0
    prefix: int = 0

    def idle(self, line: bytes) -> bool:
        """Whether the line neither is in a key nor could begin one: said quickly."""
        return self.begun and not self.inside and _DASHES not in line

    def hides(self, line: bytes) -> int:
        """0 for a line that is shown; for a key's body one more than the words before it."""
        if self.inside:
            self.lines += 1
            self.inside = _END not in line and self.lines < _MOST_LINES
            return 1 + self.prefix
        if not self.begun:
            body = _BODY if self.lines else _LONG_BODY
            if body.match(line):
                self.lines += 1
                return 1
            self.begun = True
        found = _BEGIN.search(line)
        if found and _END not in line:
            self.inside, self.lines = True, 0
            self.prefix = len(line[: found.start()].split())
        return 0


def shown(line: bytes, hidden: int = 0) -> str:
    """A line as text; of a key's body (`hidden` as a `Veil` has it) the words are secrets."""
    text = unmarked(line.decode("utf-8", "replace"))
    if not hidden:
        return text
    before = " ".join(text.split()[: hidden - 1])
    rest = text.split(None, hidden - 1)[hidden - 1 :]
    if rest and _BODY.match(rest[0].encode()):
        return f"{before} {secret(rest[0].strip())}".strip()
    return _TOKEN.sub(lambda found: secret(found[0]), text)
