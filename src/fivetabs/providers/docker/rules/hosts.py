"""What is wrong with the engine itself. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from fivetabs.core import Evidence, Found, Severity, Subject, quoted, rule
from fivetabs.providers.docker.shapes.hosts import Info

_OPEN = ("API is accessible on", "without encryption", "without authentication")
_TELLING = ("storage-driver", "storage driver", "devicemapper", "loopback", "d_type", "overlay")
_NO_FORWARDING = "IPv4 forwarding is disabled"
_SICK_SWARM = frozenset({"error", "locked"})


@dataclass(frozen=True, slots=True)
class Host:
    """An engine as it tells of itself, and how many of its containers run on a network."""

    subject: Subject
    info: Info
    networked: int = 0


@rule("DKR201", Severity.WARNING)
def open_to_all(host: Host) -> Iterator[Found]:
    """The engine takes orders over the network from anybody.

    Close the TCP port, or have it ask for client certificates (--tlsverify); it is root access.
    """
    for warning in host.info.warnings:
        if any(part in warning for part in _OPEN):
            cause = f"the engine on {host.info.name} takes orders over TCP without authentication"
            yield _found(host, cause, warning)
            return


@rule("DKR202", Severity.CRITICAL)
def swarm_broken(host: Host) -> Iterator[Found]:
    """The engine cannot take part in its Swarm.

    Unlock it (docker swarm unlock), or mend what the engine names; its services are not managed.
    """
    info = host.info
    if info.swarm in _SICK_SWARM or (info.swarm != "inactive" and info.swarm_error):
        why = f": {quoted(info.swarm_error)}" if info.swarm_error else ""
        cause = f"the Swarm node on {info.name} is {info.swarm}{why}"
        yield _found(host, cause, info.swarm_error or f"LocalNodeState {info.swarm}")


@rule("DKR203", Severity.INFO)
def storage_warned_of(host: Host) -> Iterator[Found]:
    """The engine warns of its own storage.

    Move to the overlay2 driver on a file system that supports it; the engine's words say why.
    """
    for warning in host.info.warnings:
        if any(part in warning for part in _TELLING):
            cause = f"the engine on {host.info.name} (storage driver {host.info.driver}) warns: "
            yield _found(host, cause + quoted(warning), warning)


@rule("DKR204", Severity.WARNING)
def no_forwarding(host: Host) -> Iterator[Found]:
    """The host does not forward packets: containers reach nothing beyond it.

    Set net.ipv4.ip_forward=1 with sysctl and keep it in /etc/sysctl.d.
    """
    if host.networked and any(_NO_FORWARDING in each for each in host.info.warnings):
        cause = f"IPv4 forwarding is off on {host.info.name}: its {host.networked} running "
        cause += "containers on a bridge network reach nothing beyond the host"
        yield _found(host, cause, _NO_FORWARDING)


def _found(host: Host, cause: str, quote: str) -> Found:
    return Found(host.subject, cause, (Evidence(quote=quote, source="docker info"),))
