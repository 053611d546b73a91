"""What a program's last words name: the variable, file, port or host that it ended over."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from fivetabs.core.patterns import Pattern
from fivetabs.providers.kubernetes.shapes.phrases import (
    ABSENT,
    ARGUMENT,
    COMMANDS,
    ERROR,
    FILE_LINE,
    FORBIDDEN,
    HOSTS,
    IN_USE,
    KILLED_CHILD,
    MEMORY,
    NOT_HOSTS,
    ONE_OF,
    PATH,
    PORT,
    READ_ONLY,
    USAGE,
    VARIABLE,
)


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that a log names: `kind` of trouble, the `name` it has, and the line."""

    kind: str
    name: str
    line: str


def read_sign(words: Sequence[str]) -> Sign | None:
    """The last complaint that says by itself what is missing or refused; the newest line decides.

    Kinds: argument, file, memory, permission, port, readonly, usage, variable. None where the last
    error in the log is of another kind, however telling the lines before it may be.
    """
    for index in reversed(range(len(words))):
        line = words[index]
        if FILE_LINE.match(line):
            continue
        for kind, look in _LOOKS:
            name = look(line)
            if name is not None:
                return Sign(kind, name, line)
        if ERROR.search(line):
            return None
    return _usage(words)


def killed_child(words: Sequence[str]) -> str:
    """The line that says that a part of the program was killed from outside; empty without one."""
    return next((line for line in reversed(words) if KILLED_CHILD.search(line.strip())), "")


def named_host(words: Sequence[str], command: str = "") -> str:
    """The `host` or `host:port` that the newest line names as not answering, or the command's."""
    for line in reversed(words):
        for name in _hosts(HOSTS, line):
            return name
    return next(_hosts(COMMANDS, command), "")


def telling_line(words: Sequence[str]) -> str:
    """The line that most likely says why: the last error, else the last line at all."""
    said = [line for line in words if line.strip()]
    for line in reversed(said):
        if ERROR.search(line) and not FILE_LINE.match(line):
            return line
    return said[-1] if said else ""


def _hosts(patterns: Sequence[Pattern], text: str) -> Iterator[str]:
    for pattern in patterns:
        for found in pattern.finditer(text):
            host, port = found[1], found[2]
            if host.lower() not in NOT_HOSTS and not host.isdecimal():
                yield f"{host}:{port}" if port else host


def _variable(line: str) -> str | None:
    for pattern in (*VARIABLE, ONE_OF):
        if found := pattern.search(line):
            return found[1]
    return None


def _path_after(mark: Pattern) -> Callable[[str], str | None]:
    def look(line: str) -> str | None:
        found = mark.search(line)
        if found is None:
            return None
        after, before = PATH.findall(line[found.end() :]), PATH.findall(line[: found.start()])
        return (after[:1] or before[-1:] or [""])[0]

    return look


def _missing_file(line: str) -> str | None:
    return _path_after(ABSENT)(line) or None


def _port(line: str) -> str | None:
    if not IN_USE.search(line):
        return None
    ports = PORT.findall(line)
    return ports[-1] if ports else ""


def _whole(mark: Pattern) -> Callable[[str], str | None]:
    return lambda line: line.strip() if mark.search(line) else None


def _usage(words: Sequence[str]) -> Sign | None:
    line = next((each for each in words if USAGE.match(each)), "")
    return Sign("usage", line.strip(), line) if line else None


_LOOKS: tuple[tuple[str, Callable[[str], str | None]], ...] = (
    ("port", _port),
    ("memory", _whole(MEMORY)),
    ("readonly", _path_after(READ_ONLY)),
    ("permission", _path_after(FORBIDDEN)),
    ("variable", _variable),
    ("file", _missing_file),
    ("argument", _whole(ARGUMENT)),
)
