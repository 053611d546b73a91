"""Cases of the rules about how a container ended, and about health checks that are the matter."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from fivetabs.providers.docker.shapes.containers import Check
from fivetabs.providers.docker.shapes.events import Ending
from fivetabs.providers.docker.shapes.neighbourhoods import Around
from tests.providers.docker.rule_subjects import ENDED, NOW, case, wired

BY_ITSELF = Around(wiring=wired(), ending=Ending.ITSELF)
ON_REQUEST = Around(wiring=wired(), ending=Ending.ASKED)
NO_CURL = Check(127, "/bin/sh: curl: not found\n", NOW)
NO_WGET = Check(
    126,
    'OCI runtime exec failed: exec failed: unable to start container process: exec: "wget": '
    "executable file not found in $PATH: unknown",
    NOW,
)
LATE = Check(-1, "Health check exceeded timeout (5s)", NOW)
NO_PROGRAM = (
    "failed to create shim task: OCI runtime create failed: runc create failed: unable to start "
    'container process: exec: "serve": executable file not found in $PATH: unknown'
)

EXIT_CASES: Mapping[str, tuple[Any, Any]] = MappingProxyType(
    {
        "DKR107": (
            case(state="created", exit_code=127, error=NO_PROGRAM),
            case(ON_REQUEST, state="exited", exit_code=127, finished=ENDED),
        ),
        "DKR108": (
            case(BY_ITSELF, state="exited", exit_code=139, finished=ENDED),
            case(BY_ITSELF, state="exited", exit_code=139, finished=NOW - timedelta(days=30)),
        ),
        "DKR109": (
            case(BY_ITSELF, state="exited", exit_code=137, finished=ENDED),
            case(ON_REQUEST, state="exited", exit_code=137, finished=ENDED),
        ),
        "DKR110": (
            case(BY_ITSELF, state="restarting", restarts=9, policy="always", finished=ENDED),
            case(BY_ITSELF, state="exited", policy="no", finished=ENDED),
        ),
        "DKR116": (
            case(health="unhealthy", failing_streak=3, last_check=NO_CURL),
            case(health="unhealthy", failing_streak=3, last_check=Check(1, "404: not found", NOW)),
        ),
        "DKR117": (
            case(health="unhealthy", failing_streak=3, last_check=LATE),
            case(health="healthy", last_check=LATE),
        ),
        "DKR126": (
            case(Around(wiring=wired()), state="exited", exit_code=137, finished=ENDED),
            case(ON_REQUEST, state="exited", exit_code=137, finished=ENDED),
        ),
    }
)
