"""How serious a line is: what it says of itself first, then what its words suggest.

A level is error, warning, info, debug, or empty where nothing tells. `INFO ... no errors` is info,
`0 errors` and `error_count=0` are nothing. Most lines are plain, and RE2 tells these quickly; only
what may be notable is looked at closely.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from fivetabs.core.logs.patterns import compiled

ERROR, WARNING, INFO, DEBUG = "error", "warning", "info", "debug"

_NAMES = (
    (ERROR, b"error err critical crit fatal panic alert emerg emergency severe dpanic"),
    (WARNING, b"warn warning"),
    (INFO, b"info notice information informational"),
    (DEBUG, b"debug trace verbose fine finer finest"),
)
_KLOG = {"I": INFO, "W": WARNING, "E": ERROR, "F": ERROR}.get
_SELF = (
    r"^([IWEF])\d{4} \d\d:\d\d:\d\d"  # klog: `E1125 10:00:00.123456       1 file.go:12] message`
    r"|\b(TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|ERR|CRIT(?:ICAL)?|FATAL|PANIC|ALERT|EMERG"
    r"|SEVERE)\b"
    r"|[\[<(|]\s*((?i:trace|debug|info|notice|warn(?:ing)?|err(?:or)?|crit(?:ical)?|fatal|panic"
    r"|alert|emerg))\s*[\]>)|]"
    r"|^((?i:trace|debug|info|notice|warn(?:ing)?|error|critical|fatal|panic))[:\s]"
    r"|\b(?:level|lvl|severity|loglevel)[\"']?\s?[=:]\s?[\"']?([A-Za-z]+)"
)
_HEAD = 160
_FIRST = 4
# Most lines have their level among the first words, written like this.
_PLAIN = {
    mark % word.upper(): level
    for level, names in _NAMES
    for word in names.split()
    for mark in (b"%s", b"[%s]", b"%s:")
}.get
_BAD = r"(?:errors?|err|fail(?:ed|ures?|s)?|exceptions?|warnings?|panics?|crash(?:es)?|timeouts?)"
_DENIED = re.compile(
    (
        r"\b(?:no|not any|zero|0|without(?: any)?|free of)[ -]+(?:[a-z]+ ){0,2}" + _BAD + r"\b"
        r"|\b[\w.]*" + _BAD + r"[\w.]*[\"']?\s?[=:]\s?[\"']?(?:0+(?:\.0+)?(?![.\w])"
        r"|(?:none|null|nil|false|no|ok|\[\]|\{\}|\"\"|'')(?=\s*(?:$|[,;}\])\"']|\s\w+=)))"
        r"|\b" + _BAD + r"[ -](?:free|handler|page|budget|rate|count|log|logs|reporting)\b"
    ).encode(),
    re.IGNORECASE,
)
_LOOKS_BAD = (
    r"\b(?:errors?|exceptions?|fatal|panic|fail(?:ed|ure|ures|s|ing)?|refused|denied|rejected"
    r"|declined|forbidden|unauthori[sz]ed|timed? ?out|unreachable|cannot|can't|could ?n[o']t"
    r"|unable to|segfault|segmentation fault|out of memory|oom|oomkilled|killed|traceback"
    r"|abort(?:ed|ing)?|corrupt(?:ed|ion)?|crash(?:ed|ing)?|deadlock|unhandled|uncaught"
    r"|no space left|mismatch|unexpected(?:ly)?|exhausted|overflow|lost|invalid|illegal"
    r"|violat(?:ed|ion))\b|\w(?:error|exception)\b"
)
_LOOKS_ODD = (
    r"\b(?:warn(?:ing)?|deprecat\w+|retry(?:ing)?|retries|slow|degraded|throttl\w+|stale)\b"
)
_NUMBERED = r"http/|status|code|exit|errno|signal|error|fail|exception|warning|panic|crash|timeout"
_COUNTED = _BAD + r"[\w.]*[\"']?\s?[:=]\s?[\"']?\d|\d\s(?:\w+\s)?" + _BAD
_CODES = re.compile(
    rb"HTTP/[\d.]+\"? (\d{3})\b"
    rb"|(?:status|code|exit|errno|signal)[\w ]{0,8}[\"']?[ =:(]{1,3}\"?(\d{1,5})\b",
    re.IGNORECASE,
)
_SERVED = re.compile(rb"HTTP/[\d.]+\"? ([1-5])\d\d\b")

_Search = Callable[[bytes], Any]


def level_named(word: str) -> str:
    """The level a field such as `level` or `severity` names; pino's numbers are understood."""
    low = word.strip().lower()
    if low.isdecimal():
        number = int(low[:3])
        steps = ((50, ERROR), (40, WARNING), (30, INFO), (10, DEBUG))
        return next((level for least, level in steps if number >= least), "")
    wanted = low.encode("utf-8", "replace")
    return next((level for level, names in _NAMES if wanted in names.split()), "")


@dataclass(slots=True)
class Judge:
    """Tells levels; made once for a reading, since its patterns are compiled then."""

    notable: _Search = field(
        default_factory=lambda: compiled(f"(?i){_NUMBERED}|{_LOOKS_BAD}|{_LOOKS_ODD}")
    )
    bad: _Search = field(default_factory=lambda: compiled(f"(?i){_LOOKS_BAD}"))
    odd: _Search = field(default_factory=lambda: compiled(f"(?i){_LOOKS_ODD}"))
    numbered: _Search = field(default_factory=lambda: compiled(f"(?i){_NUMBERED}"))
    counted: _Search = field(default_factory=lambda: compiled(f"(?i){_COUNTED}"))
    own: _Search = field(default_factory=lambda: compiled(_SELF))

    def level(self, text: bytes) -> tuple[str, bool]:
        """The level of a line, and whether its words look bad although its level is harmless."""
        head = text[:_HEAD]
        if not self.notable(text):
            return self._said(head), False
        bad, own = self.looks_bad(text), self._said(_DENIED.sub(b"", head))
        if own:
            return own, bad and own in {INFO, DEBUG}
        if served := _SERVED.search(text):
            return (ERROR if served[1] == b"5" else ""), False
        if bad:
            return ERROR, False
        return (WARNING if self.odd(_DENIED.sub(b"", text)) else ""), False

    def looks_bad(self, text: bytes) -> bool:
        """Whether the words, less those that deny it, speak of something that went wrong."""
        return bool(self.bad(text)) and bool(self.bad(_DENIED.sub(b"", text)))

    def numbers(self, text: bytes) -> str | None:
        """The numbers that mean something: a status, an exit code, whether errors were counted.

        None where no word says that one may.
        """
        found = self.numbered(text)
        if not found:
            return None
        start = max(0, found.start() - len(b"HTTP"))
        codes = [each[1] or each[2] for each in _CODES.finditer(text, start)]
        if self.counted(text):
            codes.append(b"some" if self.looks_bad(text) else b"none")
        return b",".join(codes[:4]).decode()

    def _said(self, head: bytes) -> str:
        for word in head.split(None, _FIRST)[:_FIRST]:
            if level := _PLAIN(word):
                return level
        found = self.own(head)
        if not found:
            return ""
        klog, *words = cast("tuple[bytes | None, ...]", found.groups())
        if klog:
            return _KLOG(klog.decode()) or ""
        return level_named(next(word.decode() for word in words if word))
