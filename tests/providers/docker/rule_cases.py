"""For every rule a container that it accuses and one that it leaves in peace."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from fivetabs.providers.docker.rules.containers import Case
from fivetabs.providers.docker.shapes.containers import Check, Container

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
PORT = "driver failed programming external connectivity: port is already allocated"


def case(**facts: Any) -> Case:
    """The healthy container with other facts."""
    return Case(replace(WELL, **facts), "edge-1", NOW)


CASES: Mapping[str, tuple[Case, Case]] = MappingProxyType(
    {
        "DKR101": (
            case(state="restarting", exit_code=1, restarts=16, policy="always", finished=ENDED),
            case(restarts=40, policy="always", finished=NOW - timedelta(days=3)),
        ),
        "DKR102": (
            case(state="exited", exit_code=137, oom_killed=True, finished=ENDED),
            case(state="exited", exit_code=137, finished=ENDED),
        ),
        "DKR103": (
            case(health="unhealthy", failing_streak=5, last_check=Check(1, "no upstreams", NOW)),
            case(state="exited", health="unhealthy", failing_streak=5),
        ),
        "DKR104": (
            case(state="exited", exit_code=3, finished=ENDED),
            case(state="exited", exit_code=143, finished=ENDED),
        ),
        "DKR105": (case(state="dead", error="device or resource busy"), case(state="exited")),
        "DKR106": (case(state="created", exit_code=128, error=PORT), case(state="created")),
    }
)
