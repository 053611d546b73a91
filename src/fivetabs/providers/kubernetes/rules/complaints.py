"""Programs that end over what they were not given: what their own last words name."""

from collections.abc import Iterator

from fivetabs.core import Found, Severity, near, quoted, rule
from fivetabs.core.patterns import Pattern
from fivetabs.providers.kubernetes.rules.absent import Absent, hint
from fivetabs.providers.kubernetes.rules.saying import (
    accuse,
    blocking,
    from_end,
    from_line,
    read_logs,
    restarts,
    where,
)
from fivetabs.providers.kubernetes.shapes.cases import PodCase
from fivetabs.providers.kubernetes.shapes.containers import Container, State
from fivetabs.providers.kubernetes.shapes.signs import Sign, read_sign

_PRIVILEGED = 1024
_BOUND = Pattern(r"bind.*?:(\d{1,4})\b.*?(?i:denied)")
_NUMBER = Pattern(r"(?<![\w.])\d{2,5}(?![\w.])")
Complaint = tuple[Container, State, Sign]


@rule("K8S112", Severity.CRITICAL, basic=True)
def variable_missing(case: PodCase) -> Iterator[Found]:
    """A program ends because an environment variable is missing.

    Set the variable in the container's env, or in the ConfigMap or Secret it is read from.
    """
    for container, end, sign in _complaints(case, "variable"):
        if sign.name in container.given.variables:
            how = f"{sign.name} is in its env, but has no usable value"
        else:
            how = f"its env has no {sign.name}{_nearly(sign.name, container)}"
            if container.given.sources:
                how = f"{how}, nor do {' and '.join(container.given.sources)} bring it"
        yield _ends(case, container, end, sign, f"lacks the variable {sign.name}: {how}")


@rule("K8S113", Severity.CRITICAL, basic=True)
def file_missing(case: PodCase) -> Iterator[Found]:
    """A program ends because a file is missing.

    Mount the file where the program looks for it, or tell the program where it is.
    """
    for container, end, sign in _complaints(case, "file"):
        yield _ends(
            case, container, end, sign, f"lacks {sign.name}: {_expected(case, container, sign)}"
        )


@rule("K8S114", Severity.CRITICAL, basic=True)
def argument_wrong(case: PodCase) -> Iterator[Found]:
    """A program does not know an argument it is started with.

    Correct the container's command and args to what this version of the program takes.
    """
    for kind in ("argument", "usage"):
        for container, end, sign in _complaints(case, kind):
            runs = quoted(container.command) or "the image's own command"
            told = f": {quoted(sign.line.strip())}" if kind == "argument" else ""
            what = f"is started with arguments it does not take ({runs}){told}"
            yield _ends(case, container, end, sign, what)


@rule("K8S115", Severity.CRITICAL, basic=True)
def port_taken(case: PodCase) -> Iterator[Found]:
    """A program cannot listen on its port because something else does.

    Give each container of the pod a port of its own: they share one network.
    """
    for container, end, sign in _complaints(case, "port"):
        number, rival = _clash(case, container, sign.name)
        port = f"port {number}" if number else "its port"
        what = f"cannot listen on {port}, which is in use{rival}"
        yield _ends(case, container, end, sign, what)


@rule("K8S116", Severity.CRITICAL, basic=True)
def file_system_read_only(case: PodCase) -> Iterator[Found]:
    """A program writes where the file system is read-only.

    Mount an emptyDir or a volume where the program writes, or allow writing.
    """
    for container, end, sign in _complaints(case, "readonly"):
        mount = container.given.mount_of(sign.name) if sign.name else None
        if mount is not None:
            why = f"{mount.source} is mounted read-only at {mount.path}"
        elif container.given.setting("readOnlyRootFilesystem") == "true":
            why = "readOnlyRootFilesystem is true and nothing writable is mounted there"
        else:
            why = "its file system is read-only"
        yield _ends(case, container, end, sign, f"cannot write {sign.name or 'a file'}: {why}")


