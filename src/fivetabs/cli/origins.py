"""Where each setting came from: a flag, a variable, a line of the file, or nowhere."""

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

PREFIX = "FIVETABS_"
NESTED = "__"
_OTHERS = ("FIVETABS_CONFIG", "FIVETABS_RIG_", "FIVETABS_BENCH_")
Key = tuple[str | int, ...]
DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Origins:
    """What each source says. `owners` maps a key to the variable of another program's own."""

    flags: Mapping[str, Any]
    owners: Mapping[Key, str]
    path: Path | None = None
    text: str = ""
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def of(self, key: Key) -> str:
        """The source that counts: flags before the environment before the file."""
        if _holds(self.flags, key):
            return f"flag {flag(key)}"
        if name := self._variable(key):
            return name
        if key[:2] in self.owners or key[:1] in self.owners:
            return self.owners.get(key[:2]) or self.owners[key[:1]]
        if self.path is not None and _holds(self.values, key):
            return f"{self.path}:{self.line(key)}"
        return DEFAULT

    def line(self, key: Key) -> int:
        """The line on which the file sets a key, or the nearest thing around it; from 1."""
        lines = lines_of(self.text)
        while key and key not in lines:
            key = key[:-1]
        return lines.get(key, 1)

    @staticmethod
    def _variable(key: Key) -> str:
        """The variable of ours that sets it, as it is spelled in the environment."""
        wanted = variable(key)
        return next((name for name in os.environ if name.upper() == wanted), "")


def variable(key: Key) -> str:
    """The variable of ours for a key: `FIVETABS_CHANGES`, `FIVETABS_KUBERNETES__GRACE`."""
    words = [str(each) for each in key[:2] if not isinstance(each, int)]
    return PREFIX + NESTED.join(words).upper()


def flag(key: Key) -> str:
    """How a flag names a key."""
    words = [str(each) for each in key[:2] if not isinstance(each, int)]
    return f"--{words[0]}" if words in (["demo"], ["changes"]) else f"--set {'.'.join(words)}"


def strange_variables(known: Mapping[str, Any]) -> Iterator[str]:
    """Variables that begin as ours do and set nothing; parts of houses check their own."""
    for name in sorted(os.environ):
        if name.upper().startswith(PREFIX) and not name.upper().startswith(_OTHERS):
            head = name[len(PREFIX) :].partition(NESTED)[0].lower()
            if head not in known:
                yield name


def lines_of(text: str) -> dict[Key, int]:
    """For every key of a TOML text the line (from 1) on which the statement begins that sets it.

    A text up to the end of a statement is itself TOML, and one that ends within a statement is not:
    so the parser itself says where statements end, and what each has added. Empty where the whole
    is not TOML.
    """
    found: dict[Key, int] = {}
    rows = text.splitlines(keepends=True)
    begin = 0
    for end in range(1, len(rows) + 1):
        try:
            values = tomllib.loads("".join(rows[:end]))
        except tomllib.TOMLDecodeError:
            continue
        for key in _keys(values):
            found.setdefault(key, begin + 1)
        begin = end
    return found


def _keys(value: object, above: Key = ()) -> Iterator[Key]:
    pairs: Iterator[tuple[str | int, object]] = iter(())
    if isinstance(value, dict):
        pairs = iter(cast("dict[str | int, object]", value).items())
    elif isinstance(value, list):
        pairs = iter(enumerate(cast("list[object]", value)))
    for name, each in pairs:
        yield (*above, name)
        yield from _keys(each, (*above, name))


def _holds(values: object, key: Key) -> bool:
    """Whether a source says something about a key, or about what it is a part of."""
    for name in key:
        if not isinstance(values, Mapping):
            return True
        inside = cast("Mapping[str | int, object]", values)
        if name not in inside:
            return False
        values = inside[name]
    return True
