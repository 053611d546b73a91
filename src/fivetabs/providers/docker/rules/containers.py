"""What can be wrong with one container. The codes DKR1xx are for ever."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fivetabs.core import Evidence, Found, Severity, Subject, age, quoted, rule, stamp
from fivetabs.providers.docker.shapes.containers import Container
from fivetabs.providers.docker.shapes.endings import KILLED, meaning
from fivetabs.providers.docker.shapes.neighbourhoods import Around

LOOP_RESTARTS = 3
"""Fewer restarts than these are a stumble, not a loop."""

LOOP_WINDOW = timedelta(minutes=10)
"""A container that has run for longer is past its loop: the engine waits at most a minute."""

ASKED_TO_STOP = frozenset({130, 143})
_LONGEST_QUOTE = 300
_STOPPED = frozenset({"exited", "created"})
_LONG_AGO = timedelta(days=7)
_KEEPS_RUNNING = frozenset({"always", "unless-stopped"})


@dataclass(frozen=True, slots=True)
class Case:
    """One container, the engine it is on, the time it was looked at, and what is around it."""

    container: Container
    target: str
    now: datetime
    around: Around = field(default_factory=Around)

    @property
    def subject(self) -> Subject:
        """What a finding is about."""
        return Subject("docker", self.target, ("container", self.container.name))

    def since(self, when: datetime | None) -> str:
        """A time as UTC and as an age."""
        return f"{stamp(when)} ({age(when, self.now)} ago)" if when else "an unknown time"


@rule("DKR101", Severity.CRITICAL)
def restart_loop(case: Case) -> Iterator[Found]:
    """A container restarts over and over.

    Read its last words with get_container_logs and mend what they name; another restart does not.
    """
    c = case.container
    young = c.started is not None and case.now - c.started < LOOP_WINDOW
    running = c.state == "running" and c.restarts >= LOOP_RESTARTS and young
    if c.state != "restarting" and not running:
        return
    last = "" if running else f", last exit code {c.exit_code}{meaning(c.exit_code)}"
    ended = f"; last ended {case.since(c.finished)}" if c.finished else ""
    yield _found(
        case,
        f"{c.name} restarts over and over: {c.restarts} restarts{last}{ended}",
        f"RestartCount {c.restarts}, ExitCode {c.exit_code}, policy {c.policy}",
        c.finished,
    )


@rule("DKR102", Severity.CRITICAL)
def out_of_memory(case: Case) -> Iterator[Found]:
    """A container was killed for using too much memory.

    Raise its memory limit (docker update --memory), or find what grew.
    """
    c = case.container
    if not c.oom_killed:
        return
    limit = f" at its limit of {_size(c.memory_limit)}" if c.memory_limit else ""
    if c.state == "running":
        cause = f"a process in {c.name} was killed for memory{limit} while the container ran on"
    else:
        cause = f"{c.name} was killed for memory{limit} (exit code {c.exit_code}) at "
        cause += case.since(c.finished)
    yield _found(case, cause, f"OOMKilled true, ExitCode {c.exit_code}", c.finished)


@rule("DKR103", Severity.CRITICAL)
def unhealthy(case: Case) -> Iterator[Found]:
    """A running container fails its health check.

    Mend what the health check's output names; its log has more.
    """
    c = case.container
    if c.state != "running" or c.health != "unhealthy":
        return
    check = c.last_check
    said = _one_line(check.output) if check else ""
    cause = f"{c.name} is unhealthy: its health check failed {c.failing_streak} times in a row"
    cause += f", last with exit code {check.exit_code}" if check else ""
    cause += f": {quoted(said)}" if said else ""
    yield _found(case, cause, said or "Health.Status unhealthy", check.ended if check else None)


@rule("DKR104", Severity.WARNING)
def failed(case: Case) -> Iterator[Found]:
    """A container ended with an error and nothing starts it again.

    Read its last words with get_container_logs; start it again once they are dealt with.
    """
    c = case.container
    if not ended_badly(case) or c.exit_code == KILLED:
        return
    tries = f" after {c.restarts} restarts" if c.restarts else ""
    cause = f"{c.name} exited with code {c.exit_code}{meaning(c.exit_code)}"
    cause += f"{tries} at {case.since(c.finished)}"
    yield _found(case, cause, f"ExitCode {c.exit_code}, policy {c.policy}", c.finished)


def ended_badly(case: Case) -> bool:
    """Whether it ended with an error, lately, and nobody asked it to end.

    What ended longer ago than a week is history that nobody cleared away.
    """
    c = case.container
    if c.state != "exited" or not c.exit_code or c.oom_killed:
        return False
    if c.finished is not None and case.now - c.finished > _LONG_AGO:
        return False
    by_hand = c.exit_code in ASKED_TO_STOP or c.policy in _KEEPS_RUNNING
    return not by_hand and not case.around.asked


@rule("DKR105", Severity.CRITICAL)
def dead(case: Case) -> Iterator[Found]:
    """A container is dead: the engine could not remove it.

    Free what holds its file system (a busy mount), then docker rm -f it; it cannot be started.
    """
    c = case.container
    if c.state == "dead":
        cause = f"{c.name} is dead: its removal failed half way"
        yield _found(
            case,
            f"{cause}: {quoted(_one_line(c.error))}" if c.error else cause,
            c.error,
            c.finished,
        )


@rule("DKR106", Severity.CRITICAL)
def never_started(case: Case) -> Iterator[Found]:
    """A container could not be started.

    Mend what the engine names: a port in use, a missing mount, a wrong command or an absent device.
    """
    c = case.container
    if not c.error or c.state not in {*_STOPPED, "restarting"}:
        return
    did = "was created but could not be started" if c.state == "created" else "could not be started"
    yield _found(case, f"{c.name} {did}: {quoted(_one_line(c.error))}", c.error, c.finished)


def _found(case: Case, cause: str, quote: str, when: datetime | None) -> Found:
    name = case.container.name
    source = f"docker inspect {name}"
    return Found(
        subject=case.subject,
        cause=cause,
        evidence=(
            Evidence(quote=_one_line(quote), source=source, time=stamp(when) if when else ""),
        ),
        tool="get_container_logs",
        arguments={"container_name": name},
        since=case.around.began or when,
    )


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_QUOTE else f"{line[:_LONGEST_QUOTE]}..."


def _size(amount: int) -> str:
    """Bytes as `docker run --memory` writes them."""
    for unit, size in (("g", 1 << 30), ("m", 1 << 20), ("k", 1 << 10)):
        if amount >= size and amount % size == 0:
            return f"{amount // size}{unit}"
    return f"{amount}b"
