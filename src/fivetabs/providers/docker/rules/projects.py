"""What is wrong between the containers of a Compose project, and with those that only wait."""

from collections.abc import Iterator
from datetime import timedelta

from fivetabs.core import Evidence, Found, Severity, rule
from fivetabs.providers.docker.rules.containers import Case
from fivetabs.providers.docker.rules.saying import told
from fivetabs.providers.docker.shapes.containers import Summary

_DONE = frozenset({"exited", "created", "dead"})
_KEEPS_RUNNING = frozenset({"always", "unless-stopped"})
_STARTING = timedelta(minutes=10)
_MOST = 5


@rule("DKR118", Severity.CRITICAL)
def needed_and_stopped(case: Case) -> Iterator[Found]:
    """A container is stopped while others of its Compose project need it and run on.

    Start it again with restart_container, or stop those that need it.
    """
    c, around = case.container, case.around
    if c.state != "exited" or c.error or not around.needed_by or not _service_like(case):
        return
    who = _names(around.needed_by)
    how = "was stopped through Docker" if around.asked else "ended"
    cause = f"{c.name} {how} with exit code {c.exit_code} at {case.since(c.finished)}, while {who} "
    cause += f"of the Compose project {c.project} depend on it"
    yield told(
        case, cause, f"Status {c.state}, ExitCode {c.exit_code}", when=c.finished, look=False
    )


@rule("DKR119", Severity.WARNING)
def dependency_absent(case: Case) -> Iterator[Found]:
    """A container fails, and a service that it depends on has no container at all.

    Bring the service up with docker compose up -d, or point the container elsewhere.
    """
    if case.container.name not in case.around.sick:
        return
    for peer in case.around.peers:
        if not peer.rows:
            c = case.container
            cause = f"{c.name} needs the service {peer.need.service} of the Compose project "
            cause += f"{c.project}, which has no container on {case.target}"
            yield told(case, cause, f"depends_on {peer.need.service}: {peer.need.condition}")


@rule("DKR120", Severity.WARNING)
def waits_for_dependency(case: Case) -> Iterator[Found]:
    """A container was made and not started, because what it depends on is not well.

    Mend the dependency, then docker compose up -d starts the rest.
    """
    c = case.container
    unmet = [(p.need, p.unmet) for p in case.around.peers if p.unmet]
    if c.state == "created" and not c.error and unmet:
        need, why = unmet[0]
        cause = f"{c.name} was created and never started: its dependency {need.service} {why}"
        yield told(case, cause, f"depends_on {need.service}: {need.condition}", look=False)


@rule("DKR121", Severity.INFO)
def created_and_left(case: Case) -> Iterator[Found]:
    """A container was created and never started.

    Start it with restart_container if it should run; docker rm it if it should not be there.
    """
    c, wiring = case.container, case.around.wiring
    made = wiring.created if wiring else None
    unmet = any(p.unmet for p in case.around.peers)
    if c.state == "created" and not c.error and not unmet and made and case.now - made > _STARTING:
        cause = f"{c.name} was created at {case.since(made)} and never started"
        yield told(case, cause, "Status created, StartedAt never", when=made, look=False)


@rule("DKR122", Severity.WARNING)
def paused_in_use(case: Case) -> Iterator[Found]:
    """A container that others use is paused: whoever asks it waits without an answer.

    docker unpause it, or stop it so that callers get an error at once.
    """
    c = case.container
    if c.state == "paused" and (uses := _uses(case)):
        cause = f"{c.name} is paused (docker pause) while {uses}"
        yield told(case, cause, "Status paused", look=False)


@rule("DKR123", Severity.INFO)
def paused(case: Case) -> Iterator[Found]:
    """A container is paused.

    docker unpause it when it should go on.
    """
    c = case.container
    if c.state == "paused" and not _uses(case):
        yield told(case, f"{c.name} is paused (docker pause)", "Status paused", look=False)


@rule("DKR124", Severity.WARNING)
def image_gone(case: Case) -> Iterator[Found]:
    """The image of a container is no longer on the host.

    Pull or build the image again before the container has to be made anew.
    """
    c, images, wiring = case.container, case.around.images, case.around.wiring
    if images is None or wiring is None or not wiring.image_id:
        return
    if wiring.image_id not in images and c.image not in images:
        cause = f"the image {c.image} of {c.name} was removed from {case.target}: the container "
        cause += "can be neither made anew nor scaled until it is pulled or built again"
        fold = f"{case.target} {wiring.image_id}"
        yield told(case, cause, f"Image {wiring.image_id}", look=False, fold=fold)


@rule("DKR125", Severity.WARNING)
def volume_gone(case: Case) -> Iterator[Found]:
    """A volume that a container mounts is no longer known to the engine.

    Find out who removed it; bring back its data before the container is started or made anew.
    """
    volumes, wiring = case.around.volumes, case.around.wiring
    if volumes is None or wiring is None:
        return
    for mount in wiring.mounts:
        if mount.kind == "volume" and mount.source and mount.source not in volumes:
            cause = f"{case.container.name} mounts the volume {mount.source}, which is gone"
            evidence = Evidence(quote=f"volume {mount.source}", source="docker volume ls")
            found = told(case, cause, f"Mount {mount.source}", look=False)
            yield Found(found.subject, cause, (*found.evidence, evidence), since=found.since)


def _service_like(case: Case) -> bool:
    """It was meant to run on: what ends well by itself is a job that is done."""
    c, around = case.container, case.around
    if c.exit_code and not around.asked and c.exit_code not in (143, 130, 137):
        return False  # Its own failure is told by another rule.
    if c.policy in _KEEPS_RUNNING or around.asked:
        return True
    wiring = around.wiring
    serves = wiring is not None and (wiring.checked or bool(wiring.published))
    return serves and any(r.name in around.sick for r in around.needed_by)


def _uses(case: Case) -> str:
    wiring = case.around.wiring
    users = [r for r in case.around.needed_by if r.state not in _DONE]
    if users:
        return f"{_names(users)} depend on it"
    if wiring and wiring.published:
        return f"it publishes {', '.join(map(str, wiring.published[:_MOST]))}"
    return ""


def _names(rows: list[Summary] | tuple[Summary, ...]) -> str:
    names = sorted(r.name for r in rows)
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return ", ".join(names[:_MOST]) + more
