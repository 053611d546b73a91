"""Images that cannot be had."""

from collections.abc import Iterator
from typing import Any

from fivetabs.core import Found, Severity, rule, term
from fivetabs.providers.kubernetes.rules.saying import accuse, from_event, quote, seen, where
from fivetabs.providers.kubernetes.shapes.cases import PodCase
from fivetabs.providers.kubernetes.shapes.containers import Container

_PULLING = (
    "ImagePullBackOff",
    "ErrImagePull",
    "RegistryUnavailable",
    "ImageInspectError",
    "SignatureValidationFailed",
)
_ABSENT = ("not found", "manifest unknown", "does not exist", "name unknown")
_REFUSED = (
    "unauthorized",
    "authorization failed",
    "authentication required",
    "denied",
    "401",
    "403",
    "no basic auth credentials",
    "authorization token",
)
_SILENT = (
    "no such host",
    "connection refused",
    "i/o timeout",
    "deadline exceeded",
    "no route to host",
    "tls handshake",
    "x509",
    "server gave http response",
    "network is unreachable",
    "eof",
    "connection reset",
    "503 service",
    "502 bad",
    "500 internal",
)


@rule("K8S201", Severity.CRITICAL, basic=True)
def image_not_found(case: PodCase) -> Iterator[Found]:
    """An image does not exist in its registry.

    Correct the image's name or tag, or push that image.
    """
    yield from _pulls(case, _ABSENT, "does not exist in its registry", back=True)


@rule("K8S202", Severity.CRITICAL)
def image_refused(case: PodCase) -> Iterator[Found]:
    """A registry refuses to hand out an image.

    Give the pod or its service account an imagePullSecret that may pull this image.
    """
    yield from _pulls(case, _REFUSED, f"is refused by its registry (not authorised{_shown(case)})")


@rule("K8S203", Severity.CRITICAL)
def registry_unreachable(case: PodCase) -> Iterator[Found]:
    """A registry cannot be reached from the node.

    Check the registry's name and port, and the node's DNS, network, proxy and certificates.
    """
    yield from _pulls(case, _SILENT, "cannot be pulled: its registry does not answer properly")


@rule("K8S204", Severity.CRITICAL, basic=True)
def image_name_invalid(case: PodCase) -> Iterator[Found]:
    """An image's name is not a valid reference.

    Write the image as registry/repository:tag, in lower case and without spaces.
    """
    for container in case.waiting("InvalidImageName"):
        yield _accuse(case, container, "has a name that is no valid image reference", back=True)


@rule("K8S205", Severity.CRITICAL, basic=True)
def image_never_pulled(case: PodCase) -> Iterator[Found]:
    """An image is not on the node and its policy forbids to pull it.

    Set imagePullPolicy to IfNotPresent, or load the image onto the node.
    """
    for container in case.waiting("ErrImageNeverPull"):
        where_to = f"is not on node {case.pod.node} and imagePullPolicy is Never"
        yield _accuse(case, container, where_to)


@rule("K8S206", Severity.CRITICAL)
def image_not_pulled(case: PodCase) -> Iterator[Found]:
    """An image cannot be pulled, for a reason no other rule knows.

    Read the pull error below; it is the container runtime's own.
    """
    for container in case.waiting(*_PULLING):
        yield _accuse(case, container, f"cannot be pulled: {_end_of(case, container)}")


def _pulls(
    case: PodCase, marks: tuple[str, ...], what: str, *, back: bool = False
) -> Iterator[Found]:
    for container in case.waiting(*_PULLING):
        text = _error(case, container).replace(container.image, "").lower()
        if any(mark in text for mark in marks):
            yield _accuse(case, container, what, back=back)


def _shown(case: PodCase) -> str:
    """Which pull secrets the pod has to show, as words to add.

    Admission has copied those of its service account into the pod.
    """
    named = ", ".join(r.name for r in case.pod.spec.references if r.via == "imagePullSecrets")
    if case.told("FailedToRetrieveImagePullSecret"):
        return f": its pull secret {named} does not exist"
    return f": its pull secret is {named}" if named else ": the pod has no imagePullSecret"


def _accuse(case: PodCase, container: Container, what: str, *, back: bool = False) -> Found:
    event = case.told("Failed", "InspectFailed", about=container.field, saying="image")
    state = container.state
    told = seen(
        state.message or state.reason, f"{case.pod.name}/{container.name} {state.reason}", None
    )
    cause = f"image {container.image} {what}; {where(case, container)} is {state.reason}"
    return accuse(
        case,
        cause,
        from_event(event) if event and _better(event.message) else told,
        fold=f"{container.name}|{container.image}",
        **(_way_back(case, container) if back else {}),
    )


def _way_back(case: PodCase, container: Container) -> dict[str, Any]:
    """The roll back to the last revision that ran another image."""
    former, owner = case.former, case.pod.owner
    if former is None or owner is None or container.image in former.images:
        return {}
    images = ", ".join(map(term, former.images))
    return {
        "words": f"Roll back to revision {former.revision}, which has {images}; or correct the "
        "image's name or tag, or push that image.",
        "tool": "rollback_deployment",
        "arguments": {
            "name": owner.name,
            "namespace": case.pod.namespace,
            "revision": former.revision,
        },
    }


def _error(case: PodCase, container: Container) -> str:
    events = (e.message for e in case.events if e.field == container.field and _better(e.message))
    return " ".join((container.state.message, *events))


def _end_of(case: PodCase, container: Container) -> str:
    """The last part of a runtime's chain of errors."""
    text = _error(case, container).replace(container.image, "its image")
    return quote(": ".join(text.split(": ")[-2:])) or container.state.reason


def _better(message: str) -> bool:
    """Whether an event tells the error itself, not merely that there was one."""
    return message.startswith(("Failed to pull", "Failed to inspect", "Failed to apply"))
