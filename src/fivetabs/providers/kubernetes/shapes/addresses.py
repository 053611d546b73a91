"""Addresses written in configuration: in variables, arguments and the text of files.

What is found is a host as somebody wrote it, with its port and scheme where they are told. No part
of a value but these is kept: the rest may hold credentials.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from fivetabs.core.patterns import Pattern

_LONGEST_LINE = 2_000
_MOST_PORT = 65_535
_FIRST_FREE = 1_000
_LOW_PORTS = frozenset({22, 25, 53, 80, 81, 88, 389, 443, 465, 587, 636, 853})

PORTS: Mapping[str, int] = MappingProxyType(
    {
        "http": 80,
        "https": 443,
        "ws": 80,
        "wss": 443,
        "postgres": 5432,
        "postgresql": 5432,
        "mysql": 3306,
        "mariadb": 3306,
        "redis": 6379,
        "rediss": 6379,
        "mongodb": 27017,
        "amqp": 5672,
        "amqps": 5671,
        "nats": 4222,
        "memcached": 11211,
        "ldap": 389,
        "sqlserver": 1433,
    }
)
_FILES = frozenset({"file", "unix", "jar", "classpath", "data", "s3", "s3a", "gs", "oci", "docker"})

_URL = Pattern(r"([A-Za-z][A-Za-z0-9+.-]{1,30})://([^\s\"'<>\\|;]{1,1000})")
_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,250}[A-Za-z0-9])?\.?"
_PAIR = Pattern(rf"(?<![\w./:@$%{{}}-])({_NAME}):(\d{{2,5}})(?![\w.:-])")
_BARE = Pattern(rf"{_NAME}")
_TCP = Pattern(r"@(?:tcp|udp)\(([^)\s]{1,300})\)")
_DSN = Pattern(
    r"\b(?:host|server|data source)=([^\s;,]{1,260})(?:[\s;].{0,200}?\bport=(\d{2,5}))?",
    re.IGNORECASE,
)
_FLOW = Pattern(r"\baddress:\s*[\"']?([^\s\"',}]{1,260})[\"']?\s*,\s*port_value:\s*(\d{2,5})")
_SERVICE_HOST = Pattern(r"\$[({]?([A-Z][A-Z0-9_]{0,250})_SERVICE_HOST[)}]?")
_UPSTREAM = Pattern(r"^\s*upstream\s+([\w.-]{1,250})", re.MULTILINE)
_SERVER = Pattern(rf"^\s*server\s+({_NAME})(?::(\d{{2,5}}))?\s*[;\s]")
_KEY = Pattern(
    r"^[\s\-\"']*([\w.\-]{1,120})[\"']?\s*[:=]\s*[\"']?([^\s\"',#]{1,300})[\"']?,?\s*;?\s*$"
)
# Names of variables and keys end in these when they hold the address of something else ...
_HINT = Pattern(
    r"addr|address|backend|brokers?|dsn|endpoint|hosts?|hostname|servers?|upstream|uri|url"
)
# ... unless they begin with one of these: then it is the program's own.
_OWN = Pattern(
    r"advertised|allowed|app|bind|container|cors|external|https?|instance|listen|listener"
    r"|management|metrics|my|node|own|pod|public|self|server|trusted|virtual|web"
)


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """A host in lower case, with what is told of its port (0: nothing) and scheme."""

    host: str
    port: int = 0
    scheme: str = ""

    def __str__(self) -> str:
        head = f"{self.scheme}://" if self.scheme else ""
        return f"{head}{self.host}" + (f":{self.port}" if self.port else "")

    @property
    def reached(self) -> int:
        """The port that is asked: the one that is told, or the scheme's own; 0 when unknown."""
        return self.port or PORTS.get(self.scheme, 0)


def addresses_in(text: str) -> Iterator[Address]:
    """URLs, `host:port`, and hosts in connection strings, of one value or line."""
    for found in _URL.finditer(text):
        yield from _authority(found[1].lower(), found[2])
    rest = _URL.sub(" ", text)
    for found in _TCP.finditer(rest):
        yield from _hosts("", found[1])
    for found in _DSN.finditer(rest):
        if _is_host(found[1]):
            yield Address(_host(found[1]), int(found[2] or 0))
    for found in _SERVICE_HOST.finditer(rest):
        yield Address(f"${found[1]}")
    for found in _FLOW.finditer(rest):
        if _is_host(found[1]):
            yield Address(_host(found[1]), int(found[2]))
    for found in _PAIR.finditer(_TCP.sub(" ", rest)):
        port = int(found[2])
        if _is_host(found[1]) and (port in _LOW_PORTS or _FIRST_FREE <= port <= _MOST_PORT):
            yield Address(_host(found[1]), port)


