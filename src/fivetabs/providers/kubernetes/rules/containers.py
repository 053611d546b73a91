"""Why a container ended, and ended again."""

from collections.abc import Iterator
from types import MappingProxyType

from fivetabs.core import Found, Severity, rule, span
from fivetabs.providers.kubernetes.rules.saying import (
    accuse,
    from_end,
    from_log,
    now_doing,
    quote,
    read_logs,
    restarts,
    said,
    where,
)
from fivetabs.providers.kubernetes.shapes.cases import PodCase
from fivetabs.providers.kubernetes.shapes.containers import Container, State
from fivetabs.providers.kubernetes.shapes.signs import killed_child

_KILLED, _SEGFAULT, _TERMINATED = 137, 139, 143
_ABORTED = 134
_SIGNALS = MappingProxyType(
    {
        1: "SIGHUP",
        2: "SIGINT",
        3: "SIGQUIT",
        4: "SIGILL",
        5: "SIGTRAP",
        6: "SIGABRT",
        7: "SIGBUS",
        8: "SIGFPE",
        9: "SIGKILL",
        11: "SIGSEGV",
        13: "SIGPIPE",
        15: "SIGTERM",
        31: "SIGSYS",
    }
)


@rule("K8S101", Severity.CRITICAL, basic=True)
def no_long_running_process(case: PodCase) -> Iterator[Found]:
    """A container has no long-running process.

    Give the container a command that keeps running, or make it a Job if it is meant to end.
    """
    for container, end in case.crashed():
        if end.word == "terminated" and end.exit_code == 0 and end.reason != "OOMKilled":
            ran = f" after {span(end.ran)}" if end.ran is not None else ""
            runs = f"command {quote(container.command)}" if container.command else "default command"
            cause = (
                f"{where(case, container)} exits 0{ran} again and again ({restarts(container)}, "
                f"{now_doing(case, container)}): {container.image} with its {runs} "
                f"does not keep running{said(case, container)}"
            )
            yield accuse(
                case,
                cause,
                from_end(case, container, end),
                *from_log(case, container, end),
                fold=container.name,
                since=case.began(container),
            )


@rule("K8S102", Severity.CRITICAL)
def application_error(case: PodCase) -> Iterator[Found]:
    """A container's program ends with an error.

    Read the log of the run before and mend what it complains of.
    """
    for container, end in case.crashed():
        if end.word == "terminated" and end.exit_code:
            own = quote(end.message) if end.message else ""
            told = said(case, container) or (own and f": {own}")
            again = f"{restarts(container)}, {now_doing(case, container)}"
            how = again if container.restarts else f"and is not restarted, now {case.status}"
            yield accuse(
                case,
                f"{where(case, container)} exits {end.exit_code}{_signal(end.exit_code)} "
                f"({how}){told}",
                from_end(case, container, end),
                *from_log(case, container, end),
                fold=f"{container.name}|{end.exit_code}",
                since=case.began(container),
                **read_logs(case, container),
            )


@rule("K8S103", Severity.CRITICAL, basic=True)
def out_of_memory(case: PodCase) -> Iterator[Found]:
    """A container is killed at its memory limit.

    Raise the memory limit, or find what grew in the program.
    """
    for container, end in case.crashed():
        how = _starved(case, container, end)
        if how:
            limit = container.resources.get("memory", "..").rpartition("..")[2]
            at = (
                f"at its limit of {limit}"
                if limit
                else "with no limit of its own: its node ran out"
            )
            yield accuse(
                case,
                f"{where(case, container)} was killed for memory {at}{how.rstrip()} "
                f"({restarts(container)}, {now_doing(case, container)})",
                from_end(case, container, end),
                *from_log(case, container, end),
                fold=container.name,
                since=case.began(container),
            )


@rule("K8S104", Severity.CRITICAL)
def killed(case: PodCase) -> Iterator[Found]:
    """A container is killed from outside (SIGKILL), not for memory.

    See who kills it: a probe, a node that is drained, or a stop that took longer than its grace.
    """
    yield from _ends(
        case, _KILLED, "was killed (exit 137, SIGKILL; the kernel's memory killer was not the one)"
    )


@rule("K8S105", Severity.CRITICAL)
def segmentation_fault(case: PodCase) -> Iterator[Found]:
    """A container's program crashes in native code.

    Check the image's architecture and its native libraries; the program read memory it must not.
    """
    yield from _ends(case, _SEGFAULT, "crashed with a segmentation fault (exit 139, SIGSEGV)")
    yield from _ends(case, _ABORTED, "aborted itself (exit 134, SIGABRT)")


@rule("K8S106", Severity.CRITICAL)
def asked_to_stop(case: PodCase) -> Iterator[Found]:
    """A container is told to stop (SIGTERM) and started again.

    See who stops it: its events name the probe or the hook; its log tells what it was doing.
    """
    yield from _ends(case, _TERMINATED, "was told to stop (exit 143, SIGTERM)")


def _ends(case: PodCase, code: int, how: str) -> Iterator[Found]:
    for container, end in case.crashed():
        if end.exit_code == code and end.reason != "OOMKilled":
            yield accuse(
                case,
                f"{where(case, container)} {how} ({restarts(container)}, "
                f"{now_doing(case, container)})",
                from_end(case, container, end),
                *from_log(case, container, end),
                fold=f"{container.name}|{code}",
                since=case.began(container),
                **read_logs(case, container),
            )


def _starved(case: PodCase, container: Container, end: State) -> str:
    """How it is known that memory ran out, as words to add (a blank where the kubelet says so)."""
    if end.reason == "OOMKilled":
        return " "
    limited = container.resources.get("memory", "..").rpartition("..")[2]
    if container.last.reason == "OOMKilled" and end.exit_code == _KILLED:
        return " (the run before this one was OOMKilled)"
    line = killed_child(case.words.get(container.name, ()))
    if limited and line and end.exit_code:
        return f": a process of it was killed ({quote(line)})"
    return ""


def _signal(code: int) -> str:
    """What an exit code above 128 says: the program died of that signal."""
    name = _SIGNALS.get(code - 128)
    return f" (ended by {name})" if name else ""
