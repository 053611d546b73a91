"""A healthy container, and the same with other facts and another neighbourhood."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from fivetabs.providers.docker.rules.containers import Case
from fivetabs.providers.docker.shapes.containers import Container, Summary
from fivetabs.providers.docker.shapes.neighbourhoods import Around
from fivetabs.providers.docker.shapes.wiring import Wiring

NOW = datetime(2026, 3, 12, 10, 14, tzinfo=UTC)
WELL = Container(
    id="a" * 64,
    name="web",
    image="web:1",
    state="running",
    exit_code=0,
    error="",
    oom_killed=False,
    started=NOW - timedelta(days=3),
    finished=None,
    restarts=0,
    health="",
    failing_streak=0,
    last_check=None,
    policy="no",
    auto_remove=False,
    tty=False,
    log_driver="json-file",
    memory_limit=0,
    grace=10,
    project="",
    service="",
)
ENDED = NOW - timedelta(hours=2)
REFUSED = "OCI runtime create failed: runc create failed: cgroup is not empty"


WIRED = Wiring(
    image_id="sha256:1",
    created=NOW - timedelta(days=3),
    command="/app/web",
    mounts=(),
    networks=(),
    published=(),
    needs=(),
    references=(),
    checked=False,
    check_every=None,
    project="",
    service="",
)


def case(around: Around | None = None, **facts: Any) -> Case:
    """The healthy container with other facts, and what is around it."""
    return Case(replace(WELL, **facts), "edge-1", NOW, around or Around())


def wired(**facts: Any) -> Wiring:
    """The healthy container's wiring with other facts."""
    return replace(WIRED, **facts)


def row(name: str, state: str = "running", status: str = "Up 3 days") -> Summary:
    """A container of the project `shop` as the engine lists it."""
    return Summary(name * 8, name, f"{name}:1", state, status, "shop", name, (), ())
