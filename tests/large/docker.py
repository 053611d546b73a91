"""A host of 300 containers in Compose projects, some sick; and hosts extreme in one way."""

from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from fivetabs.core import Connection, NotFound
from fivetabs.providers.docker.port import Engine, Restart, is_read
from tests.large import logs
from tests.large.closed import refuse
from tests.large.dice import app, dice, digits, prose

Json = dict[str, Any]
CLOCK = datetime(2026, 3, 12, 10, 14, tzinfo=UTC)
TARGET = "build-7"
CHATTY = "chatty-1"
LINES = 20_000
"""Of the chatty container's log, where the size of a log is not the point."""
_PROJECTS = 24
_NEVER = "0001-01-01T00:00:00Z"
_LONG_AGO = "2026-03-01T06:00:00Z"
# How a container is sick, and the rule that knows it; every eighth of the host is.
SICK = (
    ("loop", "DKR101"),
    ("memory", "DKR102"),
    ("unhealthy", "DKR103"),
    ("failed", "DKR104"),
    ("dead", "DKR105"),
    ("never", "DKR106"),
)


@dataclass
class Host:
    """Containers by id and name; `sick` gives the code of the rule for each that is."""

    containers: Mapping[str, Json]
    sick: Mapping[str, str]
    lines: int = LINES
    target: str = TARGET
    asked: list[str] = field(default_factory=list[str])

    def now(self) -> datetime:
        """The clock stands still."""
        return CLOCK

    async def get(self, path: str, /, **query: str) -> Any:
        """As the engine answers."""
        assert is_read(path)
        self.asked.append(path)
        if path == "/containers/json":
            return [each["summary"] for each in self.containers.values()]
        if path.startswith("/containers/"):
            return self._find(path)["inspect"]
        return self._of_host(path)

    async def stream(self, path: str, /, **query: str) -> AsyncGenerator[bytes, None]:
        """A log in the engine's frames: of the chatty one many lines, of others twenty."""
        assert is_read(path)
        if path == "/events":
            return
        name = self._find(path)["inspect"]["Name"]
        count = self.lines if name == f"/{CHATTY}" else 20
        first = 0
        if (tail := query.get("tail", "all")).isdecimal():
            first = max(0, count - int(tail))
        since = float(query.get("since") or 0)
        until = float(query.get("until") or 0)
        for start in range(first, count, 500):
            numbers = range(start, min(start + 500, count))
            stamps = query.get("timestamps") == "1"
            yield b"".join(
                _frame(n, count, stamps=stamps) for n in _within(numbers, count, since, until)
            )

    def _of_host(self, path: str) -> Any:
        images = {each["summary"]["ImageID"]: each for each in self.containers.values()}
        answers: Json = {
            "/info": {"Name": self.target, "SystemTime": f"{CLOCK:%Y-%m-%dT%H:%M:%SZ}"},
            "/images/json": [
                {"Id": whole, "RepoTags": [each["summary"]["Image"]], "RepoDigests": []}
                for whole, each in images.items()
            ],
            "/networks": [],
            "/volumes": {"Volumes": None},
        }
        return answers.get(path, {"Version": "28.0.1"})

    def has(self, name: str) -> bool:
        """Whether there is a container of this name."""
        return any(each["inspect"]["Name"] == f"/{name}" for each in self.containers.values())

    def _find(self, path: str) -> Json:
        name = path.split("/")[2]
        if name not in self.containers:
            for each in self.containers.values():
                if each["inspect"]["Name"] == f"/{name}" or each["inspect"]["Id"].startswith(name):
                    return each
            raise NotFound(f"No such container: {name}")
        return self.containers[name]


@asynccontextmanager
async def opened(host: Host) -> AsyncGenerator[Connection[Engine, Restart]]:
    """The host as the house opens one."""

    yield Connection(host, refuse, f"docker:{host.target}", host.now)


def everyday(count: int = 300, lines: int = LINES) -> Host:
    """A host of so many containers, every eighth sick; one of them has written so many lines."""
    host = _host([_container(number, count) for number in range(count)])
    return replace(host, lines=lines)


def all_sick(count: int = 300) -> Host:
    """Each container sick for a reason that no other has."""
    made: list[tuple[Json, str]] = []
    for number in range(count):
        how, code = SICK[number % len(SICK)]
        words = f"{digits(f'error/{number}', 8)}: {prose(f'error/{number}', 30)}"
        made.append((_made(f"odd-{number}", f"odd-{number}", how, number, words), code))
    return _host(made)


def loud(count: int = 300) -> Host:
    """Labels, variables and names as large as they get; health checks that print four kilobytes."""
    made: list[tuple[Json, str]] = []
    for number in range(count):
        name = f"{'long-' * 40}{number}"
        words = prose(f"health/{number}", 600)[:4096]
        each = _made(name, name, "unhealthy", number, words)
        labels = {f"org.example.label.{n}": prose(f"label/{number}/{n}", 300) for n in range(20)}
        each["summary"]["Labels"] |= labels
        each["inspect"]["Config"]["Labels"] |= labels
        each["inspect"]["Config"]["Env"] = [f"VARIABLE_{n}={'v' * 500}" for n in range(200)]
        ports = [
            {"PrivatePort": 1000 + n, "PublicPort": 1000 + n, "Type": "tcp"} for n in range(90)
        ]
        each["summary"]["Ports"] = ports
        made.append((each, "DKR103"))
    return _host(made)


