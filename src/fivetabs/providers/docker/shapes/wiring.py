"""What one container is wired to: mounts, networks, ports, its Compose peers, what it names.

Source: Docker Engine API v1.41 to v1.51, `ContainerInspectResponse`; Compose's label
`com.docker.compose.depends_on` is `service:condition:restart` separated by commas.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fivetabs.core import parse_time, term
from fivetabs.providers.docker.shapes.references import Reference, references

_DEPENDS = "com.docker.compose.depends_on"
_PROJECT = "com.docker.compose.project"
_SERVICE = "com.docker.compose.service"
_ANY = ("0.0.0.0", "::")  # noqa: S104
STARTED, HEALTHY, COMPLETED = (
    "service_started",
    "service_healthy",
    "service_completed_successfully",
)


@dataclass(frozen=True, slots=True)
class Mount:
    """A bind of a host path or a named volume."""

    kind: str
    source: str
    destination: str


@dataclass(frozen=True, slots=True)
class Published:
    """A port of the host that leads inside. `address` is empty for all addresses."""

    address: str
    port: int
    inside: str

    def __str__(self) -> str:
        return f"{self.address or '*'}:{self.port}"

    def clashes(self, other: "Published") -> bool:
        """Whether both cannot be had at once."""
        same_kind = self.inside.partition("/")[2] == other.inside.partition("/")[2]
        everywhere = not self.address or not other.address or self.address == other.address
        return self.port == other.port and same_kind and everywhere


@dataclass(frozen=True, slots=True)
class Need:
    """A service of the same Compose project that must be there first."""

    service: str
    condition: str


@dataclass(frozen=True, slots=True)
class Wiring:
    """Where a container is tied to its host and its neighbours.

    `drawn` are its ports for which the engine draws a port of the host anew at each start.
    """

    image_id: str
    created: datetime | None
    command: str
    mounts: tuple[Mount, ...]
    networks: tuple[tuple[str, str], ...]
    published: tuple[Published, ...]
    needs: tuple[Need, ...]
    references: tuple[Reference, ...]
    checked: bool
    check_every: timedelta | None
    project: str
    service: str
    drawn: tuple[str, ...] = ()


def parse_wiring(raw: Mapping[str, Any]) -> Wiring:
    """Read one container in full; of its environment only the names of other things."""
    config, host = _part(raw, "Config"), _part(raw, "HostConfig")
    labels, networks = _part(config, "Labels"), _part(_part(raw, "NetworkSettings"), "Networks")
    test = _part(config, "Healthcheck").get("Test") or ()
    created = raw.get("Created")
    return Wiring(
        image_id=str(raw.get("Image", "")),
        created=parse_time(created) if isinstance(created, str) and created else None,
        command=" ".join(map(str, (raw.get("Path") or "", *(raw.get("Args") or ())))).strip(),
        mounts=tuple(sorted(map(_mount, raw.get("Mounts") or ()), key=lambda m: m.destination)),
        networks=tuple(sorted(map(_network, networks.items()))),
        published=tuple(_published(_part(host, "PortBindings"))),
        needs=needs_in(labels),
        references=references(config.get("Env") or ()),
        checked=bool(test) and tuple(test) != ("NONE",),
        check_every=_check_every(_part(_part(raw, "State"), "Health").get("Log") or ()),
        project=term(labels.get(_PROJECT) or ""),
        service=term(labels.get(_SERVICE) or ""),
        drawn=tuple(_drawn(_part(host, "PortBindings"))),
    )


def needs_in(labels: Mapping[str, str]) -> tuple[Need, ...]:
    """What Compose wrote down of a service's `depends_on`."""
    found: list[Need] = []
    for each in (labels.get(_DEPENDS) or "").split(","):
        service, _, rest = each.partition(":")
        if service:
            found.append(Need(term(service), rest.partition(":")[0] or STARTED))
    return tuple(found)


def _check_every(log: Sequence[Mapping[str, Any]]) -> timedelta | None:
    """The time between the starts of the last two health checks."""
    starts = [parse_time(str(each["Start"])) for each in log[-2:] if each.get("Start")]
    return starts[1] - starts[0] if len(starts) > 1 else None


def _network(pair: tuple[str, Any]) -> tuple[str, str]:
    name, told = pair
    return name, str(told.get("NetworkID") or "") if told else ""


def _mount(raw: Mapping[str, Any]) -> Mount:
    kind = str(raw.get("Type", ""))
    source = raw.get("Name") if kind == "volume" else raw.get("Source")
    return Mount(kind, str(source or ""), str(raw.get("Destination", "")))


def _published(bindings: Mapping[str, Any]) -> Iterator[Published]:
    for inside in sorted(bindings):
        for each in bindings[inside] or ():
            port = str(each.get("HostPort") or "")
            if port.isdecimal() and int(port):
                address = str(each.get("HostIp") or "")
                yield Published("" if address in _ANY else address, int(port), inside)


def _drawn(bindings: Mapping[str, Any]) -> Iterator[str]:
    for inside in sorted(bindings):
        if any(str(each.get("HostPort") or "0") == "0" for each in bindings[inside] or ()):
            yield term(inside)


def _part(raw: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    return raw.get(key) or {}
