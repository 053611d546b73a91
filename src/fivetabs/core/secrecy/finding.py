"""The secrets of raw JSON: values whose name says so, wherever name and value stand.

A key and its value, `{"name": …, "value": …}`, `NAME=value` in a list, a flag and what follows it,
and the passwords inside addresses and connection strings.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from fivetabs.core.secrecy.judging import hides
from fivetabs.core.secrecy.names import Secrecy, secrecy

_PASSWORD_OF_URL = re.compile(r"://[^\s:/@]{0,200}:([^\s/@]{1,500})@")
_PASSWORD_OF_LIST = re.compile(
    r"(?i)(?:password|pwd|accountkey|sharedaccesskey|passwd)\s?=\s?([^;&\s\"']{1,500})"
)
_SETTING = re.compile(r"(?:export\s+)?(-{0,2}[A-Za-z_][\w.-]{0,120})=(.*)", re.DOTALL)
_LONGEST = 65_536
_NAMES = ("name", "Name", "key", "Key")
_VALUES = ("value", "Value")


def secrets_of(raw: Any) -> Iterator[str]:
    """Every secret in a JSON value; some may come twice."""
    left: list[Any] = [raw]
    while left:
        found = left.pop()
        if isinstance(found, dict):
            of = cast("dict[str, Any]", found)
            yield from _of_object(of)
            left.extend(each for each in of.values() if not isinstance(each, str))
        elif isinstance(found, list):
            elements = cast("list[Any]", found)
            yield from _of_words([each for each in elements if isinstance(each, str)])
            left.extend(each for each in elements if not isinstance(each, str))


def secrets_of_text(text: str) -> Iterator[str]:
    """The secrets of a script or a file of settings: `NAME=value` and flags, line by line."""
    for line in text[:_LONGEST].splitlines():
        yield from _of_words([line.strip()])


def named(name: str, value: str) -> Iterator[str]:
    """The value if its name says secret, and whatever is secret inside it."""
    if len(value) > _LONGEST:
        return
    if hides(value, secrecy(name), chosen=True):
        yield value
    if "://" in value:
        yield from _PASSWORD_OF_URL.findall(value)
    if "=" in value:
        yield from _PASSWORD_OF_LIST.findall(value)


def _of_object(raw: Mapping[str, Any]) -> Iterator[str]:
    name = next((raw[key] for key in _NAMES if isinstance(raw.get(key), str)), "")
    for key, value in raw.items():
        if isinstance(value, str):
            yield from named(name if name and key in _VALUES else key, value)


def _of_words(words: Sequence[str]) -> Iterator[str]:
    """Words of a command or variables of an environment; a word with spaces is a command itself."""
    flag = ""
    for word in words:
        setting = _SETTING.fullmatch(word)
        if flag:
            yield from named(flag, word)
        elif setting is not None:
            yield from named(setting[1], setting[2].strip("\"'"))
        else:
            yield from _PASSWORD_OF_URL.findall(word[:_LONGEST])
        if " " in word:
            yield from _of_words([each.strip("\"';,") for each in word[:_LONGEST].split()])
        is_flag = word.startswith("-") and "=" not in word and secrecy(word) > Secrecy.NONE
        flag = word if is_flag else ""
