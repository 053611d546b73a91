"""Restarts: a plan that stops one container and starts it again."""

from fivetabs.core import Blast, Call, Conflict, Delta, Plan, age, change, stamp
from fivetabs.providers.docker.port import Engine, Restart
from fivetabs.providers.docker.shapes.containers import Container
from fivetabs.providers.docker.tools.consequences import (
    before_start,
    before_stop,
    kept_elsewhere,
    trouble,
)
from fivetabs.providers.docker.tools.engines import ContainerName, subject
from fivetabs.providers.docker.tools.scenes import scene
from fivetabs.providers.docker.tools.verdicts import runs_well

_RESTARTABLE = frozenset({"running", "exited", "created", "restarting"})


@change(
    example={"container_name": "edge-proxy"},
    questions=(
        "Restart the container edge-proxy: stop and start it",
        "Can you restart container checkout-worker?",
        "Stop container image-resize and start it again: a restart",
    ),
    verify=runs_well,
)
async def restart_container(engine: Engine, /, container_name: ContainerName) -> Plan[Restart]:
    """Restart one Docker container: stop it, killed after its stop grace, and start it again.

    Also starts a stopped one. Returns a plan with warnings; changes nothing until approved. Not
    for Kubernetes (restart_deployment). Look with list_containers before and after.
    """
    seen = await scene(engine, container_name)
    c = seen.container
    if c.state not in _RESTARTABLE:
        raise Conflict(f"{c.name} is {c.state}: the engine cannot restart it", hint=_way_out(c))
    kept_elsewhere(c, "restarted")
    running = c.state == "running"
    return Plan(
        summary=f"Restart container {c.name} ({c.image}) on {engine.target}",
        steps=(Restart(c.id, c.name, c.grace),),
        touches=(subject(engine, c.name),),
        deltas=_deltas(c, engine),
        warnings=(*trouble(seen), *_removal(c), *before_stop(seen), *before_start(seen)),
        irreversible=_lost(c),
        check=Call("list_containers", {"name": c.name}),
        blast=Blast(pods=int(running)),
        ailing=seen.ailing,
    )


def _lost(container: Container) -> str:
    if container.state == "running":
        return "what the process holds in memory is lost, and the restart count begins again at 0"
    return "how it ended last and its restart count are overwritten; what it does anew stays done"


def _removal(container: Container) -> tuple[str, ...]:
    told = "it was started with --rm: should it fail to start, it is removed with its anonymous "
    return (f"{told}volumes",) if container.auto_remove else ()


def _way_out(container: Container) -> str:
    if container.state == "paused":
        return f"docker unpause {container.name}"
    return f"docker rm -f {container.name}, then create it again"


def _deltas(container: Container, engine: Engine) -> tuple[Delta, ...]:
    started = container.started
    ended = container.state in {"exited", "restarting"}
    state = f"{container.state} ({container.exit_code})" if ended else container.state
    when = f"{stamp(started)} ({age(started, engine.now())} ago)" if started else "never"
    deltas = [Delta("state", state, "running"), Delta("started", when, "now")]
    if container.health:
        deltas.append(Delta("health", container.health, "starting"))
    return tuple(deltas)
