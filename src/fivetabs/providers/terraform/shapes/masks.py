"""What must never be shown: values marked sensitive, and those whose name or form gives them away.

Terraform marks a value only where it is told to; the same password may stand unmarked in another
attribute (an `output`, a connection string). So the marked values are collected first, and every
text that holds one of them is masked too.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from fivetabs.core.patterns import Pattern

_SHORTEST_SECRET = 6
_NAME = Pattern(
    r"(?:^|_)(?:pass(?:word|wd|phrase)?|pwd|secret|token|private_?key|api_?key|secret_?key"
    r"|access_?key|account_?key|master_?key|shared_?key|credentials?|connection_?string"
    r"|user_?data|custom_?data|kube_?config(?:_raw)?|secret_?(?:string|binary))"
    r"s?(?:_(?:pem|openssh|pkcs8|base64|b64|hash|value|text|wo|raw|json|replace_on_change))*$",
    re.IGNORECASE,
)
_CAMEL = Pattern(r"(?<=[a-z0-9])(?=[A-Z])")
# Bounded, so that a long value cannot make looking at it slow.
_FORM = Pattern(
    r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY|\beyJ[\w-]{10}|\bgh[pousr]_\w{20}|\bglpat-\S{15}"
    r"|\bxox[abprs]-\S{10}|\bsk-[\w-]{20}|\bhvs\.\S{20}"
    r"|\b\w[\w+.-]{0,30}://[^\s/:@]{0,100}:[^\s/@]{1,200}@"
    r"|(?:password|passwd|pwd|secret|token)[\"']?\s{0,9}[=:]\s{0,9}\S",
    re.IGNORECASE,
)


def secret_name(name: str) -> bool:
    """Whether an attribute of this name holds a secret (`db_password`, `privateKeyPem`)."""
    return bool(_NAME.search(_CAMEL.sub("_", name).replace("-", "_")))


def secret_form(text: str) -> bool:
    """Whether a text looks like a key, a token or an address with a password in it."""
    return bool(_FORM.search(text))


def marked(value: Any, mask: Any) -> Iterator[str]:
    """The texts under a marked part of a value; `mask` is true where Terraform says sensitive."""
    if mask is True:
        yield from (text for text in _texts(value) if len(text) >= _SHORTEST_SECRET)
    elif isinstance(mask, Mapping) and isinstance(value, Mapping):
        of = cast("Mapping[str, Any]", mask)
        for key, inner in cast("Mapping[str, Any]", value).items():
            yield from marked(inner, of.get(key))
    elif isinstance(mask, list) and isinstance(value, list):
        for inner, each in zip(cast("list[Any]", value), cast("list[Any]", mask), strict=False):
            yield from marked(inner, each)


def hidden(name: str, value: Any, secrets: Iterable[str] = ()) -> bool:
    """Whether a value under this name must be masked although nothing marks it."""
    if value in (None, "", True, False):
        return False
    if secret_name(name):
        return True
    text = value if isinstance(value, str) else ""
    return bool(text) and (secret_form(text) or any(secret in text for secret in secrets))


def any_marked(mask: Any) -> bool:
    """Whether any part of a value is marked sensitive."""
    if isinstance(mask, Mapping):
        return any(any_marked(each) for each in cast("Mapping[str, Any]", mask).values())
    if isinstance(mask, list):
        return any(any_marked(each) for each in cast("list[Any]", mask))
    return mask is True


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in cast("Mapping[str, Any]", value).values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in cast("list[Any]", value):
            yield from _texts(each)
