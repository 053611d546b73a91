"""Containers that the kubelet itself ends: probes and hooks that fail."""

from collections.abc import Iterator

from fivetabs.core import Found, Severity, rule
from fivetabs.providers.kubernetes.rules.saying import (
    accuse,
    from_end,
    from_event,
    quote,
    restarts,
    where,
)
from fivetabs.providers.kubernetes.shapes.cases import PodCase

_PROBE_SECONDS = 90


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
            if probe is None or event is None or end.finished is None:
                continue
            if abs((event.last - end.finished).total_seconds()) > _PROBE_SECONDS + probe.period:
                continue
            yield accuse(
                case,
                f"{where(case, container)} is killed by its {kind} probe {probe}"
                f"{container.undeclared(probe)} ({restarts(container)})",
                from_event(event),
                from_end(case, container, end),
                fold=f"{container.name}|{kind}",
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
                f"{where(case, container)} is ended by its failing postStart hook "
                f"({restarts(container)}): {quote(event.message)}",
                from_event(event),
                fold=container.name,
            )
