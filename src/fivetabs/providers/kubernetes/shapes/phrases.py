"""The phrases with which programs say what they lack or are refused.

They are those of the C library (strerror), of shells, and of the error types of Go, Python,
Node.js, Java, Ruby and Rust, and of the entry points of widely used images.
"""

from fivetabs.core.patterns import Pattern

_LONG = r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+"
_NAME = rf"{_LONG}|[A-Z]{{3,}}"
_QUOTE = "[\"'`]?"
PATH = Pattern(r"(?<![\w:/.])/[\w.@+-][\w./@+-]*")
FILE_LINE = Pattern(r'^\s*(File "|at )')
ERROR = Pattern(r"\b(FATAL|CRITICAL|[Pp]anic:|panicked at|[\w.]*(Error|Exception)\b)|^fatal:")

VARIABLE = tuple(
    Pattern(pattern)
    for pattern in (
        rf"KeyError: '({_NAME})'",
        (
            rf"(?i:env(?:ironment)?(?:[ -]?var(?:iable)?)?s?)[ :]+{_QUOTE}\$?\{{?({_NAME})\}}?"
            r"[\"'`]?,?"
            r"(?: (?:is|was|must|are|has|not|required|missing|undefined|unset)\b|$)"
        ),
        (
            rf"\$?\{{?\b({_LONG})\}}?{_QUOTE}:? (?:env(?:ironment)? var(?:iable)? )?"
            r"(?:is |was |has |are )?"
            r"(?:not (?:been )?(?:set|defined|specified|provided|found|given|present)"
            r"|unset|undefined|missing|required|must be (?:set|defined|specified|provided)"
            r"|unbound variable|parameter (?:null or )?not set)"
        ),
        (
            rf"(?i:missing|required|undefined|unset|no)(?: required)?"
            rf"(?i: env(?:ironment)?)?(?i: var(?:iable)?)?s?:? {_QUOTE}\$?\{{?({_LONG})\b"
        ),
        rf"required key ({_NAME}) missing value",
        rf"Could not resolve placeholder '({_NAME})'",
        rf"must specify ({_NAME}) to a non-empty",
        rf"\b({_NAME}):? {_QUOTE}(?:parameter )?(?:null or )?not set",
    )
)
ONE_OF = Pattern(rf"^\s*- ({_NAME})$")
ABSENT = Pattern(r"(?i)no such file or directory|ENOENT|FileNotFoundException|file not found")
READ_ONLY = Pattern(r"(?i)read-only file ?system|EROFS")
FORBIDDEN = Pattern(
    r"(?i)permission denied|EACCES|operation not permitted|EPERM|AccessDeniedException"
)
IN_USE = Pattern(
    r"(?i)address (?:is )?already in use|EADDRINUSE|port is already (?:in use|allocated)"
)
PORT = Pattern(r"(?i)(?::|\bport:? )(\d{2,5})\b")
MEMORY = Pattern(
    r"java\.lang\.OutOfMemoryError|heap out of memory|\bMemoryError\b|[Cc]annot allocate memory"
    r"|ENOMEM|std::bad_alloc|fatal error: runtime: out of memory|[Oo]ut of memory"
)
KILLED_CHILD = Pattern(
    r"^Killed$|signal: killed|SIGKILL\)?! Perhaps out of memory|\bKilled process\b|: Killed\b"
    r"|terminated by signal SIGKILL|killed by signal 9"
)
ARGUMENT = Pattern(
    r"(?i)(unknown|unrecognized|unrecognised|invalid|illegal|bad|unexpected|undefined) "
    r"(?:command[- ]line )?(?:shorthand )?(?:long |short )?"
    r"(?:flag|option|argument|command|parameter|switch)s?\b"
    r"|invalid \w+ ['\"]?-|flag provided but not defined|no such (?:option|command)|invalid choice:"
    r"|the following arguments are required|flag needs an argument"
    r"|option '?-\S+ (?:requires|needs) |missing required (?:argument|flag|option)"
    r"|Could not find or load main class|is not a valid (?:option|flag|command)"
)
USAGE = Pattern(r"^\s*[Uu]sage( of)?\b")
_HOST = r"([a-zA-Z0-9](?:[\w-]*[a-zA-Z0-9])?(?:\.[\w-]+)*)"
HOSTS = tuple(
    Pattern(pattern)
    for pattern in (
        (
            rf"(?i:bad address|can't resolve|cannot resolve|could not resolve host:?|"
            rf"could not translate host name|unknown host:?|UnknownHostException:|ENOTFOUND"
            rf"|EAI_AGAIN) {_QUOTE}{_HOST}{_QUOTE}()"
        ),
        rf"lookup {_HOST}(?: on \S+)?:()",
        rf"(?:dial|connect) tcp:? {_HOST}:(\d+)",
        (
            rf"(?i:connect(?:ion|ing|ed)?(?: refused)?(?: to)?(?: server)?(?: at)?):? (?:to )?"
            rf"{_QUOTE}(?:\w+://)?{_HOST}:(\d+)"
        ),
        rf"connection to server at {_QUOTE}{_HOST}{_QUOTE}[^,]*, port (\d+)",
        rf"nc: {_HOST} \(.*?:(\d+)\)",
        rf"(?i:wait(?:ing)?(?: on| for)?) (?:\w+://)?{_HOST}:(\d+)",
        rf"ECONNREFUSED {_HOST}:(\d+)",
        (
            rf"(?i:waiting for (?:service |host |database |the )?){_QUOTE}{_HOST}{_QUOTE}"
            r"(?: to |\.\.|$)()"
        ),
    )
)
COMMANDS = tuple(
    Pattern(pattern)
    for pattern in (
        rf"\bnc (?:-\w+ )*(?:-w ?\d+ )?{_HOST} (\d+)",
        rf"\b(?:nslookup|getent hosts|ping(?: -c ?\d+)?|host|dig(?: \+short)?) {_HOST}()",
        rf"\b\w+://(?:[^@\s/]*@)?{_HOST}(?::(\d+))?",
        (
            rf"\b(?:pg_isready|psql|mysqladmin|mysql|redis-cli|mongosh?)\b.*? -h ?{_HOST}"
            r"(?:.*? -[pP] ?(\d+))?"
        ),
        rf"/dev/tcp/{_HOST}/(\d+)",
        rf"\bwait-for(?:-it)?(?:\.sh)? {_HOST}:(\d+)",
    )
)
NOT_HOSTS = frozenset({"the", "for", "to", "a", "it", "be", "lock", "localhost", "server", "host"})
