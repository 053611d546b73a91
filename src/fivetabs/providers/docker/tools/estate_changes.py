"""What changed on an engine since a time: its events, and what its containers tell beyond them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from fivetabs.core import Change, History, Nature, Scope, Subject, stamp
from fivetabs.providers.docker.port import Engine
from fivetabs.providers.docker.shapes.containers import parse_summary
from fivetabs.providers.docker.shapes.endings import meaning
from fivetabs.providers.docker.shapes.events import REMEMBERED, Event, Story, folded
from fivetabs.providers.docker.tools.engines import understood
from fivetabs.providers.docker.tools.estate_reading import read_info, read_story

_SOURCE = "docker events"
_CONTAINER = MappingProxyType(
    {
        "create": "container created",
        "start": "container started",
        "restart": "container restarted on request",
        "stop": "container stopped on request",
        "oom": "out of memory: a process in it was killed",
        "pause": "container paused",
        "unpause": "container unpaused",
        "destroy": "container removed",
        "rename": "container renamed",
        "update": "container's limits or restart policy updated",
        "health_status: unhealthy": "became unhealthy",
        "health_status: healthy": "became healthy",
    }
)
_OTHERS = MappingProxyType(
    {
        ("image", "pull"): "image pulled",
        ("image", "load"): "image loaded",
        ("image", "import"): "image imported",
        ("image", "tag"): "image tagged",
        ("image", "untag"): "image untagged",
        ("image", "delete"): "image deleted",
        ("network", "create"): "network created",
        ("network", "destroy"): "network removed",
        ("volume", "create"): "volume created",
        ("volume", "destroy"): "volume removed",
        ("daemon", "reload"): "the engine's settings were reloaded",
    }
)
_STATES = MappingProxyType(
    {
        "health_status: unhealthy": ("healthy", "unhealthy"),
        "health_status: healthy": ("unhealthy", "healthy"),
    }
)


async def changes(engine: Engine, since: datetime, _scope: Scope) -> History:
    """Starts, deaths, health, images and networks, folded; who asked the engine never tells.

    Raises:
        Fault: If neither the events nor the containers can be read.
    """
    story = await read_story(engine, since, await read_info(engine))
    recent = [each for each in story.events if each.when >= since]
    found = [c for each, count in folded(recent) if (c := _change(engine.target, each, count))]
    raw = await engine.get("/containers/json", all="1")
    found += understood(lambda: list(_created(engine.target, raw, since, recent)), engine.target)
    ordered = sorted(found, key=lambda c: (c.when, str(c.subject), c.what))
    return History(tuple(ordered), _checked(recent, since), _missing(story, since))


def _change(target: str, event: Event, count: int) -> Change | None:
    what = _words(event)
    if not what:
        return None
    if event.kind == "daemon":
        subject = Subject("docker", target, ("engine",))
    else:
        subject = Subject("docker", target, (event.kind, event.name or event.id))
    before, after = _STATES.get(event.action, ("", ""))
    return Change(
        *(subject, event.when, what, _SOURCE),
        before=before,
        after=after,
        count=count,
        nature=_nature(event),
    )


def _nature(event: Event) -> Nature:
    """A container that ends by itself has failed; its starts are its restart policy's doing."""
    match event.action:
        case "die":
            return Nature.FOLLOWED if event.exit_code == "0" else Nature.FAILED
        case "oom" | "health_status: unhealthy":
            return Nature.FAILED
        case "start" | "health_status: healthy":
            return Nature.FOLLOWED
        case _:
            return Nature.DONE


def _words(event: Event) -> str:
    if event.kind != "container":
        return _OTHERS.get((event.kind, event.action), "")
    if event.action == "die":
        code = int(event.exit_code) if event.exit_code.isdecimal() else 0
        return f"container ended with exit code {event.exit_code}{meaning(code)}"
    if event.action == "kill":
        return f"signal {event.signal} sent to the container on request"
    return _CONTAINER.get(event.action, "")


def _created(
    target: str, raw: Sequence[Mapping[str, Any]], since: datetime, recent: Sequence[Event]
) -> Iterator[Change]:
    """Containers made since then of whose making the engine remembers no event."""
    told = {each.id for each in recent if each.kind == "container" and each.action == "create"}
    for each in raw:
        made = datetime.fromtimestamp(int(each.get("Created") or 0), UTC)
        row = parse_summary(each)
        if made >= since and row.id not in told:
            subject = Subject("docker", target, ("container", row.name))
            yield Change(subject, made, "container created", "docker ps", after=row.image)


def _checked(recent: Sequence[Event], since: datetime) -> tuple[str, ...]:
    return (f"{len(recent)} events since {stamp(since)}",)


def _missing(story: Story, since: datetime) -> tuple[str, ...]:
    if story.whole or story.start is None or story.start <= since:
        return ()
    return (f"events before {stamp(story.start)}: the engine keeps its newest {REMEMBERED} only",)
