"""Cases of the rules about neighbours in a Compose project, what waits, and the engine itself."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from fivetabs.core import Subject
from fivetabs.providers.docker.rules.hosts import Host
from fivetabs.providers.docker.shapes.events import Ending
from fivetabs.providers.docker.shapes.hosts import Info
from fivetabs.providers.docker.shapes.neighbourhoods import Around, Peer
from fivetabs.providers.docker.shapes.wiring import HEALTHY, STARTED, Mount, Need, Published
from tests.providers.docker.rule_subjects import ENDED, NOW, case, row, wired

MADE = wired(created=NOW - timedelta(hours=3))
UNWELL = Peer(Need("db", HEALTHY), (row("db", status="Up 5 minutes (unhealthy)"),))
WELL_DB = Peer(Need("db", HEALTHY), (row("db", status="Up 5 minutes (healthy)"),))
NOBODY = Peer(Need("db", STARTED), ())
USERS = (row("api"), row("front"))
VOLUME = wired(mounts=(Mount("volume", "data", "/data"), Mount("bind", "/srv", "/srv")))
IMAGES = frozenset({"sha256:1", "web:1"})
OPEN = "[DEPRECATION NOTICE]: API is accessible on http://0.0.0.0:2375 without encryption."


def host(networked: int = 3, **facts: Any) -> Host:
    """A healthy engine with other facts."""
    well = Info("edge-1", "27.5.1", "overlay2", (), "inactive", "", NOW, "/var/lib/docker")
    return Host(Subject("docker", "edge-1", ("engine",)), replace(well, **facts), networked)


PROJECT_CASES: Mapping[str, tuple[Any, Any]] = MappingProxyType(
    {
        "DKR118": (
            case(
                Around(wiring=wired(), ending=Ending.ASKED, needed_by=USERS),
                state="exited",
                finished=ENDED,
                project="shop",
            ),
            case(
                Around(wiring=wired(), needed_by=USERS),
                state="exited",
                finished=ENDED,
                project="shop",
            ),
        ),
        "DKR119": (
            case(Around(peers=(NOBODY,), sick=frozenset({"web"})), project="shop"),
            case(Around(peers=(NOBODY,)), project="shop"),
        ),
        "DKR120": (
            case(Around(peers=(UNWELL,)), state="created"),
            case(Around(peers=(WELL_DB,)), state="created"),
        ),
        "DKR121": (
            case(Around(wiring=MADE), state="created"),
            case(Around(wiring=wired(created=NOW - timedelta(minutes=1))), state="created"),
        ),
        "DKR122": (
            case(Around(wiring=wired(published=(Published("", 80, "80/tcp"),))), state="paused"),
            case(Around(wiring=wired()), state="paused"),
        ),
        "DKR123": (
            case(Around(wiring=wired()), state="paused"),
            case(Around(wiring=wired(), needed_by=USERS), state="paused"),
        ),
        "DKR124": (
            case(Around(wiring=wired(), images=frozenset({"sha256:2"}))),
            case(Around(wiring=wired(), images=IMAGES)),
        ),
        "DKR125": (
            case(Around(wiring=VOLUME, volumes=frozenset())),
            case(Around(wiring=VOLUME, volumes=frozenset({"data"}))),
        ),
    }
)

HOST_CASES: Mapping[str, tuple[Any, Any]] = MappingProxyType(
    {
        "DKR201": (host(warnings=(OPEN,)), host(warnings=("WARNING: No swap limit support",))),
        "DKR202": (host(swarm="locked"), host(swarm="active")),
        "DKR203": (
            host(driver="devicemapper", warnings=("WARNING: devicemapper: loopback devices",)),
            host(warnings=("WARNING: bridge-nf-call-iptables is disabled",)),
        ),
        "DKR204": (
            host(warnings=("WARNING: IPv4 forwarding is disabled",)),
            host(networked=0, warnings=("WARNING: IPv4 forwarding is disabled",)),
        ),
    }
)
