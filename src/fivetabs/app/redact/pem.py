"""Private keys in PEM (RFC 7468): whole, on one line, cut at either end, or only their body lines.

A body alone is told by its columns: encoders break lines at 64 characters, and what they decode to
is no text. Bodies that stand under a CERTIFICATE or PUBLIC KEY heading are left as they are.
"""

import base64
import binascii
import re
from collections.abc import Iterator

from fivetabs.app.redact.patterns import pattern
from fivetabs.core.secrecy.values import is_random

Span = tuple[int, int]
_LABEL = r"[A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?"
_BREAK = r"(?:\\{1,4}[nr]|\s)"
_HEADER_LINE = r"[A-Za-z-]+: [^\n\x1e]+\n"
_LONG, _SHORT = r"[A-Za-z0-9+/=]{16,}", r"[A-Za-z0-9+/=]{1,15}"
_WHOLE = (
    rf"-----BEGIN {_LABEL}-----"
    r"(?:\\{1,4}[nr]|[^\x1e\\-]|-[^-]|\\[^nr\x1e])*-{0,5}"
    rf"-----END {_LABEL}-----"
)
_BEGUN = (
    rf"-----BEGIN {_LABEL}(?:-----)?"
    rf"(?:(?:{_BREAK}|{_HEADER_LINE})*{_LONG})*"
    rf"(?:{_BREAK}*{_SHORT}(?:$|[\n\"'\x1e]))?"
)
_ENDED = rf"(?:{_LONG}{_BREAK}*)*(?:[A-Za-z0-9+/=]{{1,80}}{_BREAK}*)?-----END {_LABEL}-----"
# Base64 of what DER private keys and OpenSSH's own format begin with.
_BEGINNING = (
    r"\b(?:MII[A-Za-z0-9+/]{2}[A-Za-z0-9+/]?IBA[AD][A-Za-z0-9+/]|MI[GHI][A-Za-z0-9+/]{0,3}AgEAM"
    r"|MHcCAQEEI|MC4CAQAwBQYDK2VwBCIEI|MHQCAQEEI|MIGkAgEBBD|MIHcAgEBBEI|b3BlbnNzaC1rZXktdjEA)"
)
_FOLD = r"(?:\\{1,4}[nr]|[ \t]*\n[ \t]*)"
_DER = rf"{_BEGINNING}[A-Za-z0-9+/]{{16,}}(?:{_FOLD}{_LONG})*(?:{_FOLD}?[A-Za-z0-9+/]+={{0,2}})?"
_ESCAPED_BODY = r"(?:[A-Za-z0-9+/]{64}(?:\\{1,4}n))+[A-Za-z0-9+/=]{1,64}"
_HEX = re.compile(r"[0-9a-fA-F]+")
_HEADING = re.compile(r"-----(BEGIN|END) ([A-Z0-9 ]+?)-----")
_BODY_LINE = re.compile(r"(?:^|(?<=[\s|:>\]]))([A-Za-z0-9+/]{64}|[A-Za-z0-9+/]{76})$")
_LAST_LINE = re.compile(r"(?:^|(?<=[\s|:>\]]))([A-Za-z0-9+/]{1,75}={0,2})$")
_JOINED = re.compile(r"(?m)(?:^|(?<=\| ))[A-Za-z0-9+/]{64}(?= \|)|(?<=\| )[A-Za-z0-9+/]{64}$")
_ALONE = 64
_NO_SPACE = str.maketrans("", "", " \n\r\t+/")
_TEXT_SHARE = 0.9


def private_keys(text: str) -> Iterator[Span]:
    """Where private keys stand, or what is left of them."""
    if "PRIVATE KEY" in text:
        for source in (_WHOLE, _BEGUN, _ENDED):
            for found in pattern(source).finditer(text):
                yield found.span()
    for found in pattern(_DER).finditer(text):
        yield found.span()
    for found in pattern(_ESCAPED_BODY).finditer(text):
        if not _public_before(text, found.start()) and _is_key_matter(found[0][:64]):
            yield found.span()
    yield from _bodies(text)
    # Lines that a tool joined to one.
    for found in _JOINED.finditer(text) if " | " in text else ():
        if _is_key_matter(found[0]):
            yield found.span()


def _public_before(text: str, at: int) -> bool:
    """Whether the heading right before is one that does not say PRIVATE."""
    heading = text[max(0, at - 50) : at].rstrip("\\nr \n\t")
    return heading.endswith("-----") and "PRIVATE" not in heading


def _is_key_matter(line: str) -> bool:
    """Random-looking, and no text once decoded."""
    if _HEX.fullmatch(line) or not is_random(line, fewest=_ALONE) or line.isalpha():
        return False
    return not is_text(decoded(line))


def decoded(value: str) -> bytes:
    """The bytes a base64 text stands for, as many as are whole; none where it is no base64."""
    plain = value.rstrip("=").replace("-", "+").replace("_", "/")
    plain = plain[: len(plain) - (1 if len(plain) % 4 == 1 else 0)]
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def is_text(raw: bytes) -> bool:
    """Whether nearly all bytes are printable ASCII or white space."""
    printable = sum(32 <= byte < 127 or byte in {9, 10, 13} for byte in raw)  # noqa: PLR2004
    return bool(raw) and printable >= _TEXT_SHARE * len(raw)


def _bodies(text: str) -> Iterator[Span]:
    """Lines of 64 characters: alone on their line, or one after the other behind a prefix."""
    public, run = False, list[Span]()
    at = 0
    for line in text.split("\n"):
        heading = _HEADING.search(line)
        if heading is not None:
            public = heading[1] == "BEGIN" and "PRIVATE" not in heading[2]
        found = None if public or len(line) < _ALONE else _BODY_LINE.search(line.rstrip())
        if found is not None and _is_key_matter(found[1]):
            run.append((at + found.start(1), at + found.end(1)))
        else:
            yield from _ended(run, line, at, text)
            run = []
        if line == "\x1e":
            public = False
        at += len(line) + 1
    yield from _ended(run, "", at, text)


def _ended(run: list[Span], line: str, at: int, text: str) -> Iterator[Span]:
    """The lines of a run, and the shorter one that ends it."""
    if not run:
        return
    first, _ = run[0]
    alone = text[text.rfind("\n", 0, first) + 1 : first].strip() == ""
    if len(run) == 1 and not alone:
        return
    last = _LAST_LINE.search(line.rstrip())
    if last is not None and (is_random(last[1], fewest=8) or last[1].endswith("=")):
        run = [*run, (at + last.start(1), at + last.end(1))]
    if text[first : run[-1][1]].translate(_NO_SPACE).replace("=", "").isalnum():
        run = [(first, run[-1][1])]
    yield from run
