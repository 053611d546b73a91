"""A closer look at one container: its last words, its health checks, and what they name."""

import asyncio
from collections.abc import Iterator

from fivetabs.core import Closer, Evidence, Fault, Link, Subject, stamp
from fivetabs.core.logs import select
from fivetabs.providers.docker.port import Engine
from fivetabs.providers.docker.shapes import logs as shape
from fivetabs.providers.docker.shapes.containers import Container, Summary, parse_container
from fivetabs.providers.docker.shapes.snapshots import Snapshot
from fivetabs.providers.docker.tools.engines import understood
from fivetabs.providers.docker.tools.estate_links import named_in

_PATIENCE = 5.0
_TAIL = 2000
_SHOWN = 4
_TELLING = (
    r"(?i)\b(error|fatal|panic|exception|critical|fail(ed|ure)?|refused|denied|unable|cannot|"
    r"timed? ?out|no such|not found|unreachable|killed|traceback)\b"
)


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
    if container.log_driver == "none" or container.started is None:
        return ()
    asked = {"stdout": "1", "stderr": "1", "timestamps": "1", "tail": str(_TAIL)}
    source = f"log of {container.name}"
    found = await _selected(engine, container, asked, _TELLING)
    if not found:
        found = await _selected(engine, container, {**asked, "tail": str(_SHOWN)}, "")
    times = (line.partition(" ") for line in found)
    return tuple(Evidence(quote=text, source=source, time=time) for time, _, text in times if text)


async def _selected(
    engine: Engine, container: Container, asked: dict[str, str], grep: str
) -> tuple[str, ...]:
    """The last different lines that match; of equal ones the last."""
    chunks = engine.stream(f"/containers/{container.id}/logs", **asked)
    text = shape.lines(chunks, tty=container.tty, timestamps=True, seen=shape.Seen())
    try:
        chosen = await select(text, most=50, grep=grep)
    except ValueError:
        return ()
    last = {line.partition(" ")[2]: line for line in chosen.lines}
    return tuple(sorted(last.values())[-_SHOWN:])


def _checks(container: Container) -> Iterator[Evidence]:
    check = container.last_check
    if container.health == "unhealthy" and check is not None and check.output.strip():
        time = stamp(check.ended) if check.ended else ""
        quote = " ".join(check.output.split())
        yield Evidence(quote=quote, source=f"health check of {container.name}", time=time)


def _links(snapshot: Snapshot, row: Summary, said: tuple[Evidence, ...]) -> tuple[Link, ...]:
    found = (named_in(snapshot, row, each.quote, f"the log of {row.name}") for each in said)
    return tuple(dict.fromkeys(link for links in found for link in links))
