"""HTTP headers that carry credentials: Authorization (RFC 9110) and cookies (RFC 6265)."""

import re
from collections.abc import Iterator

from fivetabs.app.redact.patterns import pattern
from fivetabs.app.redact.pem import decoded
from fivetabs.core.secrecy.values import is_placeholder, is_random, is_state

Span = tuple[int, int]
_AUTHORIZATION = (
    r"(?i)\bauthorization\\{0,4}[\"']?\s?[:=]>?[ \t]*\\{0,4}[\"'\[]{0,2}"
    r"(?:(bearer|basic|token|apikey|api-key|key|splunk|negotiate|ntlm|genie"
    r"|digest|hawk|sso-key|pve[a-z]+)[ \t=]+)?"
    r"([^\s\"'\\,;\]\x1e]+)"
)
_BASIC = r"(?i)\bbasic[ \t]+([A-Za-z0-9+/_-]{8,}={0,2})"
_COOKIES = r"(?i)\b(set-)?cookie\\{0,4}[\"']?[ \t]?[:=][ \t]*\\{0,4}[\"'\[]{0,2}([^\n\"'\\\]\x1e]+)"
_PAIR = re.compile(r"[^\s=;,]+=([^;\s]+)")
_SIGNED = ("AWS4-", "AWS ")


def headed(text: str) -> Iterator[Span]:
    """Where the credentials of HTTP headers stand."""
    for found in pattern(_AUTHORIZATION).finditer(text):
        value = found[2]
        if not found[1] and (value.startswith(_SIGNED) or not is_random(value, fewest=8)):
            continue
        if not is_placeholder(value) and not is_state(value):
            yield found.span(2)
    for found in pattern(_BASIC).finditer(text):
        if b":" in decoded(found[1]):
            yield found.span(1)
    for found in pattern(_COOKIES).finditer(text):
        for place, pair in enumerate(_PAIR.finditer(found[2])):
            if place and found[1]:
                break
            if not is_placeholder(pair[1]):
                start = found.start(2)
                yield start + pair.start(1), start + pair.end(1)
