"""Containers that the kubelet itself ends: probes and hooks that fail."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from fivetabs.core import Found, Severity, rule, span
from fivetabs.providers.kubernetes.rules.saying import (
    accuse,
    blocking,
    from_end,
    from_event,
    quote,
    restarts,
    where,
)
from fivetabs.providers.kubernetes.shapes.cases import PodCase
from fivetabs.providers.kubernetes.shapes.containers import Container, Probe, State
from fivetabs.providers.kubernetes.shapes.events import Event
from fivetabs.providers.kubernetes.shapes.mending import probe_port, update_of

_PROBE_SECONDS = 90
_OBEDIENT = frozenset({0, 137, 143})  # what a program ends with when it is told to end
_SLACK = timedelta(seconds=5)
_STOPPING = timedelta(seconds=35)  # the usual grace for a program that is told to end


@rule("K8S108", Severity.CRITICAL)
def killed_by_probe(case: PodCase) -> Iterator[Found]:
    """A container is restarted because its liveness or startup probe fails.

    Mend what the probe asks, or give it the port, path, delay and time that the program needs.
    """
    for container, end in case.crashed():
        for kind in ("startup", "liveness"):
            probe = container.probes.get(kind)
            event = case.told(
                "Unhealthy", about=container.field, saying=f"{kind.capitalize()} probe"
            )
            if probe is None or event is None or not _killed(case, container, end, kind):
                continue
            yield accuse(
                case,
                f"{where(case, container)} is killed by its {kind} probe {probe}, not by itself"
                f"{container.undeclared(probe)}{blocking(container)} ({restarts(container)}): "
                f"{why_failing(probe, event.message)}{_patience(container, kind, end)}",
                from_event(event),
                from_end(case, container, end),
                fold=f"{container.name}|{kind}",
                since=case.began(container),
                **other_port(case, container, kind, event),
            )
            break


@rule("K8S109", Severity.CRITICAL)
def hook_fails(case: PodCase) -> Iterator[Found]:
    """A container is ended because its postStart hook fails.

    Mend the hook's command or request, or take the hook out.
    """
    for container in case.pod.containers:
        event = case.told("FailedPostStartHook", about=container.field)
        waits = container.state.reason == "PostStartHookError"
        if event is not None and not container.ready and (container.restarts or waits):
            yield accuse(
                case,
                f"{where(case, container)} is ended by its failing postStart hook, not by itself "
                f"({restarts(container)}): {quote(event.message)}",
                from_event(event),
                fold=container.name,
                since=case.began(container),
            )


def other_port(
    case: PodCase, container: Container, kind: str, event: Event | None
) -> dict[str, Any]:
    """The change that lets a refused probe ask the one port that the container declares."""
    if event is None or "connection refused" not in event.message:
        return {}
    step = update_of(case.pod.owner, case.pod.namespace, probe_port(container, kind))
    if step:
        port = container.ports[0]
        step["words"] = f"Let the {kind} probe ask port {port}, which the container declares."
    return step


def why_failing(probe: Probe, message: str) -> str:
    """What a probe's own words mean, with the words."""
    said = quote(message.partition("probe failed: ")[2] or message.partition(": ")[2] or message)
    text = message.lower()
    for mark, meaning in (
        ("connection refused", f"nothing listens on port {probe.port}"),
        ("statuscode: 404", "what it asks for is not there"),
        ("statuscode: 401", "it would have to log in"),
        ("statuscode: 403", "it is not allowed to ask"),
        ("statuscode: 5", "the program says that it is not well"),
        ("deadline exceeded", f"no answer within its timeout of {probe.timeout}s"),
        ("timed out", f"no answer within its timeout of {probe.timeout}s"),
        ("timeout", f"no answer within its timeout of {probe.timeout}s"),
        ("executable file not found", "the probe's command is not in the image"),
        ("no such file or directory", "the probe's command is not in the image"),
        ("http response to https", "the program speaks plain HTTP, the probe TLS"),
    ):
        if mark in text:
            return f"{meaning} ({said})"
    return said


def _killed(case: PodCase, container: Container, end: State, kind: str) -> bool:
    """Whether this probe, and nothing else, ended the run.

    The kubelet says so in a Killing event, which may have gone: of one pod it sends 25 events and
    then one in five minutes. Without it: the program obeyed shortly after a failure, or when the
    probe's time was up; one that ended in its own way must have done both.
    """
    probe = container.probes[kind]
    failed = case.told("Unhealthy", about=container.field, saying=f"{kind.capitalize()} probe")
    if failed is None or end.finished is None:
        return False
    near, timely = _near(failed, end, probe), _timely(end, probe)
    if end.exit_code in _OBEDIENT:
        return near or timely
    told = case.told("Killing", about=container.field, saying=f"failed {kind} probe") is not None
    return near and (told or (timely and failed.count >= probe.failures))


def _timely(end: State, probe: Probe) -> bool:
    """Whether a run lasted as long as the probe, and then the pod's grace, let it."""
    least = timedelta(seconds=probe.delay + probe.period * (probe.failures - 1)) - _SLACK
    return end.ran is not None and least <= end.ran <= probe.budget + _STOPPING


def _near(event: Event, end: State, probe: Probe) -> bool:
    apart = abs((event.last - end.finished).total_seconds()) if end.finished else 0
    return apart <= _PROBE_SECONDS + probe.period


def _patience(container: Container, kind: str, end: State) -> str:
    """How long the probe gave the run, where that may be too short for its start."""
    if end.ran is None or (kind == "liveness" and "startup" in container.probes):
        return ""
    budget = container.probes[kind].budget
    if end.ran > 2 * budget + timedelta(seconds=30):
        return ""
    return f"; it has {span(budget)} to start, and ran {span(end.ran)}"
