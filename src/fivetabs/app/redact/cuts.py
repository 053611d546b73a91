"""What is left of a secret behind the place where a tool cut a text short: `head...tail`.

The head may still be known by its form; the tail never is, and is as secret.
"""

import re
from collections.abc import Iterable, Iterator

from fivetabs.core.secrecy.values import is_random

Span = tuple[int, int]
_CUT = re.compile(r"(?:…|\.\.\.|\[\d+ characters left out\])[ ]?")
_RUN = re.compile(r"[A-Za-z0-9+/=_.~%-]+")
_ORDINARY = re.compile(r"[0-9a-fA-F]+|[a-z0-9.-]+")
_TELLING = 12


def behind_cuts(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """Tails of the secrets that stand at `spans`, and runs that can be nothing but a tail."""
    for _, end in spans:
        cut = _CUT.match(text, end)
        run = _RUN.match(text, cut.end()) if cut else None
        if run is not None:
            yield run.span()
    for cut in _CUT.finditer(text):
        run = _RUN.match(text, cut.end())
        if run is not None and _is_tail(run[0]):
            yield run.span()


def _is_tail(run: str) -> bool:
    cases = any(map(str.isupper, run)) and any(map(str.islower, run))
    digit = any(map(str.isdigit, run))
    return cases and digit and not _ORDINARY.fullmatch(run) and is_random(run, fewest=_TELLING)
