"""For every rule a container or engine that it accuses and one that it leaves in peace."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from fivetabs.providers.docker.shapes.containers import Check
from tests.providers.docker.rule_cases_exits import EXIT_CASES
from tests.providers.docker.rule_cases_projects import HOST_CASES, PROJECT_CASES
from tests.providers.docker.rule_cases_starts import START_CASES
from tests.providers.docker.rule_subjects import ENDED, NOW, REFUSED, case

CASES: Mapping[str, tuple[Any, Any]] = MappingProxyType(
    {
        **PROJECT_CASES,
        **START_CASES,
        **EXIT_CASES,
        **HOST_CASES,
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
        "DKR106": (case(state="created", exit_code=128, error=REFUSED), case(state="created")),
    }
)
