"""How this house tells its part of the estate: one engine and its containers."""

from fivetabs.core import Chart, Match
from fivetabs.core.matching import Named, Words
from fivetabs.providers.docker.port import Engine
from fivetabs.providers.docker.shapes.snapshots import Snapshot
from fivetabs.providers.docker.tools.estate_cases import survey
from fivetabs.providers.docker.tools.estate_changes import changes
from fivetabs.providers.docker.tools.estate_links import aliases, links
from fivetabs.providers.docker.tools.estate_looking import look
from fivetabs.providers.docker.tools.estate_reading import load

_LEAST_ID = 8


def find(snapshot: Snapshot, text: str) -> tuple[Match, ...]:
    """Containers by name, id, subject, Compose service, image or words of them; best first."""
    words = Words.of(text)
    found: list[Match] = []
    for row in snapshot.rows:
        subject = snapshot.container(row.name)
        names = (row.name, str(subject), row.id, row.service, row.compose)
        traits = ("container", "docker", row.image, row.project, row.state, snapshot.target)
        score = words.score(Named(names, traits))
        if score < 1 and len(words.whole) >= _LEAST_ID and row.id.startswith(words.whole):
            score = 1.0
        if score:
            found.append(Match(subject, score))
    if engine := words.score(Named((str(snapshot.engine), _host(snapshot)), ("engine", "docker"))):
        found.append(Match(snapshot.engine, engine))
    return tuple(sorted(found, key=lambda m: (-m.score, m.subject)))


def _host(snapshot: Snapshot) -> str:
    return snapshot.info.name if snapshot.info else ""


def checks() -> str:
    """What the rules look at, in a few words."""
    return "exits, restarts and health checks, memory, mounts, ports, networks, images, the engine"


CHART: Chart[Engine, Snapshot] = Chart(load, survey, links, aliases, find, look, changes, checks)
