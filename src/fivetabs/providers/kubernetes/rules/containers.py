"""Why a container ended, and ended again."""

from collections.abc import Iterator

from fivetabs.core import Found, Severity, rule, span
from fivetabs.providers.kubernetes.rules.saying import (
    accuse,
    from_end,
    from_log,
    now_doing,
    one_line,
    quote,
    read_logs,
    restarts,
    seen,
    where,
)
from fivetabs.providers.kubernetes.shapes.cases import PodCase
from fivetabs.providers.kubernetes.shapes.containers import Container, State

_START_ERRORS = ("StartError", "ContainerCannotRun", "RunContainerError")
_NOT_EXECUTABLE, _NOT_FOUND = 126, 127
_KILLED, _SEGFAULT, _TERMINATED = 137, 139, 143
_ABORTED = 134


@rule("K8S101", Severity.CRITICAL)
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
                "does not keep running"
            )
            yield accuse(
                case,
                cause,
                from_end(case, container, end),
                *from_log(case, container, end),
                fold=container.name,
            )


@rule("K8S102", Severity.CRITICAL)
def application_error(case: PodCase) -> Iterator[Found]:
    """A container's program ends with an error.

    Read the log of the run before and mend what it complains of.
    """
    for container, end in case.crashed():
        if end.word == "terminated" and end.exit_code:
            words = case.words.get(container.name, ()) or ((end.message,) if end.message else ())
            said = f": {quote(words[-1])}" if words else ""
            again = f"{restarts(container)}, {now_doing(case, container)}"
            how = again if container.restarts else f"and is not restarted, now {case.status}"
            yield accuse(
                case,
                f"{where(case, container)} exits {end.exit_code} ({how}){said}",
                from_end(case, container, end),
                *from_log(case, container, end),
                fold=f"{container.name}|{end.exit_code}",
                **read_logs(case, container),
            )


@rule("K8S103", Severity.CRITICAL)
def out_of_memory(case: PodCase) -> Iterator[Found]:
    """A container is killed at its memory limit.

    Raise the memory limit, or find what grew in the program.
    """
    for container, end in case.crashed():
        if end.reason == "OOMKilled":
            limit = container.resources.get("memory", "..").rpartition("..")[2]
            at = (
                f"at its limit of {limit}"
                if limit
                else "with no limit of its own: its node ran out"
            )
            yield accuse(
                case,
                f"{where(case, container)} was killed for memory {at} "
                f"({restarts(container)}, {now_doing(case, container)})",
                from_end(case, container, end),
                *from_log(case, container, end),
                fold=container.name,
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


@rule("K8S107", Severity.CRITICAL)
def command_cannot_run(case: PodCase) -> Iterator[Found]:
    """A container's command cannot be started.

    Correct the command or the image: the file must exist there, be executable and fit the platform.
    """
    for container in case.pod.containers:
        end = _start_error(container)
        if end is not None:
            told = end.message or end.reason
            runs = f"{quote(container.command)} " if container.command else "its command "
            yield accuse(
                case,
                f"{where(case, container)} cannot start: {runs}does not run in "
                f"{container.image} ({_reason_of(told)})",
                seen(told, f"{case.pod.name}/{container.name} {end.reason}", end.finished),
                fold=f"{container.name}|{container.command}",
            )
    yield from _not_run(case)


def _not_run(case: PodCase) -> Iterator[Found]:
    """Shells that say by their exit code that a command is not there, or is none."""
    for container, end in case.crashed():
        if end.exit_code in {_NOT_EXECUTABLE, _NOT_FOUND}:
            what = "not found" if end.exit_code == _NOT_FOUND else "found but not executable"
            words = case.words.get(container.name, ())
            said = f": {quote(words[-1])}" if words else ""
            yield accuse(
                case,
                f"{where(case, container)} exits {end.exit_code}: a command was {what} in "
                f"{container.image}{said}",
                from_end(case, container, end),
                *from_log(case, container, end),
                fold=container.name,
                **read_logs(case, container),
            )


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
                **read_logs(case, container),
            )


def _start_error(container: Container) -> State | None:
    for state in (container.state, container.last):
        if state.reason in _START_ERRORS:
            more = container.last.message if not state.message else ""
            looping = container.state.word != "running"
            return (state if not more else container.last) if looping else None
    return None


def _reason_of(message: str) -> str:
    """The end of a runtime's chain of errors: what was wrong, without who passed it on."""
    text = one_line(message.replace(": unknown", ""))
    for mark in ("exec: ", "error during container init: ", "runc create failed: "):
        if mark in text:
            return quote(text.rpartition(mark)[2])
    return quote(text)
