"""A closer look at one container: its last words, its health checks, and what they name."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from types import MappingProxyType

from fivetabs.core import Closer, Evidence, Fault, Link, Subject, stamp
from fivetabs.core.logs import Bounds, Source, Template, Wish, digest
from fivetabs.core.patterns import Pattern
from fivetabs.providers.docker.port import Engine
from fivetabs.providers.docker.shapes.containers import Container, Summary, parse_container
from fivetabs.providers.docker.shapes.logs import Frames, terminal
from fivetabs.providers.docker.shapes.snapshots import Snapshot
from fivetabs.providers.docker.tools.engines import understood
from fivetabs.providers.docker.tools.estate_links import named_in

_PATIENCE = 4.0
_TAIL = 20_000
_MOST_BYTES = 8 << 20
_SHOWN, _READ = 4, 40
_TROUBLE = Pattern(
    r"\b(error|fatal|panic|exception|critical|fail(ed|ure)?|refused|denied|unable|cannot|"
    r"timed? ?out|no such|not found|unreachable|killed|traceback|no live)\b",
    re.IGNORECASE,
)
_WORST = MappingProxyType({"error": 3, "warning": 2})
_ASKED = MappingProxyType({"stdout": "1", "stderr": "1", "timestamps": "1"})


async def look(engine: Engine, snapshot: Snapshot, subject: Subject) -> Closer:
    """The log's telling lines, the health checks' outputs and the links that both name."""
    row = next((r for r in snapshot.rows if snapshot.container(r.name) == subject), None)
    if row is None:
        return Closer()
    try:
        async with asyncio.timeout(_PATIENCE):
            raw = await engine.get(f"/containers/{row.id}/json")
            container = understood(lambda: parse_container(raw), engine.target)
            said = await _last_words(engine, container)
    except TimeoutError:
        return Closer(missing=(f"the log of {row.name}: not read within {_PATIENCE:.0f} s",))
    except Fault as fault:
        return Closer(missing=(f"the log of {row.name}: {fault.status}: {fault}",))
    checks = tuple(_checks(container))
    return Closer(evidence=(*said, *checks), links=_links(snapshot, row, said))


async def _last_words(engine: Engine, container: Container) -> tuple[Evidence, ...]:
    """The log's templates that tell of trouble, the worst first; without any, its last lines."""
    if container.log_driver == "none" or container.started is None:
        return ()

    def begin(most: int) -> AsyncIterator[bytes]:
        return engine.stream(f"/containers/{container.id}/logs", **_ASKED, tail=str(most or _TAIL))

    parser = terminal if container.tty else Frames
    source = Source("", begin, parser, container.started)
    bounds = Bounds(lines=_TAIL, bytes=_MOST_BYTES, seconds=_PATIENCE)
    found = await digest([source], Wish(lines=_READ, timestamps=True, bounds=bounds))
    told = f"log of {container.name}"
    telling = sorted(filter(_rank, found.templates), key=lambda t: (-_rank(t), t.example))
    if telling:
        return tuple(_evidence(each, told) for each in telling[:_SHOWN])
    # A short log has no templates: its different lines that tell of trouble, else its last ones.
    lines = {line.partition(" ")[2]: line.partition(" ")[0] for line in found.text.splitlines()}
    chosen = [text for text in lines if _TROUBLE.search(text)] or [*lines]
    return tuple(Evidence(quote=t, source=told, time=lines[t]) for t in chosen[-_SHOWN:] if t)


def _rank(template: Template) -> int:
    """How much an entry tells of trouble; 0 for none."""
    return _WORST.get(template.level, 1 if template.odd else 0)


def _evidence(template: Template, source: str) -> Evidence:
    often = f" ({template.count} times)" if template.count > 1 else ""
    time = stamp(template.last) if template.last else ""
    return Evidence(quote=template.example, source=f"{source}{often}", time=time)


def _checks(container: Container) -> Iterator[Evidence]:
    check = container.last_check
    if container.health == "unhealthy" and check is not None and check.output.strip():
        time = stamp(check.ended) if check.ended else ""
        quote = " ".join(check.output.split())
        yield Evidence(quote=quote, source=f"health check of {container.name}", time=time)


def _links(snapshot: Snapshot, row: Summary, said: tuple[Evidence, ...]) -> tuple[Link, ...]:
    found = (named_in(snapshot, row, each.quote, f"the log of {row.name}") for each in said)
    return tuple(dict.fromkeys(link for links in found for link in links))
