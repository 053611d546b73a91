"""Cases of the rules about containers that the engine could not start: its words, verbatim."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from fivetabs.providers.docker.shapes.containers import Check
from fivetabs.providers.docker.shapes.neighbourhoods import Around
from fivetabs.providers.docker.shapes.wiring import Mount
from tests.providers.docker.rule_subjects import ENDED, NOW, case, wired

TAKEN = (
    "driver failed programming external connectivity on endpoint web (fdcfc03a): Bind for "
    "0.0.0.0:8080 failed: port is already allocated"
)
TAKEN_BY_ANOTHER = (
    "failed to set up container networking: driver failed programming external connectivity on "
    "endpoint web (fdcfc03a): failed to bind host port for 127.0.0.1:8080:172.17.0.2:80/tcp: "
    "address already in use"
)
NO_VOLUME = (
    'error evaluating symlinks from mount source "/var/lib/docker/volumes/data/_data": lstat '
    "/var/lib/docker/volumes/data: no such file or directory"
)
NO_BIND = 'invalid mount config for type "bind": bind source path does not exist: /srv/conf'
WRONG_KIND = (
    "failed to create shim task: OCI runtime create failed: runc create failed: unable to start "
    "container process: error during container init: error mounting "
    '"/srv/web.conf" to rootfs at "/etc/web.conf": mount /srv/web.conf:/etc/web.conf (via '
    "/proc/self/fd/6), flags: 0x5000: not a directory: unknown: Are you trying to mount a "
    "directory onto a file (or vice-versa)? Check if the specified host path exists and is the "
    "expected type"
)
NO_NETWORK = "network 437fe5cf2c8157d131f6296538b93e75145da6bc46ae3faf7095f63fded8ed4d not found"
NO_DEVICE = (
    'error gathering device information while adding custom device "/dev/ttyUSB0": no such file '
    "or directory"
)
FULL = "mkdir /var/lib/docker/overlay2/1a2b: no space left on device"
HELD = Around(wiring=wired(), holders={8080: ("old-web", "web")})
MOUNTING = Around(wiring=wired(mounts=(Mount("volume", "data", "/var/lib/data"),)))
ON_NETWORK = Around(wiring=wired(networks=(("shop_default", "437fe5cf"),)))

START_CASES: Mapping[str, tuple[Any, Any]] = MappingProxyType(
    {
        "DKR111": (
            case(HELD, state="created", exit_code=128, error=TAKEN),
            case(HELD, state="running", error=TAKEN),
        ),
        "DKR112": (
            case(MOUNTING, state="exited", error=NO_VOLUME, finished=ENDED),
            case(MOUNTING, state="exited", finished=ENDED),
        ),
        "DKR113": (
            case(ON_NETWORK, state="exited", error=NO_NETWORK, finished=ENDED),
            case(ON_NETWORK, state="exited", finished=ENDED),
        ),
        "DKR114": (
            case(state="created", error=FULL),
            case(health="healthy", last_check=Check(0, FULL, NOW)),
        ),
        "DKR115": (
            case(state="created", exit_code=128, error=NO_DEVICE),
            case(state="created", exit_code=128, error=NO_BIND),
        ),
    }
)
