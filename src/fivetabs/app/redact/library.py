"""The detectors of Kingfisher (MongoDB), a library of token formats that is kept up by others.

Only its fit ones are heeded: rules that tell a secret by its own form with high confidence. Left
out are rules that take any forty characters near a maker's name for a key (in an answer about pods
called `datadog-agent` that would be every commit hash), and rules for public identifiers. Scanning
is linear and local; the library's calls that validate or revoke a secret are never made. See
docs/decisions/0010-secret-detectors.md.
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any

Span = tuple[int, int]
# How the library writes "near a keyword, after some sign of assignment".
_NEAR_A_NAME = re.compile(r"=\|>\|:\{1,3\}=|\[\\w\.-\]\{0,50\}|\{0,(?:12|32|64)\}\??")
_IDENTIFIER = re.compile(
    r"(?:^|[.-])(?:(?:client|app|application|account|user|tenant|auth|cloud|access"
    r"|service-account|location)-id|pub(?:lic)?-?key|project-api-key|username|name|url|host|domain"
    r"|curl-auth-user|curl-auth-header|kubernetes-secret-yaml|private-key"
    r"|mongodb-connection-string|twilio-api-key)(?:\.\d+)?$"
)


def listed(text: str) -> Iterator[Span]:
    """Where secrets stand that the library knows by their form."""
    raw = text.encode("utf-8", "replace")
    plain = len(raw) == len(text)
    for finding in _scanner().scan(raw):
        if not finding.visible or not _is_fit(finding.rule_id):
            continue
        place = finding.location
        start, end = place["start_offset"], place["end_offset"]
        end -= len(raw[start:end]) - len(raw[start:end].rstrip(b"\\\"'`;,"))
        yield (start, end) if plain else (_characters(raw, start), _characters(raw, end))


def _characters(raw: bytes, offset: int) -> int:
    return len(raw[:offset].decode("utf-8", "ignore"))


@cache
def _scanner() -> Any:
    """Built once a process: 0.2 s from the library's own cache of compiled rules, else seconds."""
    kingfisher: Any = import_module("kingfisher_sdk")
    return kingfisher.Scanner(kingfisher.Rules(confidence="high"), base64=False)


@cache
def _is_fit(rule: str) -> bool:
    source = _scanner().rules.detail(rule)["pattern"]
    return not _IDENTIFIER.search(rule) and not _NEAR_A_NAME.search(source)
