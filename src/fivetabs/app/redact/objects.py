"""Values that are secret because of the object they stand in: a Secret's data, a named variable.

As JSON, plain or escaped within a string, as YAML and as HCL.
"""

import re
from collections.abc import Iterator

from fivetabs.app.redact.patterns import pattern
from fivetabs.core.secrecy import Secrecy, hides, secrecy
from fivetabs.core.secrecy.values import is_placeholder

Span = tuple[int, int]
_Q = r"\\{0,6}[\"']"
_NAME = r"(?:\w{0,24}[Nn]ame|\w{0,24}[Kk]ey|variable)"
_VALUE = r"\w{0,24}[Vv]alue"
_TEXT = r"((?:[^\"'\\\n\x1e]|\\[^\"'\n\x1e])*)"
_PAIRS = (
    (
        rf"{_Q}{_NAME}{_Q}\s*[:=]\s*{_Q}([A-Za-z0-9_.\-/]+){_Q}\s*,\s*{_Q}{_VALUE}{_Q}\s*[:=]"
        rf"\s*{_Q}{_TEXT}{_Q}"
    ),
    (
        r"\b(?:name|Name|key|Key)\s*[:=]\s*[\"']?([A-Za-z0-9_.\-/]+)[\"']?\s*[,\n]\s*"
        r"(?:value|Value)\s*[:=]\s*[\"']?([^\s\"',\x1e][^\n\"'\x1e]*)"
    ),
)
_BACKWARDS = (
    rf"{_Q}{_VALUE}{_Q}\s*[:=]\s*{_Q}{_TEXT}{_Q}\s*,\s*{_Q}{_NAME}{_Q}\s*[:=]\s*{_Q}"
    rf"([A-Za-z0-9_.\-/]+){_Q}"
)
_ATTRIBUTES = r"(?i)\b(?:key|name)=[\"']([^\"']+)[\"']\s+value=[\"']([^\"'\n]+)[\"']"
_INSIDE = (
    rf"{_Q}([A-Za-z0-9_.\-]+){_Q}\s*:\s*\{{[^{{}}\x1e]{{0,400}}?{_Q}value{_Q}\s*:\s*{_Q}{_TEXT}{_Q}",
    rf"\boutput\s+\"([A-Za-z0-9_\-]+)\"\s*\{{[^{{}}\x1e]{{0,400}}?\bvalue\s*=\s*\"{_TEXT}\"",
)
_OF_KIND = (
    r"(?:\\{0,6}[\"']kind\\{0,6}[\"']\s*:\s*\\{0,6}[\"']Secret\\{0,6}[\"']"
    r"|(?m:^[ \t-]*kind:[ \t]*Secret[ \t]*$))"
)
_JSON_DATA = r"\\{0,6}\"(?:data|stringData)\\{0,6}\"\s*:\s*\{([^{}\x1e]*)\}"
_JSON_VALUE = re.compile(r'(\\{0,6}")\s*:\s*\1(.*?)(?<!\\)\1')
_YAML_DATA = r"(?m)^([ \t]*)(?:data|stringData):[ \t]*\n((?:[ \t]+[^\n\x1e]*\n?)+)"
_YAML_VALUE = re.compile(r"(?m)^[ \t]+[\w.\-]+:[ \t]*([^\s|>][^\n]*)$")
_FRAGMENT = 4000


def held(text: str) -> Iterator[Span]:
    """Where values stand that their object makes secret."""
    for source in (*_PAIRS, *_INSIDE):
        for found in pattern(source).finditer(text):
            yield from _named(found[1], found[2], found.span(2))
    for found in pattern(_ATTRIBUTES).finditer(text):
        yield from _named(found[1], found[2], found.span(2))
    for found in pattern(_BACKWARDS).finditer(text):
        yield from _named(found[2], found[1], found.span(1))
    if "Secret" in text:
        for found in pattern(_OF_KIND).finditer(text):
            yield from _data(text, *found.span())


def _named(name: str, value: str, span: Span) -> Iterator[Span]:
    said = secrecy(name)
    if said > Secrecy.NONE and hides(value, said, chosen=name.isupper()):
        yield span


def _data(text: str, start: int, end: int) -> Iterator[Span]:
    """Every value under `data` and `stringData` near a `kind: Secret`, in the same text."""
    first = max(text.rfind("\x1e", 0, start) + 1, start - _FRAGMENT)
    last = min(n for n in (text.find("\x1e", end), end + _FRAGMENT, len(text)) if n >= 0)
    part = text[first:last]
    for found in pattern(_JSON_DATA).finditer(part):
        for value in _JSON_VALUE.finditer(found[1]):
            if not is_placeholder(value[2]):
                at = first + found.start(1)
                yield at + value.start(2), at + value.end(2)
    for found in pattern(_YAML_DATA).finditer(part):
        for value in _YAML_VALUE.finditer(found[2]):
            if not is_placeholder(value[1].strip()):
                at = first + found.start(2)
                yield at + value.start(1), at + value.end(1)
