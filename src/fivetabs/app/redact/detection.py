"""Every rule of the house over one text, and what they found put in order."""

from collections.abc import Iterable, Iterator

from fivetabs.app.redact.addresses import addressed
from fivetabs.app.redact.assignments import assigned
from fivetabs.app.redact.commands import commanded
from fivetabs.app.redact.encoded import web_tokens, wrapped
from fivetabs.app.redact.forms import shaped
from fivetabs.app.redact.headers import headed
from fivetabs.app.redact.objects import held
from fivetabs.app.redact.pem import private_keys

Span = tuple[int, int]
_SHALLOW = (shaped, private_keys, web_tokens, addressed, headed, commanded, assigned, held)


def found_in(text: str) -> Iterator[Span]:
    """Where secrets stand in a text, base64 looked into once."""
    yield from _plain(text)
    yield from wrapped(text, _plain)


def _plain(text: str) -> Iterator[Span]:
    for rule in _SHALLOW:
        yield from rule(text)


def in_order(spans: Iterable[Span]) -> Iterator[Span]:
    """Spans from left to right, those that overlap as one."""
    start = end = -1
    for first, last in sorted(spans):
        if first >= last:
            continue
        if first >= end:
            if end > start:
                yield start, end
            start, end = first, last
        else:
            end = max(end, last)
    if end > start:
        yield start, end
