"""Why a container ended, where its exit code or the engine's events say more than that it did."""

from collections.abc import Iterator

from fivetabs.core import Found, Severity, rule
from fivetabs.core.patterns import Pattern
from fivetabs.providers.docker.rules.containers import Case, ended_badly
from fivetabs.providers.docker.rules.saying import told, words_of
from fivetabs.providers.docker.shapes.endings import (
    CANNOT_RUN,
    CRASHES,
    KILLED,
    NOT_FOUND,
    meaning,
)
from fivetabs.providers.docker.shapes.events import Ending

_EXEC = Pattern(r'exec:? "?([^":]+)"?: (.+?)(?:: unknown)?$')
_WRONG_FORMAT = "exec format error"


@rule("DKR107", Severity.CRITICAL)
def command_cannot_run(case: Case) -> Iterator[Found]:
    """A container's command does not exist or cannot be executed.

    Correct its command or entrypoint, or use an image that has the program, for this processor.
    """
    c, wiring = case.container, case.around.wiring
    if c.state == "running":
        return
    refused = _EXEC.search(c.error) if c.error else None
    if refused:
        why = "is built for another processor" if _WRONG_FORMAT in refused[2] else "cannot be run"
        cause = f"{c.name} cannot start: its command {words_of(refused[1])} {why}: "
        yield told(case, cause + words_of(refused[2]), c.error, when=c.finished, look=False)
    elif not c.error and c.exit_code in (CANNOT_RUN, NOT_FOUND) and _failing(case):
        runs = f" {words_of(wiring.command)}" if wiring and wiring.command else ""
        cause = f"{c.name} ends with exit code {c.exit_code}{meaning(c.exit_code)}: its command"
        cause += f"{runs} starts a program that the image does not have or may not run"
        yield told(case, cause, f"ExitCode {c.exit_code}", when=c.finished)


@rule("DKR108", Severity.CRITICAL)
def crashed(case: Case) -> Iterator[Found]:
    """A container's program crashed by a signal of its own making.

    Its log may hold the trace; look for a bug, a broken library or an image of another processor.
    """
    c = case.container
    if c.exit_code in CRASHES and _failing(case):
        again = f", {c.restarts} restarts so far" if c.restarts else ""
        cause = f"{c.name} crashed with exit code {c.exit_code}{meaning(c.exit_code)}"
        yield told(
            case, f"{cause} at {case.since(c.finished)}{again}", _codes(case), when=c.finished
        )


@rule("DKR109", Severity.WARNING)
def killed_from_outside(case: Case) -> Iterator[Found]:
    """A container was killed, and not through Docker.

    See whether the host ran out of memory (dmesg: "Out of memory: Killed process"), or who kills.
    """
    c = case.container
    if c.exit_code == KILLED and _failing(case) and case.around.ending is Ending.ITSELF:
        cause = f"{c.name} got SIGKILL (exit code 137) at {case.since(c.finished)}, and no docker "
        cause += "stop or docker kill came before it: the host's own memory, or a kill -9"
        yield told(case, cause, "ExitCode 137, OOMKilled false, no kill event", when=c.finished)


@rule("DKR126", Severity.INFO)
def killed_by_somebody(case: Case) -> Iterator[Found]:
    """A container was killed, and whether on request is no longer known.

    If nobody stopped it (a docker stop that is not obeyed kills), see the host's memory (dmesg).
    """
    c = case.container
    if c.exit_code == KILLED and c.state == "exited" and ended_badly(case):
        cause = f"{c.name} got SIGKILL (exit code 137) at {case.since(c.finished)}: docker kill, a "
        cause += "docker stop that was not obeyed, or the host's own memory"
        yield told(case, cause, "ExitCode 137, OOMKilled false", when=c.finished)


@rule("DKR110", Severity.CRITICAL)
def ends_well_over_and_over(case: Case) -> Iterator[Found]:
    """A container's command ends at once without an error, and is started over and over.

    Give it a command that keeps running in the foreground, or the restart policy no or on-failure.
    """
    c, wiring = case.container, case.around.wiring
    if c.state == "restarting" and not c.exit_code and not c.error and not c.oom_killed:
        runs = f" {words_of(wiring.command)}" if wiring and wiring.command else ""
        cause = f"{c.name} has no long-running process: its command{runs} ends with exit code 0, "
        cause += f"and the restart policy {c.policy} has started it again {c.restarts} times"
        yield told(case, cause, _codes(case), when=c.finished)


def _failing(case: Case) -> bool:
    """It loops, or it ended badly and for good."""
    c = case.container
    return (c.state == "restarting" and not c.oom_killed) or ended_badly(case)


def _codes(case: Case) -> str:
    c = case.container
    return f"ExitCode {c.exit_code}, RestartCount {c.restarts}, policy {c.policy}"
