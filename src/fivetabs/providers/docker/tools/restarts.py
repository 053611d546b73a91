"""Restarts: a plan that stops one container and starts it again."""

from fivetabs.core import Call, Conflict, Delta, Plan, age, change, quoted, stamp
from fivetabs.providers.docker.port import Engine, Restart
from fivetabs.providers.docker.rules.containers import Case, restart_loop
from fivetabs.providers.docker.shapes.containers import Container, Summary
from fivetabs.providers.docker.tools.engines import ContainerName, listed, named

_RESTARTABLE = frozenset({"running", "exited", "created", "restarting"})
_MOST_DEPENDANTS = 5


@change(
    example={"container_name": "edge-proxy"},
    questions=(
        "Restart the docker container edge-proxy",
        "Can you restart container checkout-worker?",
        "Start the stopped container image-resize again",
    ),
)
async def restart_container(engine: Engine, /, container_name: ContainerName) -> Plan[Restart]:
    """Restart one Docker container: stop it, killed after its stop grace, and start it again.

    Also starts a stopped one. Returns a plan with warnings; changes nothing until approved. Not
    for Kubernetes (restart_deployment). Look with list_containers before and after.
    """
    container = await named(engine, container_name)
    if container.state not in _RESTARTABLE:
        raise Conflict(
            f"{container.name} is {container.state}: the engine cannot restart it",
            hint=_how_out(container),
        )
    others = await listed(engine)
    return Plan(
        summary=f"Restart container {container.name} ({container.image}) on {engine.target}",
        steps=(Restart(container.id, container.name, container.grace),),
        deltas=_deltas(container, engine),
        warnings=(*_warnings(container, engine), *_dependants(container, others)),
        irreversible=_lost(container),
        check=Call("list_containers", {"name": container.name}),
    )


def _lost(container: Container) -> str:
    if container.state == "running":
        return "what the process holds in memory is lost, and the restart count begins again at 0"
    return "how it ended last and its restart count are overwritten; what it does anew stays done"


def _how_out(container: Container) -> str:
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


def _warnings(container: Container, engine: Engine) -> tuple[str, ...]:
    warnings: list[str] = []
    if any(True for _ in restart_loop(Case(container, engine.target, engine.now()))):
        warnings.append(
            f"it restarts over and over already ({container.restarts} times): one more restart "
            "will hardly help; read its get_container_logs first"
        )
    if container.auto_remove:
        warnings.append(
            "it was started with --rm: should it fail to start, it is removed with its anonymous "
            "volumes"
        )
    if container.policy == "no" and container.state == "running":
        warnings.append("its restart policy is 'no': should it end again, nothing starts it")
    if container.error:
        warnings.append(f"the engine could not start it before: {quoted(container.error)}")
    if container.oom_killed:
        warnings.append("it was killed for memory before; nothing about its limit changes")
    if container.state == "running":
        grace = "without bound" if container.grace < 0 else f"{container.grace} s"
        warnings.append(f"it is stopped with SIGTERM and killed after its stop grace ({grace})")
    return tuple(warnings)


def _dependants(container: Container, others: tuple[Summary, ...]) -> tuple[str, ...]:
    """Who of the same Compose project said to depend on it, and which ports go away meanwhile."""
    warnings: list[str] = []
    mine = [c for c in others if c.id == container.id]
    ports = [p for c in mine for p in c.ports if "->" in p]
    if ports and container.state == "running":
        warnings.append(f"its published ports are closed meanwhile: {', '.join(ports)}")
    leaning = sorted(
        c.name
        for c in others
        if container.project and c.project == container.project
        if container.service in c.depends_on and c.state in ("running", "restarting")
    )
    if leaning:
        more = len(leaning) - _MOST_DEPENDANTS
        rest = f" and {more} more" if more > 0 else ""
        shown = ", ".join(leaning[:_MOST_DEPENDANTS])
        warnings.append(f"depends on it in Compose project {container.project}: {shown}{rest}")
    return tuple(warnings)
