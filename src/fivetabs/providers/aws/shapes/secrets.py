"""The secrets that answers of AWS hold: tags and parameters by name, and user data."""

import base64
import binascii
from collections.abc import Iterator
from typing import Any, cast

from fivetabs.core.secrecy import secrets_of, secrets_of_text

_NAMED = frozenset({"Tags", "TagSet", "Environment", "Parameters"})
_USER_DATA = "UserData"


def secrets_in(answer: Any) -> Iterator[str]:
    """Secret values of one answer; only the places that can hold any are looked at closely."""
    left: list[Any] = [answer]
    while left:
        found = left.pop()
        if isinstance(found, list):
            left.extend(cast("list[Any]", found))
        elif isinstance(found, dict):
            for key, value in cast("dict[str, Any]", found).items():
                if key == _USER_DATA:
                    yield from _of_user_data(value)
                elif key in _NAMED:
                    yield from secrets_of(value)
                elif isinstance(value, dict | list):
                    left.append(value)


def _of_user_data(value: Any) -> Iterator[str]:
    """The script an instance starts with, in base64; and in an object of its own."""
    inner: Any = cast("dict[str, Any]", value).get("Value") if isinstance(value, dict) else value
    if not isinstance(inner, str):
        return
    try:
        script = base64.b64decode(inner, validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        script = inner
    yield from secrets_of_text(script)