@rule("K8S117", Severity.CRITICAL, basic=True)
def not_permitted(case: PodCase) -> Iterator[Found]:
    """A program is not permitted to do what it must.

    Give the user it runs as the right to it (fsGroup, file modes), or run it as one who has it.
    """
    for container, end, sign in _complaints(case, "permission"):
        what = f"may not use {sign.name}" if sign.name else "is not permitted what it does"
        if port := _BOUND.search(sign.line):
            what = f"may not listen on port {port[1]}"
        yield _ends(case, container, end, sign, f"{what}{_as_whom(container, sign)}")


@rule("K8S119", Severity.CRITICAL, basic=True)
def memory_exhausted(case: PodCase) -> Iterator[Found]:
    """A program runs out of memory by itself, before its container's limit ends it.

    Give the program a larger heap together with a larger limit, or find what grew.
    """
    for container, end, sign in _complaints(case, "memory"):
        limit = container.resources.get("memory", "..").rpartition("..")[2]
        at = f"its container's limit is {limit}" if limit else "its container has no memory limit"
        yield _ends(case, container, end, sign, f"ran out of memory by itself; {at}")


def _complaints(case: PodCase, kind: str) -> Iterator[Complaint]:
    for container, end in case.crashed():
        if end.word == "terminated" and end.exit_code and end.reason != "OOMKilled":
            sign = read_sign(case.words.get(container.name, ()))
            if sign is not None and sign.kind == kind:
                yield container, end, sign


def _ends(case: PodCase, container: Container, end: State, sign: Sign, what: str) -> Found:
    again = f", {restarts(container)}" if container.restarts else ""
    return accuse(
        case,
        f"{where(case, container)} {what} (exit {end.exit_code}{again}){blocking(container)}",
        from_line(case, container, end, sign.line),
        from_end(case, container, end),
        fold=f"{container.name}|{sign.name}",
        since=case.began(container),
        **read_logs(case, container),
    )


def _nearly(name: str, container: Container) -> str:
    close = near(name, container.given.variables)
    return f" (it has {close[0]})" if close else ""


def _expected(case: PodCase, container: Container, sign: Sign) -> str:
    """Which mount should have the file, as far as the pod itself tells."""
    mount = container.given.mount_of(sign.name)
    if mount is None:
        mounts = ", ".join(f"{m.path} ({m.source})" for m in container.given.mounts if m.source)
        return f"nothing is mounted there (mounts: {mounts})" if mounts else "it mounts nothing"
    if sign.name.rstrip("/") == mount.path.rstrip("/"):
        return f"{mount.source} is mounted right there"
    inner = sign.name.removeprefix(mount.path).strip("/")
    only = f", of which only {', '.join(mount.items)} is mounted" if mount.items else ""
    if not only and mount.source.startswith("configMap/"):
        only = hint(case, Absent("ConfigMap", mount.source.partition("/")[2], inner))
    return f"{mount.source} at {mount.path} does not bring {inner}{only}"


def _clash(case: PodCase, container: Container, port: str) -> tuple[str, str]:
    """The port, where the log or the other containers tell it, and who else wants it."""
    others = [c for c in case.pod.containers if c.name != container.name and c.role != "init"]
    wanted = {port} if port else _ports(container)
    for other in others:
        if shared := sorted(wanted & _ports(other)):
            return shared[0], f": container {other.name} of the same pod has it"
    if case.pod.spec.host_network:
        return port, f": the pod uses the network of node {case.pod.node}"
    names = ", ".join(other.name for other in others)
    return port, f"; {names} shares the pod's network" if names else " by the container itself"


def _ports(container: Container) -> set[str]:
    """The ports that it declares, or that its command names."""
    return {*container.ports, *_NUMBER.findall(container.command)}


def _as_whom(container: Container, sign: Sign) -> str:
    given = container.given
    facts = [f"{n} {given.setting(n)}" for n in ("runAsUser", "runAsGroup") if given.setting(n)]
    if given.setting("runAsNonRoot") == "true" and not facts:
        facts.append("runAsNonRoot")
    if dropped := given.setting("drop"):
        facts.append(f"capabilities dropped: {dropped}")
    mount = given.mount_of(sign.name) if sign.name else None
    if mount is not None:
        facts.append(f"{mount.source} mounted at {mount.path}")
    if "bind" in sign.line.lower():
        facts.append(f"ports below {_PRIVILEGED} need root or NET_BIND_SERVICE")
    return f" ({'; '.join(facts)})" if facts else ""
