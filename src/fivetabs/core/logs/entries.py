"""Which lines belong to the entry before them: stack traces and whatever else is indented.

Of a trace the last line of the form `XError: message` is the telling one. Known are the traces of
Python, Java and its kin, Go, Node, .NET and Ruby.
"""

import re
from dataclasses import dataclass

from fivetabs.core.logs.levels import ERROR, Judge

START, PART, TELLING = 0, 1, 2
"""A line begins an entry, continues one, or continues it and says what went wrong."""

MOST_PARTS = 1000
"""Lines of one entry; what follows begins a new one."""

_SUSPECT = frozenset(b" \t\r}])TCSgpf")
_RAISED = re.compile(
    rb"(?:[A-Za-z_$][\w$]*[./])*[A-Z]\w*(?:Error|Exception|Exit|Interrupt|Warning)\b"
)
_ANY_RAISED = re.compile(rb"(?:[A-Za-z_][\w]*\.)*[A-Z]\w*(?::|$)")
_JAVA = re.compile(rb"(?:[a-z_][\w$]*\.)+[A-Z][\w$]*(?:Exception|Error|Throwable)\b")
_CAUSED = re.compile(rb"Caused by: |Suppressed: ")
_CHAINED = (b"During handling of the above", b"The above exception was the direct cause")
_TRACEBACK = b"Traceback (most recent call last)"
_GO = re.compile(rb"(?:panic: |fatal error: |goroutine \d+ \[)")
_GO_PART = re.compile(
    rb"\[signal |goroutine \d+|created by |exit status \d|\tpanic: |panic: |\.\.\.additional frames"
    rb"|[\w./*()\-{}\[\]]+\(.*\)\s*$"
)
_CLOSING = re.compile(rb"[}\])]+[,;]?\s*$")
_OWN_START = re.compile(rb"\s+(?:\d{4}-\d\d-\d\d|\[?(?:TRACE|DEBUG|INFO|WARN|ERROR|FATAL)\b)")


@dataclass(slots=True)
class Entries:
    """The state of one writer's stream: what its last entry was, and which trace it is in."""

    judge: Judge
    trace: str = ""
    opened: bytes = b""
    parts: int = 0

    def kind(self, line: bytes, *, calm: bool = False) -> int:
        """What a line is to the entry before it; `calm`: it is known not to be `may_be_raised`."""
        plain = not self.trace and line and line[0] not in _SUSPECT
        if plain and (calm or not may_be_raised(line)):
            self.opened, self.parts = line, 0
            return START
        kind = self._looked_at(line) if self.parts < MOST_PARTS else START
        if kind == START:
            self.trace = self._trace_begun(line)
            self.opened, self.parts = line, 0
        else:
            self.parts += 1
        return kind

    def _looked_at(self, line: bytes) -> int:
        if not line.strip():
            return PART if self.opened else START
        if self.trace == "raised" and line.startswith(_CHAINED):
            self.trace = "python"
            return PART
        if self.trace == "python":
            return self._python(line)
        if self.trace == "go" and (line[0] in b" \t" or _GO_PART.match(line)):
            return PART
        self.trace = ""
        return self._plain(line)

    def _plain(self, line: bytes) -> int:
        if not self.opened:
            return START
        if line[0] in b" \t":
            return START if _OWN_START.match(line) else PART
        if _CAUSED.match(line):
            return TELLING
        if _CLOSING.match(line):
            return PART
        begun = self._trace_begun(line)
        if (begun or _JAVA.match(line)) and self._serious():
            self.trace = begun
            return PART if begun else TELLING
        return START

    def _python(self, line: bytes) -> int:
        """Frames are indented; the first line that is not names the error and ends the trace."""
        if line[0] in b" \t" or line.startswith((_TRACEBACK, *_CHAINED)):
            return PART
        if self.parts and (_RAISED.match(line) or _ANY_RAISED.match(line)):
            self.trace = "raised"
            return TELLING
        self.trace = ""
        return self._plain(line)

    def _trace_begun(self, line: bytes) -> str:
        if line.startswith(_TRACEBACK):
            return "python"
        return "go" if _GO.match(line) else ""

    def _serious(self) -> bool:
        return self.judge.level(self.opened)[0] == ERROR


def may_be_raised(text: bytes) -> bool:
    """Whether a line, or one of several, may name an error as stack traces do."""
    return b"Exception" in text or b"Error" in text or b"Throwable" in text
