"""Containers as the engine lists them, and one container as the engine knows it in full.

Source: Docker Engine API v1.41 to v1.51, `ContainerSummary` and `ContainerInspectResponse`.
Environment and labels are never carried over as a whole; of the labels only those of Compose
and of orchestrators are read, and those are terms, since anybody may write them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fivetabs.core import parse_time, quoted, term
from fivetabs.core.patterns import Pattern
from fivetabs.providers.docker.shapes.owners import Owner, parse_owner

_PROJECT = "com.docker.compose.project"
_SERVICE = "com.docker.compose.service"
_DEPENDS = "com.docker.compose.depends_on"
_SHORT_ID = 12
_NEVER_YEAR = 1
_DEFAULT_GRACE = 10
_NOTED_LATE = timedelta(seconds=1)
_SHORTEST_WAIT = timedelta(milliseconds=100)
"""Between two runs, by a restart policy (moby, restartmanager/restartmanager.go)."""
# Source: moby, container/state.go `String`, over units.HumanDuration.
_UNITS = "second|minute|hour|day|week|month|year"
_SPAN = rf"(?:Less than a second|About an? (?:minute|hour)|\d+ (?:{_UNITS})s?)"
_STATUS = Pattern(
    rf"Created|Dead|Removal In Progress|(?:Exited|Restarting) \(-?\d+\) {_SPAN} ago"
    rf"|Up {_SPAN}(?: \((?:Paused|healthy|unhealthy|health: starting)\))?"
)


@dataclass(frozen=True, slots=True)
class Summary:
    """One row of `GET /containers/json`. `status` is what `docker ps` shows."""

    id: str
    name: str
    image: str
    state: str
    status: str
    project: str
    service: str
    depends_on: tuple[str, ...]
    ports: tuple[str, ...]

    @property
    def compose(self) -> str:
        """`project/service`, or nothing outside Compose."""
        return f"{self.project}/{self.service}" if self.project else ""

    @property
    def unhealthy(self) -> bool:
        """Whether its health check fails, as its status says."""
        return "(unhealthy)" in self.status


@dataclass(frozen=True, slots=True)
class Check:
    """One run of a health check."""

    exit_code: int
    output: str
    ended: datetime | None


@dataclass(frozen=True, slots=True)
class Container:
    """`GET /containers/{id}/json`. Times are None where the engine writes year 1 (never)."""

    id: str
    name: str
    image: str
    state: str
    exit_code: int
    error: str
    oom_killed: bool
    started: datetime | None
    finished: datetime | None
    restarts: int
    health: str
    failing_streak: int
    last_check: Check | None
    policy: str
    auto_remove: bool
    tty: bool
    log_driver: str
    memory_limit: int
    grace: int
    project: str
    service: str
    owner: Owner | None = None

    @property
    def compose(self) -> str:
        """`project/service`, or nothing outside Compose."""
        return f"{self.project}/{self.service}" if self.project else ""


def parse_summary(raw: Mapping[str, Any]) -> Summary:
    """Read one row of the list."""
    labels = _part(raw, "Labels")
    return Summary(
        id=raw["Id"],
        name=_name(raw.get("Names") or (), raw["Id"]),
        image=_image(raw.get("Image", "")),
        state=term(str(raw.get("State", "")).lower()),
        status=_status(raw.get("Status", "")),
        project=term(labels.get(_PROJECT) or ""),
        service=term(labels.get(_SERVICE) or ""),
        depends_on=tuple(term(d.split(":")[0]) for d in labels.get(_DEPENDS, "").split(",") if d),
        ports=tuple(sorted(set(map(_port, raw.get("Ports") or ())))),
    )


def present_run(container: Container) -> datetime | None:
    """Where in its log the present or last run begins; None where it never ran.

    Engines note StartedAt once the process runs (moby, daemon/start.go), so that its first lines
    can be older; the last ones of the run before can be a little newer than its FinishedAt.
    """
    started, finished = container.started, container.finished
    if started and finished and finished < started:
        return started - min((started - finished) / 2, _NOTED_LATE)
    return started and started - _SHORTEST_WAIT / 2


def parse_container(raw: Mapping[str, Any]) -> Container:
    """Read one container in full."""
    state, config, host = _part(raw, "State"), _part(raw, "Config"), _part(raw, "HostConfig")
    labels, health = _part(config, "Labels"), _part(state, "Health")
    grace = config.get("StopTimeout")
    return Container(
        id=raw["Id"],
        name=_name((raw.get("Name", ""),), raw["Id"]),
        image=_image(config.get("Image") or raw.get("Image", "")),
        state=term(str(state.get("Status", "")).lower()),
        exit_code=int(state.get("ExitCode", 0)),
        error=state.get("Error") or "",
        oom_killed=bool(state.get("OOMKilled")),
        started=_time(state.get("StartedAt")),
        finished=_time(state.get("FinishedAt")),
        restarts=int(raw.get("RestartCount", 0)),
        health=term(str(health.get("Status", "")).replace("none", "")),
        failing_streak=int(health.get("FailingStreak", 0)),
        last_check=next(_checks(health), None),
        policy=term(_part(host, "RestartPolicy").get("Name") or "no"),
        auto_remove=bool(host.get("AutoRemove")),
        tty=bool(config.get("Tty")),
        log_driver=term(_part(host, "LogConfig").get("Type") or ""),
        memory_limit=int(host.get("Memory") or 0),
        grace=_DEFAULT_GRACE if grace is None else int(grace),
        project=term(labels.get(_PROJECT) or ""),
        service=term(labels.get(_SERVICE) or ""),
        owner=parse_owner(labels),
    )


def _part(raw: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """An object inside another; an empty one where the engine leaves it out or writes null."""
    return raw.get(key) or {}


def _checks(health: Mapping[str, Any]) -> Iterator[Check]:
    """The runs of the health check that the engine remembers, newest first."""
    for run in reversed(health.get("Log") or ()):
        yield Check(int(run.get("ExitCode", 0)), run.get("Output") or "", _time(run.get("End")))


def _name(names: tuple[str, ...] | list[str], container_id: str) -> str:
    """Its own name: links show up as `/other/alias` beside it."""
    own = [n.lstrip("/") for n in names if n.count("/") == 1]
    return own[0] if own else container_id[:_SHORT_ID]


def _image(image: str) -> str:
    digest = image.removeprefix("sha256:")
    return term(image) if digest == image else digest[:_SHORT_ID]


def _status(text: str) -> str:
    """What the engine itself would write; whatever else stands there is quoted."""
    return text if _STATUS.fullmatch(text) else quoted(text)


def _port(raw: Mapping[str, Any]) -> str:
    """`8080->80/tcp` as `docker ps` writes it, without the address."""
    inside = f"{raw.get('PrivatePort', '')}/{term(raw.get('Type', 'tcp'))}"
    outside = raw.get("PublicPort")
    return f"{outside}->{inside}" if outside else inside


def _time(text: str | None) -> datetime | None:
    when = parse_time(text) if text else None
    return when if when and when.year > _NEVER_YEAR else None
