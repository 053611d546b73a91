"""Pods that run and do not become ready."""

from collections.abc import Iterator
from datetime import timedelta

from fivetabs.core import Found, Severity, age, rule
from fivetabs.providers.kubernetes.rules.probes import other_port, why_failing
from fivetabs.providers.kubernetes.rules.saying import accuse, from_event, quote, seen, where
from fivetabs.providers.kubernetes.shapes.cases import PodCase
from fivetabs.providers.kubernetes.shapes.containers import Container
from fivetabs.providers.kubernetes.shapes.events import Event


@rule("K8S501", Severity.CRITICAL)
def never_ready(case: PodCase) -> Iterator[Found]:
    """A container runs, but its probe does not find it ready.

    Mend what the readiness probe asks, or correct its port, path or time.
    """
    since = case.unready_since
    if since is None:
        return
    for container in case.pod.containers:
        kind = "readiness" if container.started or "startup" not in container.probes else "startup"
        probe = container.probes.get(kind)
        runs = container.state.word == "running" and not container.ready
        begun = max(since, container.state.started or since)
        event = case.told("Unhealthy", about=container.field, saying=f"{kind.capitalize()} probe")
        patience = timedelta() if _hopeless(event) else _patience(case, container)
        if probe is None or not runs or not case.older_than(begun, patience):
            continue
        said = f": {why_failing(probe, event.message)}" if event else ""
        unready = f"Ready is False, {container.name} is not ready"
        noted = seen(unready, f"{case.pod.name} conditions", since)
        proof = from_event(event) if event else noted
        yield accuse(
            case,
            f"{where(case, container)} has not been ready for {age(since, case.now)}: its {kind} "
            f"probe {probe} fails{container.undeclared(probe)}{said}",
            proof,
            fold=f"{container.name}|{kind}",
            since=since,
            **other_port(case, container, kind, event),
        )


@rule("K8S502", Severity.CRITICAL)
def gate_closed(case: PodCase) -> Iterator[Found]:
    """A pod waits for a readiness gate that nobody opens.

    See the controller that should set this condition on the pod.
    """
    since = case.unready_since
    ready = case.pod.condition("Ready")
    if since is None or ready is None or ready.reason != "ReadinessGatesNotReady":
        return
    if case.older_than(since, case.grace):
        yield accuse(
            case,
            f"{case.whose} has not been ready for {age(since, case.now)} though its containers "
            f"are: {quote(ready.message)}",
            seen(ready.message, f"{case.pod.name} condition Ready", since),
            fold=ready.message,
        )


@rule("K8S599", Severity.WARNING)
def failing_otherwise(case: PodCase) -> Iterator[Found]:
    """A pod is failing in a way no other rule explains.

    Describe the pod: its conditions and events are the next thing to read.
    """
    if reason := _odd(case):
        event = next((e for e in case.events if e.type == "Warning"), None)
        ready = case.pod.condition("Ready")
        proof = (
            from_event(event)
            if event
            else seen(
                (ready and (ready.message or ready.reason)) or case.status,
                f"{case.pod.name} status",
                ready.since if ready else case.pod.created,
            )
        )
        yield accuse(case, f"{case.whose} is {case.status}: {reason}", proof, fold=case.status)


def _odd(case: PodCase) -> str:
    """Why a pod counts as failing although no rule before this one knew its case."""
    patient = ("ContainerCreating", "PodInitializing", "")
    for container in case.pod.containers:
        state = container.state
        if state.word == "waiting" and state.reason not in patient:
            return f"{where(case, container)} waits, {state.reason} {quote(state.message)}".strip()
    if case.pod.phase in {"Failed", "Unknown"}:
        return quote(case.pod.message) or f"its phase is {case.pod.phase}"
    since = case.unready_since
    unready = [
        c for c in case.pod.containers if not c.ready and c.role not in {"init", "ephemeral"}
    ]
    patience = max((_patience(case, c) for c in unready), default=case.grace)
    starts = (when for c in unready if (when := c.state.started))
    begun = max((since, *starts)) if since else None
    if since and case.older_than(begun, patience):
        return f"not ready for {age(since, case.now)}"
    return ""


def _hopeless(event: Event | None) -> bool:
    """Whether a probe's own command is not in the image: no time will mend that."""
    return event is not None and "executable file not found" in event.message


def _patience(case: PodCase, container: Container) -> timedelta:
    """What a container's own probes allow it before it is ready, or the general grace."""
    kinds = ("readiness",) if container.started else ("readiness", "startup")
    budgets = [container.probes[k].budget for k in kinds if k in container.probes]
    return max(case.grace, *budgets) if budgets else case.grace
