"""Logs: what a container wrote, and what is to be said when it wrote nothing."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field

from fivetabs.core import Log, NotFound, age, first_of, parse_span, parse_time, read, spelled, stamp
from fivetabs.core.logs import Digest, Parser, Source, Wish, digest, parse_until
from fivetabs.providers.docker.port import Engine
from fivetabs.providers.docker.rules.containers import Case
from fivetabs.providers.docker.rules.order import CAUSES
from fivetabs.providers.docker.shapes.containers import Container, present_run
from fivetabs.providers.docker.shapes.logs import Frames, terminal
from fivetabs.providers.docker.tools.engines import ContainerName, named, not_docker

MOST_LINES = 2_000_000
"""The newest lines that are asked for."""

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


def _until(text: str) -> str:
    parse_until(text)
    return text


Lines = Annotated[int, Field(ge=0, le=5000, description="How many.")]
Since = Annotated[str, AfterValidator(_since), Field(description="15m, 2h, or a UTC time.")]
Until = Annotated[str, AfterValidator(_until), Field(description="A UTC time.")]
PageNumber = Annotated[int, Field(ge=1, description="2: older.")]
Pattern = Annotated[str, Field(description="RE2 pattern to keep.")]
Unwanted = Annotated[str, Field(description="RE2 pattern to drop.")]
Timestamps = Annotated[bool, Field(description="Prefix times.")]


@dataclass(frozen=True, slots=True)
class _Heard:
    """What was read of a container's log, since when, and by which parser."""

    container: Container
    start: datetime | None
    wish: Wish
    found: Digest
    frames: Frames | None


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
    lines: Lines = 0,
    since: Since = "",
    grep: Pattern = "",
    exclude: Unwanted = "",
    page: PageNumber = 1,
    until: Until = "",
    *,
    timestamps: Timestamps = False,
) -> Log:
    """Show the last log lines of a Docker container, stdout and stderr, stopped or crashed too.

    Search them with grep, e.g. for errors. Long logs are clustered. Counts lines read, matched,
    shown; says why it crashed. Not for Kubernetes pods (get_pod_logs); for states use
    list_containers.
    """
    wish = Wish(lines, grep, exclude, page, until=parse_until(until), timestamps=timestamps)
    wish.check()
    container = await named(engine, container_name, services=True)
    _must_be_kept(container)
    heard = await _read(engine, container, _start(since, engine.now()), wish)
    case = Case(container, engine.target, engine.now())
    return heard.found.log(
        summary=_summary(heard, engine),
        source=f"docker:{engine.target}/container/{container.name}",
        notes=_notes(case, container_name, heard),
    )


def _must_be_kept(container: Container) -> None:
    if container.log_driver in _UNREADABLE:
        driver = spelled(container.log_driver)
        raise NotFound(
            f"{container.name} keeps no logs: its logging driver is {driver}",
            hint="start it with --log-driver json-file or local to have them kept",
        )


async def _read(engine: Engine, container: Container, start: datetime | None, wish: Wish) -> _Heard:
    """The whole log; of a page that is read twice, the last parser is the one that counts."""
    asked = {"stdout": "1", "stderr": "1", "timestamps": "1"}
    if start is not None:
        asked["since"] = f"{start.timestamp():.0f}"
    parsers: list[Frames] = []

    def begin(most: int) -> AsyncIterator[bytes]:
        tail = str(most or MOST_LINES)
        return engine.stream(f"/containers/{container.id}/logs", **asked, tail=tail)

    def frames() -> Parser:
        parsers.append(Frames())
        return parsers[-1]

    parser = terminal if container.tty else frames
    found = await digest([Source("", begin, parser, present_run(container))], wish)
    last = parsers[-1] if parsers else None
    if last is not None and last.strange:
        if not found.read:
            raise not_docker(engine.target, ValueError(last.strange))
        found = replace(found, said=(f"reading ended early: {last.strange}", *found.said))
    return _Heard(container, start, wish, found, last)


def _start(since: str, now: datetime) -> datetime | None:
    if not since:
        return None
    try:
        return now - parse_span(since)
    except ValueError:
        return _time(since)


def _summary(heard: _Heard, engine: Engine) -> str:
    container, found, wish = heard.container, heard.found, heard.wish
    who = f"{container.name} on {engine.target} ({_state(container)})"
    span = f" since {stamp(heard.start)}" if heard.start else ""
    if not found.read:
        return f"{who} has written no lines{span}; its stdout and stderr were read."
    if not found.matched:
        return f"None of the {found.read} lines{span} of {who} passes the filters."
    if wish.page > 1:
        return f"Page {wish.page}, {found.shown} of {found.matched} lines{span} of {who}."
    if wish.grep or wish.exclude:
        rest = f"; the last {found.shown} are shown"
        more = rest if found.matched > found.shown else ""
        return f"{found.matched} of {found.read} lines{span} of {who} match{more}.{_shapes(found)}"
    told = f"{found.shown} lines" if found.shown > 1 else "line"
    every = "All" if found.shown > 1 else "The only"
    if found.older:
        read_ = " that were read" if found.gaps else ""
        every, told = "The last", f"{found.shown} of {found.read} lines{read_}"
    return f"{every} {told}{span} of {who}.{_shapes(found)}"


def _shapes(found: Digest) -> str:
    if not found.templates:
        return ""
    errors = sum(each.level == "error" for each in found.templates)
    new = sum(each.new for each in found.templates)
    told = f" They have {len(found.templates)} shapes, {errors or 'none'} of errors"
    return f"{told}, {new} new in the present run." if new else f"{told}."


def _state(container: Container) -> str:
    ended = container.state in {"exited", "restarting", "dead"}
    health = f", {container.health}" if container.health and not ended else ""
    return f"{container.state}{health}{f', exit code {container.exit_code}' if ended else ''}"


def _notes(case: Case, asked: str, heard: _Heard) -> tuple[str, ...]:
    container, found, notes = case.container, heard.found, list[str]()
    causes = (f"{f.code}: {f.cause}" for f in first_of(CAUSES, (case,)))
    if not container.id.startswith(asked) and asked != container.name:
        notes.append(f"{asked!r} is the Compose service that runs as {container.name}")
    if found.last is not None:
        notes.append(f"newest line read: {stamp(found.last)} ({age(found.last, case.now)} ago)")
    if heard.frames and heard.frames.stderr:
        notes.append(f"{heard.frames.stderr} of {found.read} lines read went to stderr")
    if container.restarts:
        notes.append(f"restarted {container.restarts} times: earlier runs are in the log as well")
    return (*causes, *notes)
