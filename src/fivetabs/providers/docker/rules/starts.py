"""Why the engine could not start a container: told from its own words, and from who is in the way.

Source of the words: moby `daemon/start.go`, libnetwork's port allocator, runc. Docker 20.10 to 28.
"""

from collections.abc import Iterator

from fivetabs.core import Found, Severity, rule
from fivetabs.core.patterns import Pattern
from fivetabs.providers.docker.rules.containers import Case
from fivetabs.providers.docker.rules.saying import told, words_of

_PORT_TAKEN = Pattern(r"port is already allocated|address already in use")
_PORT = Pattern(r"(?:Bind for|host port for|listen (?:tcp|udp|sctp)[46]?) \S*?:(\d+)(?=[ :/]|$)")
_NO_SOURCE = Pattern(
    r"bind source path does not exist: (?P<bind>\S+)"
    r"|evaluating symlinks from mount source \"(?P<link>[^\"]+)\""
    r"|error mounting \"(?P<mount>[^\"]+)\" to rootfs"
    r"|error while mounting volume '(?P<volume>[^']+)'"
)
_NO_NETWORK = Pattern(r"network (\S+) not found|could not find a network matching (\S+)")
_DISK_FULL = "no space left on device"
_NO_DEVICE = Pattern(r"device (?:information )?.*?\"(?P<device>/dev/[^\"]+)\"")
_SHORT = 12


@rule("DKR111", Severity.CRITICAL)
def port_taken(case: Case) -> Iterator[Found]:
    """A container cannot start because its port of the host is taken.

    Stop what holds the port, or publish another one (-p OTHER:INSIDE), and start it again.
    """
    c = case.container
    if not _unstarted(case) or not _PORT_TAKEN.search(c.error):
        return
    found = _PORT.search(c.error)
    port = int(found[1]) if found else 0
    holders = [n for n in case.around.holders.get(port, ()) if n != c.name]
    taken = f"is held by container {', '.join(holders)}" if holders else "was already taken"
    which = f"port {port} of the host" if port else "a port of the host"
    cause = f"{c.name} cannot start: {which} {taken}"
    yield told(case, cause, c.error, when=c.finished, look=False)


@rule("DKR112", Severity.CRITICAL)
def mount_missing(case: Case) -> Iterator[Found]:
    """A container cannot start because what it mounts is not there or of the wrong kind.

    Create the path (a file for a file, a folder for a folder) or the volume, or correct the mount.
    """
    c = case.container
    found = _NO_SOURCE.search(c.error) if _unstarted(case) else None
    if found:
        source = next(part for part in found.groups() if part)
        kind = " is a folder where a file is wanted, or the other way round"
        wrong = kind if "not a directory" in c.error else " is not there"
        cause = f"{c.name} cannot start: {words_of(source)}, which it mounts{_where(case, source)},"
        yield told(case, cause + wrong, c.error, when=c.finished, look=False)


@rule("DKR113", Severity.CRITICAL)
def network_gone(case: Case) -> Iterator[Found]:
    """A container cannot start because its network was removed.

    Create it anew with docker compose up (or docker rm and run): the old network's id is gone.
    """
    c = case.container
    found = _NO_NETWORK.search(c.error) if _unstarted(case) else None
    if found:
        network = next(part for part in found.groups() if part)
        names = [n for n, _ in (case.around.wiring.networks if case.around.wiring else ()) if n]
        which = names[0] if len(names) == 1 else network[:_SHORT]
        cause = f"{c.name} cannot start: the network {which} that it was made for is gone"
        yield told(case, cause, c.error, when=c.finished, look=False, fold=f"{case.target} {which}")


@rule("DKR114", Severity.CRITICAL)
def disk_full(case: Case) -> Iterator[Found]:
    """The engine's disk is full.

    Free space where Docker keeps its data (docker system df shows what is used; prune what is not).
    """
    c = case.container
    check = c.last_check.output if c.last_check and c.health == "unhealthy" else ""
    said = next((text for text in (c.error, check) if _DISK_FULL in text), "")
    if said and (c.state != "exited" or _unstarted(case)):
        cause = f"{c.name} cannot write: {words_of(said)}"
        yield told(case, cause, said, when=c.finished, look=False, fold=case.target)


@rule("DKR115", Severity.CRITICAL)
def device_missing(case: Case) -> Iterator[Found]:
    """A container cannot start because a device that it wants is not on the host.

    Attach the device, load its driver, or leave out --device.
    """
    c = case.container
    found = _NO_DEVICE.search(c.error) if _unstarted(case) else None
    if found and "no such file" in c.error:
        cause = f"{c.name} cannot start: the host has no device {words_of(found['device'])}"
        yield told(case, cause, c.error, when=c.finished, look=False)


def _unstarted(case: Case) -> bool:
    """The engine's last attempt to start it failed."""
    return bool(case.container.error) and case.container.state in {
        "created",
        "exited",
        "restarting",
    }


def _where(case: Case, source: str) -> str:
    mounts = case.around.wiring.mounts if case.around.wiring else ()
    for each in mounts:
        if each.source == source or (each.kind == "volume" and each.source in source.split("/")):
            kind = f" as volume {each.source}" if each.kind == "volume" else ""
            return f"{kind} at {words_of(each.destination)}"
    return ""
