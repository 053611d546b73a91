"""What a program's last words say about why it ended: which variable, file, port or host it names.

The phrases are those of the C library (strerror), of shells, and of the error types of Go, Python,
Node.js, Java, Ruby and Rust, and of the entry points of widely used images.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

_LONG = r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+"
_NAME = rf"{_LONG}|[A-Z]{{3,}}"
_QUOTE = "[\"'`]?"
_PATH = re.compile(r"(?<![\w:/.])/[\w.@+-][\w./@+-]*")
_FILE_LINE = re.compile(r'^\s*(File "|at )')
_ERROR = re.compile(r"\b(FATAL|CRITICAL|[Pp]anic:|panicked at|[\w.]*(Error|Exception)\b)|^fatal:")

_VARIABLE = tuple(
    re.compile(pattern)
    for pattern in (
        rf"KeyError: '({_NAME})'",
        rf"(?i:env(?:ironment)?(?:[ -]?var(?:iable)?)?s?)[ :]+{_QUOTE}\$?\{{?({_NAME})\}}?{_QUOTE},?"
        r"(?: (?:is|was|must|are|has|not|required|missing|undefined|unset)\b|$)",
        rf"\$?\{{?\b({_LONG})\}}?{_QUOTE}:? (?:env(?:ironment)? var(?:iable)? )?"
        r"(?:is |was |has |are )?(?:not (?:been )?(?:set|defined|specified|provided|found|given)"
        r"|unset|undefined|missing|required|must be (?:set|defined|specified|provided)|not present"
        r"|unbound variable|parameter (?:null or )?not set)",
        rf"(?i:missing|required|undefined|unset|no)(?: required)?"
        rf"(?i: env(?:ironment)?)?(?i: var(?:iable)?)?s?:? {_QUOTE}\$?\{{?({_LONG})\b",
        rf"required key ({_NAME}) missing value",
        rf"Could not resolve placeholder '({_NAME})'",
        rf"must specify ({_NAME}) to a non-empty",
        rf"\b({_NAME}):? {_QUOTE}(?:parameter )?(?:null or )?not set",
    )
)
_ONE_OF = re.compile(rf"^\s*- ({_NAME})$")
_ABSENT = re.compile(r"(?i)no such file or directory|ENOENT|FileNotFoundException|file not found")
_READ_ONLY = re.compile(r"(?i)read-only file ?system|EROFS")
_FORBIDDEN = re.compile(
    r"(?i)permission denied|EACCES|operation not permitted|EPERM|AccessDeniedException"
)
_IN_USE = re.compile(r"(?i)address (?:is )?already in use|EADDRINUSE|port is already (?:in use|all)")
_PORT = re.compile(r"(?i)(?::|\bport:? )(\d{2,5})\b")
_MEMORY = re.compile(
    r"java\.lang\.OutOfMemoryError|heap out of memory|\bMemoryError\b|[Cc]annot allocate memory"
    r"|ENOMEM|std::bad_alloc|fatal error: runtime: out of memory|[Oo]ut of memory"
)
_KILLED_CHILD = re.compile(
    r"^Killed$|signal: killed|SIGKILL\)?! Perhaps out of memory|\bKilled process\b|: Killed\b"
    r"|terminated by signal SIGKILL|killed by signal 9"
)
_ARGUMENT = re.compile(
    r"(?i)(unknown|unrecognized|unrecognised|invalid|illegal|bad|unexpected|undefined) "
    r"(?:command[- ]line )?(?:shorthand )?(?:long |short )?"
    r"(?:flag|option|argument|command|parameter|switch)s?\b"
    r"|flag provided but not defined|no such (?:option|command)|invalid choice:"
    r"|the following arguments are required|flag needs an argument"
    r"|option '?-\S+ (?:requires|needs) |missing required (?:argument|flag|option)"
    r"|Could not find or load main class|is not a valid (?:option|flag|command)"
)
_USAGE = re.compile(r"^\s*[Uu]sage( of)?\b")
_HOST = r"([a-zA-Z0-9](?:[\w-]*[a-zA-Z0-9])?(?:\.[\w-]+)*)"
_HOSTS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?i:bad address|can't resolve|cannot resolve|could not resolve host:?|"
        rf"could not translate host name|unknown host:?|UnknownHostException:|ENOTFOUND|EAI_AGAIN)"
        rf" {_QUOTE}{_HOST}{_QUOTE}()",
        rf"lookup {_HOST}(?: on \S+)?:()",
        rf"(?:dial|connect) tcp:? {_HOST}:(\d+)",
        rf"(?i:connect(?:ion|ing|ed)?(?: refused)?(?: to)?(?: server)?(?: at)?):? (?:to )?"
        rf"{_QUOTE}(?:\w+://)?{_HOST}:(\d+)",
        rf"connection to server at {_QUOTE}{_HOST}{_QUOTE}[^,]*, port (\d+)",
        rf"nc: {_HOST} \(.*?:(\d+)\)",
        rf"(?i:wait(?:ing)?(?: on| for)?) (?:\w+://)?{_HOST}:(\d+)",
        rf"ECONNREFUSED {_HOST}:(\d+)",
        rf"(?i:waiting for (?:service |host |database |the )?){_QUOTE}{_HOST}{_QUOTE}(?: to |\.\.|$)()",
    )
)
_COMMANDS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\bnc (?:-\w+ )*(?:-w ?\d+ )?{_HOST} (\d+)",
        rf"\b(?:nslookup|getent hosts|ping(?: -c ?\d+)?|host|dig(?: \+short)?) {_HOST}()",
        rf"\b\w+://(?:[^@\s/]*@)?{_HOST}(?::(\d+))?",
        rf"\b(?:pg_isready|psql|mysqladmin|mysql|redis-cli|mongosh?)\b.*? -h ?{_HOST}(?:.*? -[pP] ?(\d+))?",
        rf"/dev/tcp/{_HOST}/(\d+)",
        rf"\bwait-for(?:-it)?(?:\.sh)? {_HOST}:(\d+)",
    )
)
_NOT_HOSTS = frozenset({"the", "for", "to", "a", "it", "be", "lock", "localhost", "server", "host"})


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
        if _FILE_LINE.match(line):
            continue
        for kind, look in _LOOKS:
            name = look(line)
            if name is not None:
                return Sign(kind, name, line)
        if _ERROR.search(line):
            return None
    return _usage(words)


def killed_child(words: Sequence[str]) -> str:
    """The line that says that a part of the program was killed from outside; empty without one."""
    return next((line for line in reversed(words) if _KILLED_CHILD.search(line.strip())), "")


def named_host(words: Sequence[str], command: str = "") -> str:
    """The `host` or `host:port` that the newest line names as not answering, or the command's."""
    for line in reversed(words):
        for name in _hosts(_HOSTS, line):
            return name
    return next(_hosts(_COMMANDS, command), "")


