"""Other things that a container's environment names: hosts with ports, ARNs, buckets, queues.

Only names are carried over, never a value: of a URL the host and the port, without user, password,
path and query. A variable whose value is anything else is passed by.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fivetabs.core.patterns import Pattern

_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?"
_HOST_PORT = Pattern(rf"({_HOST}):(\d{{1,5}})")
_PLAIN = Pattern(_HOST)
_ARN = Pattern(r"arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:\d*:[\w./:+=,@-]{1,200}")
_NAMING = (
    *("HOST", "HOSTS", "HOSTNAME", "ADDR", "ADDRESS", "ENDPOINT", "SERVER", "SERVERS", "BROKERS"),
    *("UPSTREAM", "BACKEND", "BUCKET", "QUEUE", "TOPIC", "TABLE", "SERVICE", "PEER", "PEERS"),
)
_OWN = frozenset({"localhost", "127.0.0.1", "0.0.0.0", "::1", "::"})  # noqa: S104
_NOT_HOSTS = frozenset({"true", "false", "none", "null", "yes", "no", "on", "off", "default"})
_LONGEST = 2000
_LEAST_PORT, _MOST_PORT = 21, 65535
_PLACE = Pattern(rf"({_HOST}|\[[0-9A-Fa-f:]+\])(?::(\d{{1,5}}))?(/[^?#\s]*)?")
_QUEUE_PATH = Pattern(r"/\d{12}/([\w-]{1,80}(?:\.fifo)?)")
_URL = Pattern(r"[A-Za-z][A-Za-z0-9+.-]*://\S+")


@dataclass(frozen=True, slots=True, order=True)
class Reference:
    """A name that a variable holds. `port` is 0 where none is written."""

    variable: str
    name: str
    port: int = 0

    @property
    def aliases(self) -> tuple[str, ...]:
        """How the thing may be known: with its port, and without."""
        return (f"{self.name}:{self.port}", self.name) if self.port else (self.name,)


def references(environment: Iterable[str]) -> tuple[Reference, ...]:
    """Everything that `NAME=value` entries name, sorted, each once."""
    found: set[Reference] = set()
    for entry in environment:
        variable, _, value = entry.partition("=")
        if 0 < len(value) <= _LONGEST:
            found.update(r for r in _named(variable, value.strip()) if r.name not in _OWN)
    return tuple(sorted(found))


def _named(variable: str, value: str) -> Iterator[Reference]:
    if "://" in value:
        for part in re.split(r"[\s,]+", value):
            if url := _URL.search(part):
                yield from _of_url(variable, url[0])
        return
    if _ARN.fullmatch(value):
        yield Reference(variable, value)
        return
    parts = [part for part in re.split(r"[\s,;]+", value) if part]
    naming = variable.upper().rsplit("_", 1)[-1] in _NAMING
    for part in parts:
        if pair := _HOST_PORT.fullmatch(part):
            port = int(pair[2])
            # A word with a small number is an image's tag sooner than a host.
            if port <= _MOST_PORT and (naming or (port >= _LEAST_PORT and _hostlike(pair[1]))):
                yield Reference(variable, pair[1].lower(), port)
        elif naming and _PLAIN.fullmatch(part) and not _empty(part):
            yield Reference(variable, part.lower())


def _empty(part: str) -> bool:
    return part.isdecimal() or part.lower() in _NOT_HOSTS


def _hostlike(name: str) -> bool:
    return "." in name or "-" in name or name.isalpha()


def _of_url(variable: str, text: str) -> Iterator[Reference]:
    # A password may hold any sign: whatever stands before the last @ is none of ours.
    place = _PLACE.match(text.partition("://")[2].rpartition("@")[2])
    if place is None:
        return
    host, port = place[1].strip("[]").lower(), int(place[2] or 0)
    if port <= _MOST_PORT:
        yield Reference(variable, host, port)
    queue = _QUEUE_PATH.fullmatch(place[3] or "")
    if queue and host.startswith("sqs."):
        yield Reference(variable, queue[1])