def _host(made: list[tuple[Json, str]]) -> Host:
    containers = {each["inspect"]["Id"]: each for each, _ in made}
    sick = {each["inspect"]["Name"].lstrip("/"): code for each, code in made if code}
    return Host(containers, sick)


def _container(number: int, count: int) -> tuple[Json, str]:
    """One of the host: containers of a service are alike, and each project has eight services."""
    project, service = f"team-{number % _PROJECTS:02}", app(number % (_PROJECTS * 8))
    how, code = SICK[number // 8 % len(SICK)] if number % 8 == 3 else ("", "")
    if number == count - 1:
        return _made(CHATTY, "chatty", "", number), ""
    name = f"{project}-{service}-{number // _PROJECTS + 1}"
    return _made(name, service, how, number, "no live upstreams", project), code


def _made(
    name: str, service: str, how: str, number: int, words: str = "", project: str = ""
) -> Json:
    """A container as the engine lists it and as it inspects it."""
    whole = digits(f"container/{name}", 64)
    labels: Json = {"org.opencontainers.image.vendor": "example"}
    if project:
        labels |= {"com.docker.compose.project": project, "com.docker.compose.service": service}
    image = f"registry.example/{project or 'adhoc'}/{service}:2.{len(service)}"
    state, status, more = _state(how, number, words)
    ports = [{"IP": "0.0.0.0", "PrivatePort": 8080, "PublicPort": 20000 + number, "Type": "tcp"}]
    summary = {
        "Id": whole,
        "Names": [f"/{name}"],
        "Image": image,
        "ImageID": f"sha256:{digits(image, 64)}",
        "Created": 1772000000 + number,
        "Ports": ports if state["Status"] == "running" else [],
        "Labels": dict(labels),
        "State": state["Status"],
        "Status": status,
    }
    inspect = {
        "Id": whole,
        "Name": f"/{name}",
        "Image": f"sha256:{digits(image, 64)}",
        "RestartCount": 0,
        "State": state,
        "HostConfig": {"RestartPolicy": {"Name": "on-failure"}, "LogConfig": {"Type": "json-file"}},
        "Config": {"Image": image, "Env": ["PATH=/bin"], "Labels": dict(labels), "Tty": False},
    }
    return {"summary": summary, "inspect": {**inspect, **more}}


def _state(how: str, number: int, words: str) -> tuple[Json, str, Json]:
    """The state, the status in words, and what else inspect tells."""
    well = {"OOMKilled": False, "ExitCode": 0, "Error": "", "FinishedAt": _NEVER}
    minute = f"2026-03-12T10:{dice(f'minute/{number}').randrange(10):02}:0{number % 10}Z"
    ended = {**well, "FinishedAt": minute, "StartedAt": _LONG_AGO}
    match how:
        case "loop":
            state = {**ended, "Status": "restarting", "ExitCode": 1 + number % 3}
            return state, f"Restarting (1) {number % 50} seconds ago", {"RestartCount": 9 + number}
        case "memory":
            state = {**ended, "Status": "exited", "ExitCode": 137, "OOMKilled": True}
            return state, "Exited (137) 2 hours ago", {}
        case "unhealthy":
            run = {"ExitCode": 1, "Output": words, "End": minute}
            health = {"Status": "unhealthy", "FailingStreak": 5 + number, "Log": [run]}
            state = {**well, "Status": "running", "StartedAt": _LONG_AGO, "Health": health}
            return state, "Up 11 days (unhealthy)", {}
        case "failed":
            state = {**ended, "Status": "exited", "ExitCode": 2 + number % 9}
            return state, f"Exited ({2 + number % 9}) 3 hours ago", {}
        case "dead":
            return {**ended, "Status": "dead", "Error": words}, "Dead", {}
        case "never":
            error = f"driver failed programming external connectivity: {words}"
            return {**ended, "Status": "created", "Error": error}, "Created", {}
        case _:
            return {**well, "Status": "running", "StartedAt": _LONG_AGO}, "Up 11 days", {}


def _within(numbers: range, count: int, since: float, until: float) -> Iterator[int]:
    for number in numbers:
        moment = logs.at(number, count).timestamp()
        if moment >= since and (not until or moment <= until):
            yield number


def _frame(number: int, count: int, *, stamps: bool) -> bytes:
    """Source: Engine API, "Stream format"."""
    text = logs.line(number, count)
    start = f"{logs.at(number, count):%Y-%m-%dT%H:%M:%S.%f}000Z " if stamps else ""
    payload = f"{start}{text}\n".encode()
    stream = 2 if " ERROR " in text or " CRIT " in text else 1
    return bytes([stream, 0, 0, 0]) + len(payload).to_bytes(4) + payload