def telling_line(words: Sequence[str]) -> str:
    """The line that most likely says why: the last error, else the last line at all."""
    said = [line for line in words if line.strip()]
    for line in reversed(said):
        if _ERROR.search(line) and not _FILE_LINE.match(line):
            return line
    return said[-1] if said else ""


def _hosts(patterns: Sequence[re.Pattern[str]], text: str) -> Iterator[str]:
    for pattern in patterns:
        for found in pattern.finditer(text):
            host, port = found[1], found[2]
            if host.lower() not in _NOT_HOSTS and not host.isdecimal():
                yield f"{host}:{port}" if port else host


def _variable(line: str) -> str | None:
    for pattern in (*_VARIABLE, _ONE_OF):
        if found := pattern.search(line):
            return found[1]
    return None


def _path_after(mark: re.Pattern[str]) -> Callable[[str], str | None]:
    def look(line: str) -> str | None:
        found = mark.search(line)
        if found is None:
            return None
        after, before = _PATH.findall(line[found.end() :]), _PATH.findall(line[: found.start()])
        return (after[:1] or before[-1:] or [""])[0]

    return look


def _missing_file(line: str) -> str | None:
    return _path_after(_ABSENT)(line) or None


def _port(line: str) -> str | None:
    if not _IN_USE.search(line):
        return None
    ports = _PORT.findall(line)
    return ports[-1] if ports else ""


def _whole(mark: re.Pattern[str]) -> Callable[[str], str | None]:
    return lambda line: line.strip() if mark.search(line) else None


def _usage(words: Sequence[str]) -> Sign | None:
    line = next((each for each in words if _USAGE.match(each)), "")
    return Sign("usage", line.strip(), line) if line else None


_LOOKS: tuple[tuple[str, Callable[[str], str | None]], ...] = (
    ("port", _port),
    ("memory", _whole(_MEMORY)),
    ("readonly", _path_after(_READ_ONLY)),
    ("permission", _path_after(_FORBIDDEN)),
    ("variable", _variable),
    ("file", _missing_file),
    ("argument", _whole(_ARGUMENT)),
)
