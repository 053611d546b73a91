"""What an exit code says by convention: the shell's, the runtime's, and 128 plus a signal's number.

Source: POSIX `sh` (126, 127, 128+n), signal(7) for Linux on x86 and ARM, `docker run` (125 to 127).
"""

from types import MappingProxyType

CRASHES = MappingProxyType(
    {
        132: "SIGILL, an instruction this processor does not have",
        133: "SIGTRAP",
        134: "SIGABRT, it gave itself up",
        135: "SIGBUS, a bad memory access",
        136: "SIGFPE, a division by zero or the like",
        139: "SIGSEGV, a bad memory access",
        159: "SIGSYS, a system call that is forbidden here",
    }
)
CANNOT_RUN, NOT_FOUND, KILLED, LOST = 126, 127, 137, 255
_MEANINGS = MappingProxyType(
    {
        2: "wrong usage or a missing file, by most programs' convention",
        125: "docker's own failure",
        CANNOT_RUN: "a command that cannot be executed",
        NOT_FOUND: "a command that does not exist",
        129: "SIGHUP",
        130: "SIGINT",
        131: "SIGQUIT",
        KILLED: "SIGKILL",
        141: "SIGPIPE, nobody read what it wrote",
        143: "SIGTERM",
        LOST: "also what an engine writes for what it found dead after a crash or reboot",
        **CRASHES,
    }
)


def meaning(code: int) -> str:
    """What a code means, in brackets after a space; nothing for a program's own codes."""
    words = _MEANINGS.get(code, "")
    return f" ({words})" if words else ""
