"""Starting a container that does not run, and stopping one that does: each undoes the other."""

from fivetabs.core import Blast, Call, Conflict, Delta, Denied, Plan, age, change, stamp
from fivetabs.providers.docker.port import Engine, Start, Stop
from fivetabs.providers.docker.shapes.containers import Container
from fivetabs.providers.docker.tools.consequences import (
    before_start,
    before_stop,
    kept_elsewhere,
    trouble,
)
from fivetabs.providers.docker.tools.engines import ContainerName, subject
from fivetabs.providers.docker.tools.scenes import UP, scene
from fivetabs.providers.docker.tools.verdicts import runs_well, stays_stopped

_STARTABLE = frozenset({"exited", "created"})


@change(
    example={"container_name": "image-resize"},
    questions=(
        "Start the stopped container image-resize",
        "Bring the exited docker container migrate up: start it",
        "Can you start container metrics-agent, which is stopped?",
    ),
    verify=runs_well,
)
async def start_container(engine: Engine, /, container_name: ContainerName) -> Plan[Start]:
    """Start one stopped Docker container as it was made.

    Returns a plan; changes nothing until approved. Undone by stop_container; for one that runs use
    restart_container.
    """
    seen = await scene(engine, container_name)
    c = seen.container
    if c.state not in _STARTABLE:
        raise Conflict(f"{c.name} {_is(c)}; nothing was done", hint=_instead(c))
    kept_elsewhere(c, "started")
    undo = Call("stop_container", {"container_name": c.name})
    return Plan(
        summary=f"Start container {c.name} ({c.image}) on {engine.target}",
        steps=(Start(c.id, c.name),),
        touches=(subject(engine, c.name),),
        deltas=(Delta("state", _state(c), "running"), Delta("started", _when(c, engine), "now")),
        warnings=(*trouble(seen), *before_start(seen), *_forgotten(c)),
        undo=None if c.auto_remove else undo,
        irreversible=_RM_LATER if c.auto_remove else "",
        check=Call("list_containers", {"name": c.name}),
        ailing=seen.ailing,
    )


@change(
    example={"container_name": "metrics-agent"},
    questions=(
        "Stop the docker container metrics-agent",
        "Can you stop container checkout-worker until it is mended?",
        "Shut the running container edge-proxy down: stop it",
    ),
    verify=stays_stopped,
)
async def stop_container(engine: Engine, /, container_name: ContainerName) -> Plan[Stop]:
    """Stop one running Docker container, killed after its stop grace, and keep it.

    Returns a plan with who depends on it; changes nothing until approved. Undone by
    start_container.
    """
    seen = await scene(engine, container_name)
    c = seen.container
    if c.state not in UP:
        raise Conflict(f"{c.name} {_is(c)}; nothing was done", hint=_instead(c))
    kept_elsewhere(c, "stopped")
    if c.auto_remove:
        raise Denied(
            f"{c.name} was started with --rm: stopped, it is removed for good with its anonymous "
            "volumes; nothing was done",
            hint=f"save what it holds, then docker stop {c.name}; or use restart_container",
        )
    return Plan(
        summary=f"Stop container {c.name} ({c.image}) on {engine.target}",
        steps=(Stop(c.id, c.name, c.grace),),
        touches=(subject(engine, c.name),),
        deltas=(Delta("state", _state(c), "exited"),),
        warnings=(*before_stop(seen, meanwhile=""), *_policy(c), _MEMORY),
        undo=Call("start_container", {"container_name": c.name}),
        check=Call("list_containers", {"name": c.name}),
        blast=Blast(pods=1),
        ailing=seen.ailing,
    )


_MEMORY = "what its process holds in memory and in tmpfs mounts is lost"
_RM_LATER = "it was made with --rm: as soon as it ends it is removed with its anonymous volumes"


def _is(container: Container) -> str:
    return "runs already" if container.state == "running" else f"is {container.state}"


def _instead(container: Container) -> str:
    name = container.name
    match container.state:
        case "paused":
            return f"docker unpause {name} first"
        case "running" | "restarting":
            return f"restart_container(container_name={name!r}) restarts it"
        case "exited" | "created":
            return f"start_container(container_name={name!r}) starts it"
        case _:
            return f"docker rm -f {name}, then create it again"


def _state(container: Container) -> str:
    ended = container.state in {"exited", "restarting"}
    return f"{container.state} ({container.exit_code})" if ended else container.state


def _when(container: Container, engine: Engine) -> str:
    started = container.started
    return f"{stamp(started)} ({age(started, engine.now())} ago)" if started else "never"


def _forgotten(container: Container) -> tuple[str, ...]:
    ended = container.state == "exited"
    return ("how it ended last is overwritten; what it does anew stays done",) if ended else ()


def _policy(container: Container) -> tuple[str, ...]:
    """Source: Docker's documentation, "Start containers automatically"."""
    match container.policy:
        case "always":
            return ("its restart policy is 'always': it stays stopped until the engine restarts",)
        case "unless-stopped":
            return ("its restart policy is 'unless-stopped': a restart of the engine leaves it so",)
        case _:
            return ()
