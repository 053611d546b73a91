"""Containers that cannot be made from what their pod names: keys, volumes, sandboxes."""

from collections.abc import Iterator

from fivetabs.core import Found, Severity, age, rule
from fivetabs.providers.kubernetes.rules.absent import Absent, absent_in, hint, subject_of
from fivetabs.providers.kubernetes.rules.saying import accuse, from_event, quote, seen, where
from fivetabs.providers.kubernetes.rules.witness import SOON
from fivetabs.providers.kubernetes.shapes.cases import PodCase
from fivetabs.providers.kubernetes.shapes.containers import Container
from fivetabs.providers.kubernetes.shapes.events import Event

_MOUNT = ("FailedMount", "FailedAttachVolume", "FailedMapVolume")
_SANDBOX = ("FailedCreatePodSandBox", "FailedPodSandBoxStatus", "NetworkNotReady")
_SLOW = 5
_ROOT = "kube-root-ca.crt"  # a controller puts it into each new namespace
_MISSING = ("not found", "find key", "non-existent")


@rule("K8S301", Severity.CRITICAL, basic=True)
def configuration_missing(case: PodCase) -> Iterator[Found]:
    """A container names a ConfigMap, Secret or key that is not there.

    Create what is missing, or correct the name or key the container refers to.
    """
    for container in case.waiting("CreateContainerConfigError"):
        if any(mark in container.state.message for mark in _MISSING):
            yield _misconfigured(case, container, "needs what is not there")


@rule("K8S302", Severity.CRITICAL)
def container_not_created(case: PodCase) -> Iterator[Found]:
    """The container runtime cannot create a container.

    Mend what the runtime complains of: often a missing command, a bad mount or a bad option.
    """
    for container in case.waiting(
        "CreateContainerError", "PreCreateHookError", "PreStartHookError"
    ):
        said = container.state.message or container.state.reason
        yield accuse(
            case,
            f"{where(case, container)} cannot be created ({container.state.reason}): {quote(said)}",
            seen(said, f"{case.pod.name}/{container.name} {container.state.reason}", None),
            fold=f"{container.name}|{container.state.reason}",
        )


@rule("K8S303", Severity.CRITICAL)
def volume_not_mounted(case: PodCase) -> Iterator[Found]:
    """A volume cannot be mounted, so no container starts.

    Create the ConfigMap, Secret or claim that the volume names, or mend its storage.
    """
    event, absent = _unmounted(case)
    if event is not None and (_starting(case) or (absent and _surely(case, event, absent))):
        since = age(case.pod.created, case.now) if case.pod.created else "some time"
        yield accuse(
            case,
            f"{case.whose} has waited {since} for a volume ({case.status}): {quote(event.message)}"
            f"{hint(case, absent)}",
            from_event(event),
            fold=_without_names(case, event.message),
            about=subject_of(case, absent),
        )


@rule("K8S307", Severity.CRITICAL)
def volume_attached_elsewhere(case: PodCase) -> Iterator[Found]:
    """A volume is still attached to another node, so a pod cannot have it.

    End the pod that holds it, or wait until its node lets go; a lost node holds on for 6 minutes.
    """
    event = case.told("FailedAttachVolume", saying="Multi-Attach error")
    if event is not None and _starting(case):
        yield accuse(
            case,
            f"{case.whose} waits for a volume that another node still holds: "
            f"{quote(event.message)}",
            from_event(event),
            fold=_without_names(case, event.message),
            since=event.first,
        )


@rule("K8S304", Severity.CRITICAL)
def sandbox_not_created(case: PodCase) -> Iterator[Found]:
    """A pod's sandbox or network cannot be set up on its node.

    Look at the node's network plug-in and container runtime.
    """
    event = case.told(*_SANDBOX)
    if event is not None and _starting(case):
        yield accuse(
            case,
            f"{case.whose} cannot be set up on node {case.pod.node} ({case.status}): "
            f"{quote(event.message)}",
            from_event(event),
            fold=case.pod.node,
        )


@rule("K8S305", Severity.WARNING)
def never_created(case: PodCase) -> Iterator[Found]:
    """A pod has been starting for too long and nobody says why.

    See the pod's events and whether its node answers; a large image may still be on its way.
    """
    starting = case.waiting("ContainerCreating", "PodInitializing", "")
    waits = [c for c in starting if c.role != "ephemeral"]
    unseen = (
        case.pod.node
        and case.pod.phase == "Pending"
        and not any(c.state.word for c in case.pod.containers)
    )
    if case.settled or case.pod.deleted or not (waits or unseen):
        return
    if any(c.role == "init" and c.state.word == "running" for c in case.pod.containers):
        return
    bound = case.pod.condition("PodScheduled")
    since = (bound and bound.since) or case.pod.created
    if since and case.older_than(since, case.grace * _SLOW):
        yield accuse(
            case,
            f"{case.whose} has been {case.status} on node {case.pod.node or 'none'} for "
            f"{age(since, case.now)} without a word why",
            seen(case.status, f"{case.pod.name} status", since),
            fold=case.pod.node,
        )


@rule("K8S306", Severity.CRITICAL, basic=True)
def configuration_impossible(case: PodCase) -> Iterator[Found]:
    """A container's settings contradict each other or its image.

    Change the setting that the kubelet names: often the securityContext, or the image's user.
    """
    for container in case.waiting("CreateContainerConfigError"):
        yield _misconfigured(case, container, "cannot be configured")


def _misconfigured(case: PodCase, container: Container, what: str) -> Found:
    said = container.state.message.partition(" (pod: ")[0] or "no reason given"
    absent = absent_in(case, said)
    return accuse(
        case,
        f"{where(case, container)} {what}: {quote(said)}{hint(case, absent)}",
        seen(said, f"{case.pod.name}/{container.name} CreateContainerConfigError", None),
        fold=f"{container.name}|{said}",
        about=subject_of(case, absent),
    )


def _unmounted(case: PodCase) -> tuple[Event | None, Absent | None]:
    """What is said of volumes, and what is missing: the word that names it, before one of haste."""
    told = [event for event in case.events if event.reason in _MOUNT]
    named = ((event, absent) for event in told if (absent := absent_in(case, event.message)))
    return next(named, (told[0] if told else None, None))


def _surely(case: PodCase, event: Event, absent: Absent) -> bool:
    """Whether what is missing will not come by itself: it is not on its way, and was looked for."""
    keys = case.maps.get(absent.name) if absent.kind == "ConfigMap" else None
    there = keys is not None and absent.key in {"", *keys}
    tried = event.count > 1 or case.older_than(event.first, SOON)
    return _unstarted(case) and tried and not there and absent.name != _ROOT


def _starting(case: PodCase) -> bool:
    """Past its grace, and still without a container that ran."""
    return _unstarted(case) and case.older_than(case.pod.created, case.grace)


def _unstarted(case: PodCase) -> bool:
    return not case.settled and all(c.state.word in {"", "waiting"} for c in case.pod.containers)


def _without_names(case: PodCase, message: str) -> str:
    return message.replace(case.pod.name, "")[:80]
