"""What a change of a container brings with it: the warnings that a person reads before agreeing."""

from collections.abc import Sequence

from fivetabs.core import Denied, quoted
from fivetabs.providers.docker.shapes.containers import Container
from fivetabs.providers.docker.tools.scenes import Scene

_NAMED = 5
_LOOPING = frozenset({"DKR101"})


def kept_elsewhere(container: Container, done: str) -> None:
    """Pass what is nobody else's to keep.

    Raises:
        Denied: If an orchestrator keeps it and would undo the change, with where to ask for it.
    """
    if owner := container.owner:
        raise Denied(
            f"{container.name} is kept by {owner.who}: {done} here, it would be replaced behind "
            "our back; nothing was done",
            hint=f"change it there: {owner.where}",
        )


def trouble(scene: Scene) -> tuple[str, ...]:
    """What was wrong with it before and a mere start does not mend."""
    c = scene.container
    warnings: list[str] = []
    if any(each.code in _LOOPING for each in scene.ailing):
        warnings.append(
            f"it restarts over and over already ({c.restarts} times): one more restart "
            "will hardly help; read its get_container_logs first"
        )
    if c.error:
        warnings.append(f"the engine could not start it before: {quoted(c.error)}")
    if c.oom_killed:
        warnings.append("it was killed for memory before; nothing about its limit changes")
    return tuple(warnings)


def before_stop(scene: Scene, *, meanwhile: str = " meanwhile") -> tuple[str, ...]:
    """How it ends, which ports close and who depends on it; nothing of what does not run."""
    c = scene.container
    warnings: list[str] = []
    if c.state == "running":
        grace = "without bound" if c.grace < 0 else f"{c.grace} s"
        warnings.append(f"it is stopped with SIGTERM and killed after its stop grace ({grace})")
        if scene.ports:
            ports = ", ".join(scene.ports)
            warnings.append(f"its published ports are closed{meanwhile}: {ports}")
    if scene.up and scene.wiring.drawn:
        drawn = ", ".join(scene.wiring.drawn)
        warnings.append(f"the host's port for {drawn} is drawn anew when it is started again")
    if scene.dependants:
        names = _some(scene.dependants)
        warnings.append(f"depends on it in Compose project {c.project}: {names}")
    return tuple(warnings)


def before_start(scene: Scene) -> tuple[str, ...]:
    """What may keep it from starting, and what happens when it ends again."""
    c = scene.container
    warnings: list[str] = []
    if c.policy == "no" and c.state == "running":
        warnings.append("its restart policy is 'no': should it end again, nothing starts it")
    if scene.up:
        return tuple(warnings)
    if scene.taken:
        warnings.append(f"it cannot start while a port of the host is held: {_some(scene.taken)}")
    unmet = (
        f"it depends on service {p.need.service}, which {p.unmet}" for p in scene.peers if p.unmet
    )
    return (*warnings, *unmet)


def _some(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
