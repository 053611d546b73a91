"""Why a health check fails, where the check itself is the matter and not what it looks at."""

from collections.abc import Iterator

from fivetabs.core import Found, Severity, rule
from fivetabs.core.patterns import Pattern
from fivetabs.providers.docker.rules.containers import Case
from fivetabs.providers.docker.rules.saying import told, words_of
from fivetabs.providers.docker.shapes.containers import Check
from fivetabs.providers.docker.shapes.endings import CANNOT_RUN, NOT_FOUND

_NO_PROGRAM = Pattern(r'exec: "([^"]+)"|(?:sh|bash): (?:line )?\d*:? ?(\S+): not found')
_TIMEOUT = Pattern(r"Health check exceeded timeout \(([^)]+)\)")


@rule("DKR116", Severity.WARNING)
def check_cannot_run(case: Case) -> Iterator[Found]:
    """A container counts as unhealthy because its health check cannot be run at all.

    Use a program that the image has in the health check (wget for curl), or add the one it calls.
    """
    check = _failing(case)
    if check is None:
        return
    named = _NO_PROGRAM.search(check.output)
    runtime = "OCI runtime exec failed" in check.output
    if runtime or (check.exit_code in (CANNOT_RUN, NOT_FOUND) and named):
        program = next((p for p in named.groups() if p), "") if named else ""
        what = f"the program {words_of(program)} is not in the image" if program else ""
        cause = f"{case.container.name} counts as unhealthy because its health check cannot run: "
        yield told(case, cause + (what or words_of(check.output)), check.output, when=check.ended)


@rule("DKR117", Severity.CRITICAL)
def check_times_out(case: Case) -> Iterator[Found]:
    """A container does not answer its health check in time.

    See in its log what it waits for; it may hang, be starved of CPU, or need a longer timeout.
    """
    check = _failing(case)
    late = _TIMEOUT.search(check.output) if check and check.exit_code < 0 else None
    if check is not None and late:
        c = case.container
        cause = f"{c.name} is unhealthy: its health check had no answer within {late[1]}, "
        cause += f"{c.failing_streak} times in a row"
        yield told(case, cause, check.output, when=check.ended)


def _failing(case: Case) -> Check | None:
    c = case.container
    return c.last_check if c.state == "running" and c.health == "unhealthy" else None
