"""What the tools read from an engine, and the names that were meant when there is no such one."""

from collections.abc import Callable, Iterable
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, Field

from fivetabs.core import NotFound, Subject, Unreachable, did_you_mean, quoted, spelled
from fivetabs.providers.docker.port import Engine, is_container_name
from fivetabs.providers.docker.shapes.containers import (
    Container,
    Summary,
    parse_container,
    parse_summary,
)

T = TypeVar("T")


def _name(text: str) -> str:
    name = text.removeprefix("/")
    if not is_container_name(name):
        raise ValueError(
            "a container's name has letters, digits, '_', '.' and '-', and begins with a letter "
            "or digit"
        )
    return name


ContainerName = Annotated[str, AfterValidator(_name), Field(description="Name or id.")]


async def listed(engine: Engine) -> tuple[Summary, ...]:
    """Every container, the stopped ones too."""
    raw = await engine.get("/containers/json", all="1")
    return understood(lambda: tuple(parse_summary(each) for each in raw), engine.target)


async def inspected(engine: Engine, container: str) -> Container:
    """One container in full.

    Raises:
        NotFound: If there is none of that name or id.
    """
    raw = await engine.get(f"/containers/{container}/json")
    return understood(lambda: parse_container(raw), engine.target)


def subject(engine: Engine, name: str) -> Subject:
    """A container as a subject."""
    return Subject("docker", engine.target, ("container", name))


async def named(engine: Engine, name: str, *, services: bool = False) -> Container:
    """One container by its name or id; with `services` also by the name of a Compose service.

    Raises:
        NotFound: With the near names, or the containers of the Compose service so called.
    """
    try:
        return await inspected(engine, name)
    except NotFound:
        rows = await listed(engine)
        of_service = [c for c in rows if c.service == name]
        if services and len(of_service) == 1:
            return await inspected(engine, of_service[0].id)
        raise no_such(engine.target, name, rows) from None


def no_such(target: str, name: str, known: Iterable[Summary]) -> NotFound:
    """The fault for a name nobody has."""
    rows = tuple(known)
    of_service = [c.name for c in rows if c.service and c.service == name]
    if of_service:
        hint = f"the Compose service {name!r} runs as {', '.join(map(spelled, of_service[:5]))}"
    else:
        otherwise = f"list_containers shows all {len(rows)}" if rows else "there are no containers"
        hint = did_you_mean(name, (c.name for c in rows), otherwise=otherwise)
    return NotFound(f"no container is called {name!r} on {target}", hint=hint)


def understood(parse: Callable[[], T], target: str) -> T:
    """What a shape makes of an answer.

    Raises:
        Unreachable: If the answer is not one that a Docker engine gives.
    """
    try:
        return parse()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise not_docker(target, error) from error


def not_docker(target: str, error: Any) -> Unreachable:
    """The fault for an answer that no Docker engine would give."""
    return Unreachable(
        f"what answers for {target} does not answer like a Docker engine "
        f"({type(error).__name__}: {quoted(str(error))})",
        hint="check where DOCKER_HOST or the Docker context points (docker context inspect)",
    )
