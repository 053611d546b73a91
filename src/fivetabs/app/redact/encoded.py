"""Secrets in base64: of a key file, of a configuration, of `user:password`, of a Secret's data.

What decodes to text is looked at as text; when a secret is in it, all of the base64 is hidden.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator

from fivetabs.app.redact.patterns import pattern
from fivetabs.app.redact.pem import decoded, is_text

Span = tuple[int, int]
_RUN = r"[A-Za-z0-9+/_-]{24,}={0,2}"
_HEX = re.compile(r"[0-9a-fA-F-]+")
_NAME = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_JWT = r"ey[JI][A-Za-z0-9_-]{8,}(?:\.{1,2}[A-Za-z0-9_-]+){0,4}"
_HEADER = re.compile(rb'"(?:alg|enc|typ|kid|cty|x5t)"\s*:')
_CLAIMS = re.compile(rb'"(?:iss|sub|aud|exp|iat|nbf|jti)"\s*:')
_LONGEST = 200_000
# Stands between texts that are looked at together: no rule reaches across it, and no cleaned text
# can hold it.
BETWEEN = "\n\x1e\n"


def web_tokens(text: str) -> Iterator[Span]:
    """JSON web tokens (RFC 7519), whole or cut, told by what their parts decode to."""
    for found in pattern(_JWT).finditer(text):
        head, _, rest = found[0].partition(".")
        raw = decoded(head)
        signed = _CLAIMS.search(raw) and (rest or text[found.start() - 1 : found.start()] == ".")
        if _HEADER.search(raw) or signed or raw.startswith((b'{"k":"', b'{"key":"')):
            yield found.span()


def wrapped(text: str, rules: Callable[[str], Iterator[Span]]) -> Iterator[Span]:
    """Base64 in whose decoded text the rules find a secret; they look once, at all of it."""
    spans = list[Span]()
    texts, starts, size = list[str](), list[int](), 0
    for found in pattern(_RUN).finditer(text):
        value = found[0]
        if len(value) > _LONGEST or _HEX.fullmatch(value) or _NAME.fullmatch(value):
            continue
        raw = decoded(value)
        if is_text(raw):
            spans.append(found.span())
            texts.append(raw.decode("ascii", "replace"))
            starts.append(size)
            size += len(raw) + len(BETWEEN)
    if texts:
        hit = {bisect_right(starts, start) - 1 for start, _ in rules(BETWEEN.join(texts))}
        yield from (spans[at] for at in sorted(hit))
