"""Passwords inside addresses: user and password of a URL, of a database's data source name.

RFC 3986 puts them before an `@`. People write passwords there with `/`, `#`, `?` and `@` unescaped,
so where what follows the colon is no port, the password reaches to the last `@` before a host.
"""

import re
from collections.abc import Iterator

from fivetabs.app.redact.patterns import pattern
from fivetabs.core.secrecy.values import is_placeholder, is_random

Span = tuple[int, int]
_URL = r"(?i)[a-z][a-z0-9+.-]{0,40}:(?:/|\\{1,4}/){2}([^\s\"'<>`\x1e]+)"
_ENCODED = r"(?i)%3A%2F%2F[a-z0-9._-]*%3A([^\s&\"'<>]+?)%40"
_BARE_LOGIN = (
    r"(?:^|[\s\"'=])[A-Za-z_][A-Za-z0-9_.-]{0,63}:([^\s:@/\"'<>]{8,})"
    r"@([A-Za-z][A-Za-z0-9.-]+)(?:[:/\s\"']|$)"
)
_SOURCE_NAMES = (
    r"[A-Za-z0-9_.-]+:([^\s\"'<>@/][^\s\"'<>@]*)@(?:tcp|udp|unix)\(",
    r"(?i)jdbc:oracle:[a-z]+:[^\s/@:]*/([^\s@\"'/]+)@",
)
_PORT = re.compile(r"\d{1,5}(?:$|[/?#,])")
_HOST = re.compile(r"[\w\[\]:.%,-]+(?:[/?#;)]|$)")
_NEXT_URL = re.compile(r"[,;|][a-zA-Z][a-zA-Z0-9+.-]*://")
_LONG_USER = 20


def addressed(text: str) -> Iterator[Span]:
    """Where passwords of addresses stand."""
    if "://" in text or ":\\/" in text:
        for found in pattern(_URL).finditer(text):
            yield from _of_url(text, *found.span(1))
    for source in (_ENCODED, *_SOURCE_NAMES):
        for found in pattern(source).finditer(text):
            if not is_placeholder(found[1]):
                yield found.span(1)
    for found in pattern(_BARE_LOGIN).finditer(text):
        if is_random(found[1], fewest=8) and not found[2].startswith("sha"):
            yield found.span(1)


def _of_url(text: str, start: int, end: int) -> Iterator[Span]:
    rest = text[start:end]
    another = _NEXT_URL.search(rest)
    if another is not None:
        yield from _of_url(text, start + another.end(), end)
        rest = rest[: another.start()]
    authority = re.split(r"[/?#\\]", rest, maxsplit=1)[0]
    at = authority.rfind("@")
    if at < 0:
        at = _unescaped(rest)
    if at < 0:
        return
    user, colon, password = rest[:at].partition(":")
    if colon and not is_placeholder(password):
        yield start + len(user) + 1, start + at
    elif not colon and len(user) >= _LONG_USER and is_random(user) and any(map(str.isdigit, user)):
        yield start, start + at


def _unescaped(rest: str) -> int:
    """The last `@` before something like a host, where a password holds `/`, `?` or `#`."""
    _, colon, after = rest.partition(":")
    if not colon or _PORT.match(after):
        return -1
    at = rest.rfind("@")
    return at if at > 0 and _HOST.match(rest, at + 1) else -1
