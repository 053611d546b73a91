"""Containers whose program cannot even be started."""

from collections.abc import Iterator

from fivetabs.core import Found, Severity, rule
from fivetabs.core.patterns import Pattern
from fivetabs.providers.kubernetes.rules.saying import (
    accuse,
    from_end,
    from_log,
    one_line,
    quote,
    read_logs,
    said,
    seen,
    where,
)
from fivetabs.providers.kubernetes.shapes.cases import PodCase
from fivetabs.providers.kubernetes.shapes.containers import Container, State

_START_ERRORS = ("StartError", "ContainerCannotRun", "RunContainerError")
_NOT_EXECUTABLE, _NOT_FOUND = 126, 127
_ROOTFS = Pattern(r'to rootfs at "([^"]+)"')
_FOREIGN_FORMAT = "exec format error"


@rule("K8S107", Severity.CRITICAL, basic=True)
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
                f"{where(case, container)} cannot start: {_why(container, told, runs)}",
                seen(told, f"{case.pod.name}/{container.name} {end.reason}", end.finished),
                fold=f"{container.name}|{container.command}",
                since=case.began(container),
            )
    yield from _not_run(case)


@rule("K8S118", Severity.CRITICAL, basic=True)
def wrong_architecture(case: PodCase) -> Iterator[Found]:
    """A container's program is not made for its node's processor.

    Use an image built for the node's architecture; if it is a script, give it a first line `#!`.
    """
    for container in case.pod.containers:
        lines = case.words.get(container.name, ())
        noted = (container.state.message, container.last.message, *lines[-3:])
        line = next((each for each in noted if _FOREIGN_FORMAT in each.lower()), "")
        if line and container.state.word != "running":
            runs = f"{quote(container.command)} in " if container.command else "the program of "
            yield accuse(
                case,
                f"{where(case, container)} cannot start: {runs}{container.image} is not made for "
                f"node {case.pod.node} (exec format error)",
                seen(line, f"{case.pod.name}/{container.name}", container.last.finished),
                fold=container.name,
                since=case.began(container),
            )


def _not_run(case: PodCase) -> Iterator[Found]:
    """Shells that say by their exit code that a command is not there, or is none."""
    for container, end in case.crashed():
        if end.exit_code in {_NOT_EXECUTABLE, _NOT_FOUND}:
            what = "not found" if end.exit_code == _NOT_FOUND else "found but not executable"
            yield accuse(
                case,
                f"{where(case, container)} exits {end.exit_code}: a command was {what} in "
                f"{container.image}{said(case, container)}",
                from_end(case, container, end),
                *from_log(case, container, end),
                fold=container.name,
                since=case.began(container),
                **read_logs(case, container),
            )


def _start_error(container: Container) -> State | None:
    for state in (container.state, container.last):
        if state.reason in _START_ERRORS:
            more = container.last.message if not state.message else ""
            looping = container.state.word != "running"
            return (state if not more else container.last) if looping else None
    return None


def _why(container: Container, told: str, runs: str) -> str:
    _, mounting, mount = told.replace(": unknown", "").partition("error mounting ")
    if mounting:
        at = _ROOTFS.search(mount)
        place = f"the mount at {quote(at[1])}" if at else "a mount"
        return f"{place} fails: {quote(mount.rpartition('flags: ')[2] or mount)}"
    return f"{runs}does not run in {container.image} ({_reason_of(told)})"


def _reason_of(message: str) -> str:
    """The end of a runtime's chain of errors: what was wrong, without who passed it on."""
    text = one_line(message.replace(": unknown", ""))
    for mark in ("exec: ", "error during container init: ", "runc create failed: "):
        if mark in text:
            return quote(text.rpartition(mark)[2])
    return quote(text)
