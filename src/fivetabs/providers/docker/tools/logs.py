"""Logs: what a container wrote, and what is to be said when it wrote nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field

from fivetabs.core import Log, NotFound, age, first_of, parse_span, parse_time, read, spelled, stamp
from fivetabs.core.logs import Selection, select
from fivetabs.providers.docker.port import Engine
from fivetabs.providers.docker.rules.containers import CAUSES, Case
from fivetabs.providers.docker.shapes import logs as shape
from fivetabs.providers.docker.shapes.containers import Container
from fivetabs.providers.docker.tools.engines import ContainerName, named, not_docker

SEARCHED = 20_000
"""How many of the newest lines a pattern is looked for in."""

_UNREADABLE = frozenset({"none"})


def _since(text: str) -> str:
    if text:
        try:
            parse_span(text)
        except ValueError:
            _time(text)
    return text


def _time(text: str) -> datetime:
    try:
        return parse_time(text)
    except ValueError:
        raise ValueError(
            f"{text!r} is neither a duration (90s, 15m, 2h, 1d) nor a time (2026-03-12T10:00:00Z)"
        ) from None


Lines = Annotated[int, Field(ge=1, le=5000, description="How many.")]
Since = Annotated[str, AfterValidator(_since), Field(description="15m, 2h, or a UTC time.")]
Pattern = Annotated[str, Field(description="RE2 pattern to keep.")]
Unwanted = Annotated[str, Field(description="RE2 pattern to drop.")]
Timestamps = Annotated[bool, Field(description="Prefix times.")]


@dataclass(frozen=True, slots=True)
class _Query:
    """What is asked of a log."""

    now: datetime
    start: datetime | None
    most: int
    grep: str
    exclude: str
    timestamps: bool

    @property
    def tail(self) -> int:
        """How many lines to ask for: one more than shown tells whether there are older ones."""
        return SEARCHED if self.grep or self.exclude else self.most + 1


@read(
    example={"container_name": "checkout-worker"},
    questions=(
        "Show me the logs of the docker container checkout-worker",
        "Why does this docker container crash, what were its last log lines?",
        "Search the container logs of edge-proxy for errors in the last hour",
    ),
)
async def get_container_logs(  # noqa: PLR0913, PLR0917  (each argument is one the model may give)
    engine: Engine,
    /,
    container_name: ContainerName,
    lines: Lines = 50,
    since: Since = "",
    grep: Pattern = "",
    exclude: Unwanted = "",
    *,
    timestamps: Timestamps = False,
) -> Log:
    """Show the last log lines of a Docker container, stdout and stderr, stopped or crashed too.

    Search them with grep, e.g. for errors. Counts lines read, matched, shown; says why it crashed.
    Not for Kubernetes pods (get_pod_logs); for states use list_containers.
    """
    container = await named(engine, container_name, services=True)
    _must_be_kept(container)
    now = engine.now()
    query = _Query(now, _start(since, now), lines, grep, exclude, timestamps)
    chosen, seen = await _read(engine, container, query)
    return Log(
        summary=_summary(container, chosen, query, engine),
        source=f"docker:{engine.target}/container/{container.name}",
        text="\n".join(chosen.lines),
        read=chosen.read,
        matched=chosen.matched,
        shown=len(chosen.lines),
        notes=_notes(Case(container, engine.target, now), container_name, chosen, query, seen),
    )


def _must_be_kept(container: Container) -> None:
    if container.log_driver in _UNREADABLE:
        driver = spelled(container.log_driver)
        raise NotFound(
            f"{container.name} keeps no logs: its logging driver is {driver}",
            hint="start it with --log-driver json-file or local to have them kept",
        )


async def _read(
    engine: Engine, container: Container, query: _Query
) -> tuple[Selection, shape.Seen]:
    seen = shape.Seen()
    asked = {"stdout": "1", "stderr": "1", "timestamps": "1", "tail": str(query.tail)}
    if query.start is not None:
        asked["since"] = f"{query.start.timestamp():.0f}"
    chunks = engine.stream(f"/containers/{container.id}/logs", **asked)
    text = shape.lines(chunks, tty=container.tty, timestamps=query.timestamps, seen=seen)
    try:
        chosen = await select(text, most=query.most, grep=query.grep, exclude=query.exclude)
    except ValueError as error:
        raise not_docker(engine.target, error) from error
    return chosen, seen


def _start(since: str, now: datetime) -> datetime | None:
    if not since:
        return None
    try:
        return now - parse_span(since)
    except ValueError:
        return _time(since)


def _summary(container: Container, chosen: Selection, query: _Query, engine: Engine) -> str:
    who = f"{container.name} on {engine.target} ({_state(container)})"
    span = f" since {stamp(query.start)}" if query.start else ""
    if not chosen.read:
        return f"{who} has written no lines{span}; its stdout and stderr were read."
    if not chosen.matched:
        return f"None of the {chosen.read} newest lines{span} of {who} passes the filters."
    if query.grep or query.exclude:
        rest = f"; the last {len(chosen.lines)} are shown"
        more = rest if chosen.matched > len(chosen.lines) else ""
        return f"{chosen.matched} of the {chosen.read} newest lines{span} of {who} match{more}."
    shown = len(chosen.lines)
    lines = f"{shown} lines" if shown > 1 else "line"
    every = "The last" if chosen.read > shown else "All" if shown > 1 else "The only"
    return f"{every} {lines}{span} of {who}."


def _state(container: Container) -> str:
    ended = container.state in {"exited", "restarting", "dead"}
    health = f", {container.health}" if container.health and not ended else ""
    return f"{container.state}{health}{f', exit code {container.exit_code}' if ended else ''}"


def _notes(
    case: Case, asked: str, chosen: Selection, query: _Query, seen: shape.Seen
) -> tuple[str, ...]:
    container, notes = case.container, list[str]()
    causes = (f"{f.code}: {f.cause}" for f in first_of(CAUSES, (case,)))
    if not container.id.startswith(asked) and asked != container.name:
        notes.append(f"{asked!r} is the Compose service that runs as {container.name}")
    if seen.last is not None:
        notes.append(f"newest line read: {stamp(seen.last)} ({age(seen.last, query.now)} ago)")
    if seen.stderr:
        notes.append(f"{seen.stderr} of {chosen.read} lines read went to stderr")
    if chosen.read >= query.tail and query.tail == SEARCHED:
        notes.append(f"only the newest {SEARCHED} lines were searched; narrow with since='15m'")
    elif chosen.read >= query.tail:
        notes.append("older lines exist: ask for more with lines=..., or search with grep='...'")
    if container.restarts:
        notes.append(f"restarted {container.restarts} times: earlier runs are in the log as well")
    return (*causes, *notes)
