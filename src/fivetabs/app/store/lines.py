"""A line of the audit trail: canonical JSON that carries the hash of the line before and its own.

`hash` is the SHA-256 of the line's own bytes without `,"hash":"..."`, so whoever has `sed` and
`sha256sum` can check it. A line is ASCII, without control characters, and at most 64 kB long.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, cast

NOTHING = "0" * 64
LONGEST = 65_536
_FACTS = LONGEST - 600
# Longest string, most items and deepest level of nesting, each time less until the line fits.
_LIMITS = (
    (16_384, 400, 16),
    (4096, 200, 12),
    (1024, 100, 8),
    (256, 40, 6),
    (64, 12, 4),
    (32, 4, 2),
)
_MOST_FACTS = 40
_HUGE = 10**18


@dataclass(frozen=True, slots=True)
class Line:
    """One call or decision: the n-th line of the trail, written by a process called `server`."""

    n: int
    time: str
    server: str
    event: str
    facts: Mapping[str, Any]
    prev: str
    hash: str

    def __str__(self) -> str:
        return _written(self)[:-1].decode("ascii")


def sealed(line: Line) -> tuple[bytes, str]:
    """The bytes of a line, its end of line among them, and the hash that they make."""
    body = _body(line)
    made = sha256(body).hexdigest()
    return body[:-1] + ending(made), made


def ending(made: str) -> bytes:
    """The bytes with which a line of this hash ends."""
    return f',"hash":"{made}"}}\n'.encode()


ENDING = len(ending(NOTHING))


def read(raw: bytes) -> Line:
    """A whole line, with or without its end of line.

    Raises:
        ValueError: If one byte of it is not as it was written.
    """
    if len(raw) > LONGEST:
        raise ValueError("longer than any line")
    try:
        value: Any = json.loads(raw)
        line = Line(**cast("dict[str, Any]", value))
        same = sealed(line)[0] == raw.removesuffix(b"\n") + b"\n"
    except (TypeError, RecursionError, UnicodeError) as error:
        raise ValueError("no line of an audit trail") from error
    if not same or not _typed(line):
        raise ValueError("its content does not match its hash")
    return line


def bounded(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as plain JSON values that fit into a line; what is left out is counted."""
    try:
        plain = json.loads(json.dumps(facts, default=str, allow_nan=False))
        if len(_json(plain)) <= _FACTS:
            return plain
    except (ValueError, TypeError, RecursionError):
        plain = facts
    cut: dict[str, Any] = {}
    for longest, most, deep in _LIMITS:
        cut = _cut_items(plain, longest, most, deep, _MOST_FACTS)
        if len(_json(cut)) <= _FACTS:
            break
    return cut


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True, allow_nan=False)


def _body(line: Line) -> bytes:
    start = f'{{"n":{line.n:d},"time":{_json(line.time)},"server":{_json(line.server)},'
    facts = f'"event":{_json(line.event)},"facts":{_json(line.facts)},"prev":{_json(line.prev)}}}'
    return f"{start}{facts}".encode("ascii")


def _written(line: Line) -> bytes:
    return _body(line)[:-1] + ending(line.hash)


def _typed(line: Line) -> bool:
    words: tuple[Any, ...] = (line.time, line.server, line.event, line.prev, line.hash)
    return isinstance(line.facts, dict) and all(isinstance(each, str) for each in words)


def _cut(value: Any, longest: int, most: int, deep: int) -> Any:
    match value:
        case bool() | int() | None:
            return value if value is None or abs(value) < _HUGE else _cut_text(hex(value), longest)
        case float() if value - value == 0:  # Neither infinite nor no number.
            return value
        case Mapping():
            items = cast("Mapping[Any, Any]", value)
            return _cut_items(items, longest, most, deep, most) if deep else _counted(len(items))
        case list() | tuple() | set() | frozenset():
            listed = list(cast("list[Any]", value))
            if not deep:
                return _counted(len(listed))
            kept = [_cut(each, longest, most, deep - 1) for each in listed[:most]]
            return kept if len(listed) <= most else [*kept, f"(+{len(listed) - most} more)"]
        case _:
            return _cut_text(str(value), longest)


def _cut_items(
    items: Mapping[Any, Any], longest: int, most: int, deep: int, keys: int
) -> dict[str, Any]:
    named = list(items.items())
    cut = {
        _cut_text(str(key), longest): _cut(value, longest, most, deep - 1)
        for key, value in named[:keys]
    }
    return cut if len(named) <= keys else {**cut, "(more)": len(named) - keys}


def _counted(count: int) -> str:
    return f"({count} items)"


def _cut_text(text: str, longest: int) -> str:
    """Beginnings say what, ends say why: the middle goes."""
    if len(text) <= longest:
        return text
    head = longest * 2 // 3
    tail = longest - head
    return f"{text[:head]}...(+{len(text) - longest} characters)...{text[-tail:]}"
