"""Storage that is asked for and does not come."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from fivetabs.core import Found, Severity, near, rule, term
from fivetabs.providers.kubernetes.rules.saying import from_event, quote
from fivetabs.providers.kubernetes.rules.witness import (
    SOON,
    accuse_thing,
    from_state,
    older,
    past,
    told_of,
)
from fivetabs.providers.kubernetes.shapes.quantities import amount
from fivetabs.providers.kubernetes.shapes.selectors import parse_selector
from fivetabs.providers.kubernetes.shapes.snapshot import Snapshot
from fivetabs.providers.kubernetes.shapes.storage import Claim, StorageClass, Volume

_FEW = 3
_PATIENCE = 5  # times the grace: a cloud's volume takes a minute or two
_STATIC = "kubernetes.io/no-provisioner"
_CHOSEN = "volume.kubernetes.io/selected-node"


@rule("K8S421", Severity.CRITICAL, basic=True)
def class_missing(snapshot: Snapshot) -> Iterator[Found]:
    """A claim names a storage class that does not exist.

    Name a class that exists, or create this one; a claim's class cannot be changed afterwards.
    """
    if not snapshot.knows(StorageClass):
        return
    for claim in _waiting(snapshot, SOON):
        if _class_is_missing(snapshot, claim):
            name = claim.class_name or ""
            known = [each.name for each in snapshot.all(StorageClass)]
            close = near(name, known)
            hint = f"did it mean {close[0]}?" if close else _listed("there are", known)
            yield accuse_thing(
                snapshot,
                claim,
                f"{claim.told} waits for the storage class {term(name)}, which does not exist; "
                f"{hint}{_users(snapshot, claim)}",
                from_state(claim, f"Pending, storageClassName: {name}"),
            )


@rule("K8S422", Severity.CRITICAL, basic=True)
def no_default_class(snapshot: Snapshot) -> Iterator[Found]:
    """A claim names no storage class, and the cluster has no default one.

    Mark a storage class as the default, or create the claim again with a class.
    """
    if not (snapshot.knows(StorageClass) and snapshot.knows(Volume)):
        return
    if any(each.default for each in snapshot.all(StorageClass)):
        return
    for claim in _waiting(snapshot, SOON):
        if claim.class_name is None and not claim.volume and not _candidates(snapshot, claim):
            known = [each.name for each in snapshot.all(StorageClass)]
            yield accuse_thing(
                snapshot,
                claim,
                f"{claim.told} names no storage class and the cluster has no default one; "
                f"{_listed('there are', known)}{_users(snapshot, claim)}",
                from_state(claim, "Pending, no storageClassName"),
            )


@rule("K8S423", Severity.CRITICAL, basic=True)
def no_volume_fits(snapshot: Snapshot) -> Iterator[Found]:
    """No existing volume fits a claim, and none is made for it.

    Create a volume of the claim's size, access modes, class and labels, or change the claim.
    """
    if not (snapshot.knows(StorageClass) and snapshot.knows(Volume)):
        return
    for claim in _waiting(snapshot, SOON):
        late = past(snapshot, claim.created, snapshot.grace)
        fits = any(not tuple(_against(claim, v)) for v in _candidates(snapshot, claim))
        if _is_static(snapshot, claim) and (late or not fits):
            yield accuse_thing(
                snapshot,
                claim,
                f"{claim.told} ({claim.asked}, {', '.join(claim.modes)}) finds no volume: "
                f"{_misfits(snapshot, claim)}{_users(snapshot, claim)}",
                from_state(claim, f"Pending, storageClassName: {claim.class_name or 'none'}"),
            )


@rule("K8S424", Severity.CRITICAL)
def provisioning_fails(snapshot: Snapshot) -> Iterator[Found]:
    """A storage provisioner cannot make the volume of a claim.

    Mend what the provisioner complains of: often quota, permissions or parameters of the class.
    """
    for claim in _waiting(snapshot):
        event = told_of(snapshot, claim, "ProvisioningFailed")
        other = _class_is_missing(snapshot, claim) or _is_static(snapshot, claim)
        if event is not None and not other:
            yield accuse_thing(
                snapshot,
                claim,
                f"{claim.told} gets no volume from class {term(claim.class_name or 'none')}: "
                f"{quote(event.message)}{_users(snapshot, claim)}",
                from_event(event),
                since=event.first,
            )


@rule("K8S425", Severity.WARNING)
def provisioner_silent(snapshot: Snapshot) -> Iterator[Found]:
    """A storage provisioner has not answered a claim.

    See whether the class's provisioner runs in this cluster, and its log.
    """
    for claim in _waiting(snapshot):
        made_by = snapshot.find(StorageClass, "", claim.class_name or "")
        if made_by is None or made_by.provisioner == _STATIC or claim.volume:
            continue
        asked = not made_by.waits or _CHOSEN in claim.annotations
        failed = told_of(snapshot, claim, "ProvisioningFailed")
        if asked and failed is None and older(snapshot, claim.created, snapshot.grace * _PATIENCE):
            yield accuse_thing(
                snapshot,
                claim,
                f"{claim.told} has waited for a volume since it was made: the provisioner "
                f"{term(made_by.provisioner)} of class {made_by.name} makes none and says nothing"
                f"{_users(snapshot, claim)}",
                from_state(claim, f"Pending, storageClassName: {made_by.name}"),
            )


@rule("K8S426", Severity.CRITICAL)
def volume_lost(snapshot: Snapshot) -> Iterator[Found]:
    """A claim has lost the volume that it was bound to.

    Restore the volume from its backing storage, or the data from a backup, and bind it anew.
    """
    for claim in snapshot.all(Claim):
        if claim.phase == "Lost":
            yield accuse_thing(
                snapshot,
                claim,
                f"{claim.told} has lost its volume {claim.volume}, which no longer exists or is "
                f"another's{_users(snapshot, claim)}",
                from_state(claim, f"Lost, volumeName: {claim.volume}"),
            )


@rule("K8S429", Severity.WARNING)
def volume_failed(snapshot: Snapshot) -> Iterator[Found]:
    """A volume could not be reclaimed.

    Mend what the reclaiming complains of, then delete the volume and what backs it by hand.
    """
    for volume in snapshot.all(Volume):
        if volume.phase == "Failed":
            yield accuse_thing(
                snapshot,
                volume,
                f"{volume.told} of claim {volume.claim or 'none'} has failed: "
                f"{quote(volume.reason) or 'no reason given'}",
                from_state(volume, volume.reason or "Failed"),
            )


def _waiting(snapshot: Snapshot, patience: timedelta | None = None) -> Iterator[Claim]:
    """Claims that have been Pending for longer than that, or than starting may take."""
    for claim in snapshot.all(Claim):
        late = past(snapshot, claim.created, patience or snapshot.grace)
        if claim.phase == "Pending" and claim.deleted is None and late:
            yield claim


def _class_is_missing(snapshot: Snapshot, claim: Claim) -> bool:
    if not claim.class_name or not snapshot.knows(StorageClass):
        return False
    absent = snapshot.find(StorageClass, "", claim.class_name) is None
    return absent and not _candidates(snapshot, claim)


def _is_static(snapshot: Snapshot, claim: Claim) -> bool:
    """Whether only a volume that somebody makes by hand can serve it, and one should by now."""
    made_by = snapshot.find(StorageClass, "", claim.class_name or "")
    if made_by is not None:
        wanted = not made_by.waits or bool(_users(snapshot, claim))
        return (made_by.provisioner == _STATIC or bool(claim.volume)) and wanted
    return claim.class_name == "" or bool(claim.volume) or bool(_candidates(snapshot, claim))


def _candidates(snapshot: Snapshot, claim: Claim) -> list[Volume]:
    """The volumes of its class, or the very one it names."""
    if claim.volume:
        return [v for v in snapshot.all(Volume) if v.name == claim.volume]
    return [v for v in snapshot.all(Volume) if v.class_name == (claim.class_name or "")]


def _misfits(snapshot: Snapshot, claim: Claim) -> str:
    told = [
        f"{volume.name} {' and '.join(reasons)}"
        for volume in _candidates(snapshot, claim)
        if (reasons := tuple(_against(claim, volume)))
    ]
    if told:
        more = f" and {len(told) - _FEW} more do not fit" if len(told) > _FEW else ""
        return "; ".join(told[:_FEW]) + more
    if claim.volume:
        return f"the volume {claim.volume} it names does not exist"
    kind = f"of class {term(claim.class_name)}" if claim.class_name else "without a class"
    return f"there is none {kind}"


def _against(claim: Claim, volume: Volume) -> Iterator[str]:
    mine = volume.claim == f"{claim.namespace}/{claim.name}"
    if volume.claim and not mine:
        yield f"is {volume.phase} for {volume.claim}"
    asked, has = amount(claim.asked), amount(volume.capacity)
    if asked is not None and has is not None and has < asked:
        yield f"has only {volume.capacity}"
    if not set(claim.modes) <= set(volume.modes):
        yield f"allows only {', '.join(volume.modes)}"
    if claim.mode != volume.mode:
        yield f"is a {volume.mode} volume, not {claim.mode}"
    if volume.class_name != (claim.class_name or ""):
        yield f"is of class {term(volume.class_name or 'none')}"
    failing = parse_selector(claim.selector).failing(volume.labels) if claim.selector else ()
    if failing:
        yield f"lacks the label {term(str(failing[0]))}"


def _users(snapshot: Snapshot, claim: Claim) -> str:
    """Which of the suspect pods wait for it, as words to add."""
    pods = [
        case.pod.name
        for case in snapshot.cases
        if case.pod.namespace == claim.namespace
        and any(r.kind == claim.KIND and r.name == claim.name for r in case.pod.spec.references)
    ]
    if not pods:
        return ""
    more = f" and {len(pods) - 1} more pods wait" if len(pods) > 1 else " waits"
    return f"; pod {pods[0]}{more} for it"


def _listed(words: str, names: Sequence[str]) -> str:
    return f"{words} {', '.join(sorted(names)[:_FEW])}" if names else "there is no class at all"
