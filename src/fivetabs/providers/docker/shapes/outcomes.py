"""What is said of a container right after a step was carried out. Pure."""

from fivetabs.core import Conflict, quoted, stamp
from fivetabs.providers.docker.port import Restart, Start, Step
from fivetabs.providers.docker.shapes.containers import Container
from fivetabs.providers.docker.shapes.endings import meaning


def done(step: Step) -> str:
    """`restarted`, `started` or `stopped`."""
    if isinstance(step, Restart):
        return "restarted"
    return "started" if isinstance(step, Start) else "stopped"


def outcome_of(step: Step, container: Container) -> str:
    """One sentence of how it is now."""
    said = f"{done(step)} {container.name}"
    if container.state == "running" and container.started:
        return f"{said}: running since {stamp(container.started)}"
    code = container.exit_code
    if done(step) == "stopped":
        return f"{said}: {container.state}, exit code {code}{meaning(code)}"
    ended = f" (exit code {code})" if code else ""
    why = f": {quoted(container.error)}" if container.error else ""
    return f"{said}, and it is {container.state} again{ended}{why}"


def gone(step: Step) -> Conflict:
    """The fault for a container that was removed, or replaced under its name."""
    return Conflict(
        f"the container {step.name} with the id {step.container_id[:12]} is gone; nothing was done",
        hint="look with list_containers and ask for a new plan",
    )


def so_already(step: Step) -> Conflict:
    """The fault for a container that somebody else started or stopped meanwhile."""
    how = "runs already" if isinstance(step, Start) else "does not run any more"
    return Conflict(f"{step.name} {how}; nothing was done", hint="look with list_containers")