def addresses_of(name: str, value: str, ports: Mapping[str, str]) -> Iterator[Address]:
    """The addresses in one variable; `ports` are all variables, to find `DB_PORT` for `DB_HOST`."""
    text = value.strip()[:_LONGEST_LINE]
    found = tuple(addresses_in(text))
    if not found and _hints(name) and _BARE.fullmatch(text) and _is_host(text):
        found = (Address(_host(text)),)
    for each in found:
        told = each.port or (0 if each.scheme else _port_beside(name, ports))
        yield Address(each.host, told, each.scheme)


def addresses_within(text: str) -> Iterator[tuple[Address, int]]:
    """The addresses in a file of configuration, each with its line (from 1); comments are none."""
    own = {found[1].lower() for found in _UPSTREAM.finditer(text)}
    lines = text.splitlines()
    for index, line in enumerate(lines):
        bare = line.strip()
        if not bare or bare.startswith(("#", "//", ";")) or len(line) > _LONGEST_LINE:
            continue
        for each in dict.fromkeys(_on_line(bare, lines, index)):
            if each.host not in own:
                yield each, index + 1


def _on_line(bare: str, lines: list[str], index: int) -> Iterator[Address]:
    found = tuple(addresses_in(bare.partition(" #")[0]))
    yield from found
    if found:
        return
    if server := _SERVER.match(bare):
        if _is_host(server[1]):
            yield Address(_host(server[1]), int(server[2] or 0))
    elif (pair := _KEY.match(bare)) and _hints(pair[1]) and _is_host(pair[2]):
        yield Address(_host(pair[2]), _port_near(lines, index))


def _port_near(lines: list[str], index: int) -> int:
    """The port of a sibling line: `port: 5432` right after or before `host: db`."""
    near = (*lines[index + 1 : index + 3], *reversed(lines[max(0, index - 2) : index]))
    for line in near:
        pair = _KEY.match(line)
        if pair and re.split(r"[._-]", pair[1].lower())[-1] in {"port", "value"}:
            text = pair[2].rstrip(";")
            if "port" in pair[1].lower() and text.isdecimal():
                return int(text)
    return 0


def _authority(scheme: str, rest: str) -> Iterator[Address]:
    if scheme in _FILES:
        return
    yield from _hosts(scheme, re.split(r"[/?#]", rest, maxsplit=1)[0].rpartition("@")[2])


def _hosts(scheme: str, authority: str) -> Iterator[Address]:
    for each in authority.split(","):
        if found := _SERVICE_HOST.match(each):
            yield Address(f"${found[1]}", 0, scheme)
            continue
        host, _, port = each.partition(":")
        if _is_host(host):
            number = re.match(r"\d{2,5}", port)
            yield Address(_host(host), int(number[0]) if number else 0, scheme)


def _host(text: str) -> str:
    return text.lower().rstrip(".")


def _is_host(text: str) -> bool:
    """A name with a letter in it, or an IPv4 address; no version, no placeholder."""
    if not _BARE.fullmatch(text) or ".." in text:
        return False
    pieces = text.rstrip(".").split(".")
    if all(piece.isdecimal() for piece in pieces):
        return len(pieces) == 4  # noqa: PLR2004  (an IPv4 address)
    return any(c.isalpha() for c in pieces[-1]) and text.lower() not in {"true", "false", "none"}


def _hints(name: str) -> bool:
    """Whether a variable or key of this name holds the address of something else."""
    words = [word for word in re.split(r"[._-]", _snake(name)) if word]
    if not words or not _HINT.fullmatch(words[-1]):
        return False
    return len(words) == 1 or not _OWN.fullmatch(words[0])


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _port_beside(name: str, variables: Mapping[str, str]) -> int:
    stem, _, _ = name.rpartition("_")
    told = variables.get(f"{stem}_PORT" if stem else "PORT", "")
    return int(told) if told.isdecimal() and _hints(name) else 0
